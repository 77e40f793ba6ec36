using System.Collections.Concurrent;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Locating;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Storage.Sources;

namespace KismetOrleans.Grains.Sources;

/// <summary>
/// The sources that this server opens itself, and what they and those of agents can be told. The directory hears of them once a second; this process knows them as they are.
/// </summary>
public sealed partial class LocalSources(
    IGrainFactory grains, PartitionHost partitions, TotalsReporter totals, AlertsReporter alerts, StreamHost streams, PositionCache here, Buildings buildings, SourceCache cache,
    ISourceRegistry registry, TimeProvider clock, ILoggerFactory loggers)
    : PeriodicService(TimeSpan.FromSeconds(1), clock), ISourceControl
{
    private readonly ILogger _logger = loggers.CreateLogger("Sources");
    private readonly ConcurrentDictionary<Guid, SourceRunner> _runners = new();
    private readonly ConcurrentDictionary<ushort, Published> _sources = new();
    private readonly SemaphoreSlim _adding = new(1);

    /// <summary>How sources are opened and tuned from now on.</summary>
    public CaptureMeans Means { get; set; } = CaptureMeans.OfThisHost with { Open = FileSources.Open };

    /// <summary>Gives a source of this server its number, and its packets their way.</summary>
    /// <param name="first">Its first record; the number does not count.</param>
    internal async Task<Datasource> AddSourceAsync(DatasourceRecord first)
    {
        SourceRow row = await grains.GetGrain<ISourceDirectoryGrain>(0).AddAsync(SourceRows.Of(first));
        if (row.Number == 0)
        {
            throw new SourceException($"source '{first.Definition}': {new NoSourceNumberException().Message}");
        }
        Datasource source = new(SourceRows.Merge(first, SourceRows.ToRecord(row)), partitions.PartitionsOf(grains), totals, Clock) { Taps = streams.Taps, Here = here, Buildings = buildings };
        cache.Put(source.Record);
        _sources[row.Number] = new(source);
        return source;
    }

    /// <summary>Adds a source of the command line or the settings, and opens it; returns when it has its number, before it is open.</summary>
    public async Task StartAsync(string definition)
    {
        try
        {
            SourceRunner runner = await SourceRunner.CreateAsync(definition, this, totals, alerts, Means, null, Clock, _logger);
            _runners[runner.Record.Uuid] = runner;
            _ = runner.OpenAsync();
        }
        catch (SourceException e)
        {
            // The others, and what is known already, are worth a server.
            NotAdded(_logger, e.Message);
        }
    }

    public async ValueTask<DatasourceRecord> AddAsync(string definition)
    {
        if (!SourceDefinition.TryParse(definition, out SourceDefinition? parsed, out string? wrong))
        {
            throw new SourceException(wrong);
        }
        if (SourceRunner.Misplaced(parsed) is { } misplaced)
        {
            throw new SourceException(misplaced);
        }
        if (parsed.Type is { } type && SourceDrivers.All.All(driver => !driver.Type.Equals(type, StringComparison.OrdinalIgnoreCase)))
        {
            throw new SourceException($"source '{definition}': there is no driver '{type}'; {string.Join(", ", SourceDrivers.All.Select(static d => d.Type))} are");
        }
        if (PacketSources.IsFile(parsed) && PacketSources.IsStandardInput(parsed))
        {
            throw new SourceException($"source '{definition}': standard input is a source of the command line alone (-c -)");
        }
        if (PacketSources.IsBroker(parsed) && parsed.Options.ContainsKey("passwordfile"))
        {
            // Its first line would go to whichever broker the command names.
            throw new SourceException($"source '{definition}': option passwordfile: of the command line and the settings alone");
        }
        if (parsed.Type is null && PacketSources.IsRadio(parsed) && HostInterfaces.List() is { Count: > 0 } interfaces
            && interfaces.All(one => one.Name != parsed.Interface))
        {
            throw new SourceException($"source '{definition}': there is neither an interface nor a file of this name; type=linuxwifi tries it all the same");
        }
        Guid uuid = SourceRunner.UuidOf(definition, parsed);
        _ = Known(uuid, definition);
        // Opened before it is added, so that one that cannot be opened leaves nothing behind.
        IPacketSource opened = await FirstAsync(parsed);
        (SourceRunner runner, bool isNew) = await PutAsync(definition, uuid, opened);
        // Others are not kept by a file that does not answer.
        _ = isNew ? await runner.OpenAsync() : null;
        return isNew ? runner.Record : await runner.ReopenAsync();
    }

    // A script that adds its source again, after it failed or was read to its end, wants it read.
    private SourceRunner? Known(Guid uuid, string definition) =>
        _runners.TryGetValue(uuid, out SourceRunner? known) && known.IsReading
            ? throw new SourceException($"source '{definition}': there is one of this interface, file or UUID already ({uuid})")
            : known;

    private async Task<IPacketSource> FirstAsync(SourceDefinition definition)
    {
        if (SourceDrivers.Libpcap.Type.Equals(definition.Type, StringComparison.OrdinalIgnoreCase) && HostInterfaces.List().Any(one => one.Name == definition.Interface && !one.IsWireless))
        {
            throw new SourceException($"source '{definition}': this interface is no Wi-Fi radio; without the type it is captured from all the same");
        }
        try
        {
            _ = ChannelPlan.From(definition);
            return await Task.Run(() => Means.Open(definition, Clock));
        }
        catch (Exception e)
        {
            // Whatever a driver or a file does: the message says it.
            throw new SourceException(e.Message, e);
        }
    }

    private async Task<(SourceRunner Runner, bool IsNew)> PutAsync(string definition, Guid uuid, IPacketSource opened)
    {
        await _adding.WaitAsync();
        try
        {
            if (Known(uuid, definition) is { } known)
            {
                opened.Dispose();
                return (known, false);
            }
            SourceRunner runner = await SourceRunner.CreateAsync(definition, this, totals, alerts, Means, opened, Clock, _logger);
            _runners[uuid] = runner;
            return (runner, true);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
        finally
        {
            _ = _adding.Release();
        }
    }

    public async ValueTask<string?> OrderAsync(DatasourceRecord source, SensorOrder order, CancellationToken cancellation) =>
        _runners.TryGetValue(source.Uuid, out SourceRunner? runner)
            ? await runner.OrderAsync(order).WaitAsync(cancellation)
            : await SensorControl.OrderAsync(registry, source, order, cancellation);

    public async ValueTask<string?> RemoveAsync(DatasourceRecord source) => _runners.ContainsKey(source.Uuid)
        ? "this source is one of this server's own, which has it again at its next start: close_source closes it" : await registry.RemoveAsync(source);

    public ValueTask<IReadOnlyList<CaptureInterface>> InterfacesAsync(bool all)
    {
        IReadOnlyList<DatasourceRecord> sources = cache.All;
        IEnumerable<CaptureInterface> here = HostInterfaces.List().Where(found => all || found.IsWireless).Select(found => new CaptureInterface
        {
            Interface = found.Name,
            Hardware = found.Hardware,
            IsWireless = found.IsWireless,
            Driver = SourceDrivers.Libpcap,
            InUse = sources.FirstOrDefault(source => source is { Remote: false, Running: true } && source.Interface == found.Name)?.Uuid ?? Guid.Empty,
        });
        return new([.. here, .. SensorControl.Interfaces(sources, all)]);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_runners.Values.Select(static runner => runner.StopAsync())).WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
        await DoAsync();
    }

    public override void Dispose()
    {
        foreach (SourceRunner runner in _runners.Values)
        {
            runner.Dispose();
        }
        _adding.Dispose();
        base.Dispose();
    }

    protected override async Task DoAsync()
    {
        foreach (Published source in _sources.Values)
        {
            DatasourceRecord record = source.Source.Record;
            if (!ReferenceEquals(record, source.Record))
            {
                await grains.GetGrain<ISourceDirectoryGrain>(0).PublishAsync(record);
                source.Record = record;
            }
        }
    }

    protected override void LogFault(Exception e) => NotPublished(_logger, e);

    [LoggerMessage(7, LogLevel.Error, "{reason}")]
    private static partial void NotAdded(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Warning, "The directory of sources was not told of this server's sources, and is told again")]
    private static partial void NotPublished(ILogger logger, Exception e);

    private sealed class Published(Datasource source)
    {
        public readonly Datasource Source = source;

        // What the directory has.
        public DatasourceRecord? Record;
    }
}
