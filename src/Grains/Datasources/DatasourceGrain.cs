using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Locating;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Datasources;

/// <summary>
/// A source that a sensor feeds, in the cluster. Reentrant, since an order waits for a later call of the sensor; what the source itself does
/// runs one call at a time (<see cref="SensorDatasource"/>).
/// </summary>
[Reentrant]
// Who is connected calls four times a second; what a sensor left behind that is gone is of no use.
[CollectionAgeLimit(Minutes = 2)]
public sealed class DatasourceGrain(PartitionHost partitions, TotalsReporter totals, AlertsReporter alerts, StreamHost streams, PositionCache here,
    SourceCache sources, Buildings buildings, SourceFaults faults, TimeProvider clock)
    : Grain, IDatasourceGrain
{
    // As old as the directory is in other processes anyway.
    private static readonly TimeSpan s_publishEvery = TimeSpan.FromSeconds(1);

    // Null where the directory had no number for it, and when it goes.
    private SensorDatasource? _source;
    private DatasourceRecord? _published;

    private ISourceDirectoryGrain Directory => GrainFactory.GetGrain<ISourceDirectoryGrain>(0);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await here.AskedAsync();
        Guid uuid = this.GetPrimaryKey();
        SourceRow row = await Directory.AddAsync(SourceRows.OfRemote(uuid), cancellationToken);
        if (row.Number == 0)
        {
            return;
        }
        Datasource way = new(
            SourceRows.ToRecord(row) with { Remote = true }, row.Saved, partitions.PartitionsOf(GrainFactory), totals,
            clock)
        {
            Taps = streams.Taps,
            Here = here,
            Buildings = buildings,
        };
        _source = new(new(way, KeepAsync, PublishAsync, clock, faults.Report));
        _ = this.RegisterGrainTimer(static (grain, _) => grain.PublishAsync(), this, new() { DueTime = s_publishEvery, Period = s_publishEvery, Interleave = true });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_source is { } source)
        {
            sources.Release(source.Source.Record.Number);
            source.Dispose();
            partitions.LetGo();
        }
        return Task.CompletedTask;
    }

    public ValueTask<SensorWelcome> OpenAsync(SensorHello hello)
    {
        if (_source is { } source)
        {
            return source.OpenAsync(hello);
        }
        DeactivateOnIdle();
        return new(new SensorWelcome(0, 0, default));
    }

    public ValueTask<AcceptOutcome> AcceptAsync(long connection, ReadOnlyMemory<byte> batch) => SourceOf(connection).AcceptAsync(connection, batch);

    public ValueTask<SensorOrders> TendAsync(long connection, SensorHealth health) => SourceOf(connection).TendAsync(connection, health);

    public ValueTask OrderDoneAsync(long connection, long order, string? error) => _source?.OrderDoneAsync(connection, order, error) ?? default;

    public ValueTask CloseAsync(long connection, string? error) => _source?.CloseAsync(connection, error) ?? default;

    public ValueTask<string?> OrderAsync(SensorOrder order, CancellationToken cancellation) => SourceOf().OrderAsync(order, cancellation);

    public ValueTask<bool> IsConnectedAsync() => new(_source is { IsConnected: true });

    public ValueTask<bool> RetireAsync()
    {
        if (_source is { IsConnected: true })
        {
            return new(false);
        }
        DeactivateOnIdle();
        return new(true);
    }

    // No other sensor has taken this one's place: who is connected opens the source again.
    private SensorDatasource SourceOf(long connection) => SourceOf() is { } source && source.HasGivenOut(connection) ? source : throw Moved();

    private SensorDatasource SourceOf() => _source ?? throw Moved();

    private static SiloUnavailableException Moved() => new("The source has moved to another silo.");

    private async Task KeepAsync(DatasourceRecord record, Checkpoint? checkpoint)
    {
        if (checkpoint is not null)
        {
            await Directory.SaveAsync(SourceRows.Of(record, checkpoint));
        }
        // Counters wait for the timer.
        if (_published?.Running != record.Running || _published.Error != record.Error || _published.Name != record.Name)
        {
            await PublishAsync();
        }
    }

    private async Task PublishAsync()
    {
        DatasourceRecord record = SourceOf().Source.Record;
        if (!ReferenceEquals(record, _published))
        {
            _published = record;
            await Directory.PublishAsync(record);
        }
    }

    private Task PublishAsync(string text, bool error)
    {
        totals.Publish([new(text, error ? MessageFlags.Error : MessageFlags.Info, (uint)clock.GetUtcNow().ToUnixTimeSeconds())]);
        if (error)
        {
            alerts.Report([SystemAlerts.SourceError(text)]);
        }
        return Task.CompletedTask;
    }
}
