namespace KismetOrleans.Packets.Channels;

/// <summary>Tunes radios.</summary>
public interface IChannelTuner
{
    /// <summary>The channels of an interface.</summary>
    /// <returns>The channels, empty where it is no radio or cannot be tuned; then a reason where it would be worth knowing.</returns>
    Task<(IReadOnlyList<RadioChannel> Channels, string? Problem)> ListAsync(string interfaceName, CancellationToken cancellation);

    /// <summary>Tunes an interface.</summary>
    Task<TuneResult> SetAsync(string interfaceName, WifiChannel channel, CancellationToken cancellation);
}

/// <summary>What came of tuning.</summary>
/// <param name="Error">Why not, in words; null when it was done.</param>
/// <param name="IsChannel">It is this channel that the radio does not have: others may do.</param>
public readonly record struct TuneResult(string? Error, bool IsChannel = false);
