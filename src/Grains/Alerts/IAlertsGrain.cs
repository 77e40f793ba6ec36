using KismetOrleans.Engine.Alerts;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Alerts;

/// <summary>The cluster's alerts: one grain, key 0. What is carried is what AlertCodec writes.</summary>
[Alias("KismetOrleans.IAlertsGrain")]
public interface IAlertsGrain : IGrainWithIntegerKey
{
    /// <summary>Takes what a process noticed; a repetition is told by its number.</summary>
    /// <param name="sequence">Number of this report of it, from 1.</param>
    [Alias("Report")]
    ValueTask ReportAsync(Guid reporter, long sequence, [Immutable] byte[] alerts);

    /// <summary>Raises one alert; gives its fate (AlertFate).</summary>
    [Alias("Raise")]
    ValueTask<byte> RaiseAsync([Immutable] byte[] alert);

    /// <summary>Defines a kind; false where there is one of its name, or no room for more.</summary>
    [Alias("Define")]
    ValueTask<bool> DefineAsync([Immutable] byte[] definition);

    [Alias("Definitions")]
    [Idempotent]
    ValueTask<byte[]> DefinitionsAsync(CancellationToken cancellation = default);

    /// <summary>Alerts newer than a time (microseconds since 1970), oldest first; negative for all.</summary>
    [Alias("Since")]
    [Idempotent]
    ValueTask<byte[]> SinceAsync(long microseconds, CancellationToken cancellation = default);

    /// <summary>Alerts that are kept, newest first.</summary>
    [Alias("Kept")]
    [Idempotent, AlwaysInterleave]
    ValueTask<byte[]> KeptAsync(AlertQuery query, CancellationToken cancellation = default);

    /// <summary>Incidents, those with the newest alerts first.</summary>
    [Alias("Incidents")]
    [Idempotent, AlwaysInterleave]
    ValueTask<byte[]> IncidentsAsync(IncidentQuery query, CancellationToken cancellation = default);

    /// <summary>The incident of a number, in a list that is empty where there is none.</summary>
    [Alias("Incident")]
    [Idempotent, AlwaysInterleave]
    ValueTask<byte[]> IncidentAsync(long id, CancellationToken cancellation = default);

    /// <summary>Changes incidents; gives those that were changed.</summary>
    [Alias("ChangeIncidents")]
    [AlwaysInterleave]
    ValueTask<byte[]> ChangeIncidentsAsync([Immutable] long[] ids, IncidentOrder order);
}
