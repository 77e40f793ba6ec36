namespace KismetOrleans.Grains.Alerts;

/// <summary>The cluster's alerts: one grain, key 0. What is carried is what AlertCodec writes.</summary>
[Alias("KismetOrleans.IAlertsGrain")]
public interface IAlertsGrain : IGrainWithIntegerKey
{
    /// <summary>Takes what a process noticed; a repetition is told by its number.</summary>
    /// <param name="reporter">The process.</param>
    /// <param name="sequence">Number of this report of it, from 1.</param>
    /// <param name="alerts">What was noticed.</param>
    [Alias("Report")]
    ValueTask ReportAsync(Guid reporter, long sequence, [Immutable] byte[] alerts);

    /// <summary>Raises one alert; gives its fate (AlertFate).</summary>
    [Alias("Raise")]
    ValueTask<byte> RaiseAsync([Immutable] byte[] alert);

    /// <summary>Defines a kind; false where there is one of its name, or no room for more.</summary>
    [Alias("Define")]
    ValueTask<bool> DefineAsync([Immutable] byte[] definition);

    /// <summary>All kinds.</summary>
    [Alias("Definitions")]
    [Idempotent]
    ValueTask<byte[]> DefinitionsAsync(CancellationToken cancellation = default);

    /// <summary>Alerts newer than a time (microseconds since 1970), oldest first; negative for all.</summary>
    [Alias("Since")]
    [Idempotent]
    ValueTask<byte[]> SinceAsync(long microseconds, CancellationToken cancellation = default);
}
