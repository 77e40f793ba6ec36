using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts;

/// <summary>The cluster's alerts as the API's endpoints see them.</summary>
public sealed class ClusterAlerts(IGrainFactory grains, AlertsReporter reporter) : IAlerts
{
    private IAlertsGrain Grain => grains.GetGrain<IAlertsGrain>(0);

    public async Task<IReadOnlyList<AlertDefinitionRecord>> DefinitionsAsync(CancellationToken cancellation = default) => AlertCodec.ReadKinds(await Grain.DefinitionsAsync(cancellation));

    public async Task<IReadOnlyList<AlertRecord>> SinceAsync(long microseconds, CancellationToken cancellation = default)
    {
        // Whoever asks this process finds what it noticed before.
        await reporter.DoNowAsync();
        return AlertCodec.ReadRecords(await Grain.SinceAsync(microseconds, cancellation));
    }

    public async Task<IReadOnlyList<AlertRecord>> KeptAsync(AlertQuery query, CancellationToken cancellation = default)
    {
        await reporter.DoNowAsync();
        return AlertCodec.ReadRecords(await Grain.KeptAsync(query, cancellation));
    }

    public async Task<IReadOnlyList<IncidentRecord>> IncidentsAsync(IncidentQuery query, CancellationToken cancellation = default)
    {
        await reporter.DoNowAsync();
        return AlertCodec.ReadIncidents(await Grain.IncidentsAsync(query, cancellation));
    }

    public async Task<IncidentRecord?> IncidentAsync(long id, CancellationToken cancellation = default) =>
        AlertCodec.ReadIncidents(await Grain.IncidentAsync(id, cancellation)) is [var incident] ? incident : null;

    public async Task<IReadOnlyList<IncidentRecord>> ChangeIncidentsAsync(IReadOnlyList<long> ids, IncidentOrder order) =>
        AlertCodec.ReadIncidents(await Grain.ChangeIncidentsAsync([.. ids], order));

    public Task<bool> DefineAsync(AlertDefinition definition) => Grain.DefineAsync(AlertCodec.Write(definition)).AsTask();

    public async Task<AlertFate> RaiseAsync(RaisedAlert alert) => (AlertFate)await Grain.RaiseAsync(AlertCodec.Write([alert]));

    public void Report(RaisedAlert alert) => reporter.Report([alert]);
}
