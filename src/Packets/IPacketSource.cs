using KismetOrleans.Wire;

namespace KismetOrleans.Packets;

/// <summary>Where packets come from: a capture file or a live interface. Read by one thread at a time.</summary>
public interface IPacketSource : IDisposable
{
    /// <summary>Link type of the (first) interface; single packets may differ in files with several interfaces.</summary>
    LinkType LinkType { get; }

    /// <summary>Path of the file or name of the network interface.</summary>
    string Interface { get; }

    /// <summary>
    /// Fills <paramref name="batch"/>. Where packets come in their own time, it is empty after <see cref="Sources.PacketSources.LongestSilence"/>
    /// without one, so that the caller can look after things on a silent radio; a file at full speed always has some.
    /// </summary>
    /// <returns>False at the end, after which <see cref="Error"/> says whether it was a clean one.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired while waiting.</exception>
    bool TryRead(PacketBatch batch, CancellationToken cancellation);

    /// <summary>Why the source ended early; null while it runs and after a clean end.</summary>
    string? Error { get; }

    /// <summary>Share of the file that was read, 0 to 1; null for live sources.</summary>
    double? Progress { get; }

    /// <summary>Packets that the operating system dropped because they were not read in time.</summary>
    long Dropped { get; }
}
