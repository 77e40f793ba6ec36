using System.Diagnostics;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Sources;

/// <summary>Feeds one datasource from its file or interface, and tells how it goes.</summary>
internal sealed partial class SourceRunner : ICaptureConsumer, IDisposable
{
    private static readonly TimeSpan s_publishEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromSeconds(1);

    // Stands for the capture side in UUIDs, as the name of its tool does in Kismet's.
    private const string FileBinary = "kismet_cap_pcapfile";
    private readonly Stopwatch _elapsed = new();
    private readonly TotalsReporter _totals;
    private readonly AlertsReporter _alerts;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string? _wrong;
    private readonly Datasource _source;
    private readonly CaptureLoop? _loop;

    // Of the session that began when the source was opened last.
    private DropReport _drops = new(DropReason.Os, reported: 0);
    private SensorTimes _times = new();
    private ulong _bootId;
    private ulong _sequence;
    private TimeSpan _published;
    private TimeSpan _reported;
    private bool _unpublished;
    private long _dropped;
    private bool _retrying;

    private SourceRunner(
        SourceDefinition? definition, string? wrong, Datasource source, TotalsReporter totals, AlertsReporter alerts, CaptureMeans means,
        IPacketSource? opened, TimeProvider clock, ILogger logger)
    {
        (_source, _totals, _alerts, _clock, _logger) = (source, totals, alerts, clock, logger);
        wrong ??= Misplaced(definition!);
        try
        {
            _loop = wrong is not null ? null : new(definition!, this, () => Interlocked.Exchange(ref opened, null) ?? means.Open(definition!, clock), means.Tuner, clock, Random.Shared);
        }
        catch (PacketSourceException e)
        {
            wrong = e.Message;
        }
        _wrong = wrong;
        if (definition is not null && PcapOverIp.IsExposed(definition))
        {
            Exposed(logger, definition.Name);
        }
    }

    /// <summary>What is wrong with a definition that only agents can take; null when nothing is.</summary>
    public static string? Misplaced(SourceDefinition definition) => definition.Gps is null ? null
        : $"source '{definition}': option gps: it is of agents; a server's GPS is a setting (Gps:0) or added, and a source names it with metagps";

    /// <summary>Adds the datasource, so that sources are numbered in the order in which their runners are made.</summary>
    /// <param name="opened">The source, where it was opened already.</param>
    public static async Task<SourceRunner> CreateAsync(
        string definition, LocalSources sources, TotalsReporter totals, AlertsReporter alerts, CaptureMeans means, IPacketSource? opened, TimeProvider clock, ILogger logger)
    {
        _ = SourceDefinition.TryParse(definition, out SourceDefinition? parsed, out string? wrong);
        return new(parsed, wrong, await sources.AddSourceAsync(NewRecord(definition, parsed)), totals, alerts, means, opened, clock, logger);
    }

    /// <summary>The newest snapshot for the outside.</summary>
    public DatasourceRecord Record => _source.Record;

    /// <summary>Opens the source; completes when it is open or has failed.</summary>
    /// <returns>Null, or why it is not open.</returns>
    public async Task<string?> OpenAsync()
    {
        if (_loop is null)
        {
            Fail(_wrong!);
            return _wrong;
        }
        return await _loop.OpenAsync();
    }

    /// <summary>Whether there is, or will be, something to be had of it.</summary>
    public bool IsReading => Record is { Running: true, Replay: null or { Ended: false } };

    /// <summary>Opens it from the start; completes when it is open or has failed, which its record says.</summary>
    public async Task<DatasourceRecord> ReopenAsync()
    {
        await StopAsync();
        _ = await OpenAsync();
        return Record;
    }

    /// <summary>Carries an order out.</summary>
    /// <returns>Null when it is done, or why not.</returns>
    public async Task<string?> OrderAsync(SensorOrder order)
    {
        switch (order.Command)
        {
            case SensorCommand.Open:
                // A file that was read to its end runs on, as clients expect, and is read again after it was closed.
                return _source.Record.Running ? "source already running" : await OpenAsync();
            case SensorCommand.Close:
                await StopAsync();
                _source.Note(static record => record with { Running = false, Error = true, ErrorReason = Health.Disabled, RetryAttempts = 0 });
                return null;
            case SensorCommand.Pause or SensorCommand.Resume:
                bool paused = order.Command == SensorCommand.Pause;
                if (_loop is not null)
                {
                    _loop.Paused = paused;
                }
                _source.Note(record => record with { Paused = paused });
                return null;
            default:
                return await TuneAsync(order);
        }
    }

    /// <summary>Stops reading; completes when the file or interface is let go.</summary>
    public async Task StopAsync()
    {
        await (_loop?.CloseAsync() ?? Task.CompletedTask);
        _retrying = false;
    }

    public void Dispose() => _loop?.Dispose();

    void ICaptureConsumer.Opened(IPacketSource packets)
    {
        if (_source.Record is { Error: true, ErrorReason: not Health.Disabled })
        {
            _alerts.Report([SystemAlerts.SourceOpen(_source.Record.Name)]);
        }
        (_drops, _times) = (new(DropReason.Os, reported: 0), new());
        (_bootId, _sequence) = ((ulong)(_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks, 0);
        (_published, _reported, _dropped) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        uint retries = _retrying ? 1u : 0;
        _retrying = false;
        _source.Publish(record => record with
        {
            Running = true,
            Error = false,
            ErrorReason = "",
            Paused = _loop!.Paused,
            LinkType = (uint)packets.LinkType,
            Replay = _loop.IsFile ? new(0, 0, false) : null,
            RetryAttempts = 0,
            TotalRetryAttempts = record.TotalRetryAttempts + retries,
        });
        Publish($"Data source '{_source.Record.Name}' opened");
        Opened(_logger, _source.Record.Name);
        RefuseLinkType(packets.LinkType);
        _elapsed.Restart();
    }

    void ICaptureConsumer.Take(IPacketSource packets, PacketBatch batch)
    {
        // What comes over the network is no file, whose times are its own.
        if (!_loop!.IsFile && _times.Correct(batch, false, _clock.GetUtcNow()) is { } ahead)
        {
            _totals.Publish([new($"Data source '{_source.Record.Name}': {ahead}", MessageFlags.Error, Now())]);
        }
        (batch.Source, batch.BootId, batch.Sequence) = (_source.Record.Uuid, _bootId, ++_sequence);
        _unpublished = true;
        try
        {
            // Blocks while the partitions are behind, so the file is read only as fast as they apply it.
            _source.AcceptAsync(batch).AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            Recover();
        }
        if (_elapsed.Elapsed - _published > s_publishEvery)
        {
            PublishProgress(packets);
        }
        if (_loop!.IsFile && _elapsed.Elapsed - _reported > s_reportEvery)
        {
            _reported = _elapsed.Elapsed;
            Progress(_logger, _source.Record.Name, _source.Packets, Rate(), packets.Progress ?? 0);
        }
    }

    // What the last packets brought, alerts among it, is not to wait for the next ones.
    void ICaptureConsumer.Idle(IPacketSource packets)
    {
        try
        {
            _source.DrainAsync().AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            Recover();
        }
        if (_unpublished || packets.Dropped != _dropped || (_loop!.Channels?.Channel ?? _source.Record.Channel) != _source.Record.Channel)
        {
            PublishProgress(packets);
        }
    }

    void ICaptureConsumer.Tuned(ChannelState state) =>
        _source.Note(record => Tuned(record, state) with { Hardware = HostInterfaces.HardwareOf(record.Interface) });

    void ICaptureConsumer.Ended(IPacketSource packets)
    {
        Drain();
        // Kismet leaves a file that has ended running, and clients take anything else for a fault.
        _source.Publish(record => record with { LinkType = (uint)packets.LinkType, Replay = _loop!.IsFile ? State(packets, true) : null });
        ReportEnd();
    }

    void ICaptureConsumer.Failed(IPacketSource? packets, string error, bool again)
    {
        Drain();
        bool known = _retrying && packets is null;
        uint retries = known ? 1u : 0;
        // A file of which something could be read has ended; as above.
        bool ended = _loop!.IsFile && packets is not null;
        bool reported = known && _source.Record.ErrorReason == error;
        _retrying = again;
        _source.Publish(record => record with
        {
            Running = ended,
            Error = true,
            ErrorReason = error,
            Replay = ended ? State(packets!, true) : record.Replay,
            RetryAttempts = record.RetryAttempts + retries,
            TotalRetryAttempts = record.TotalRetryAttempts + retries,
        });
        // An interface that is gone for the night is news once.
        if (!reported)
        {
            Complain(error);
        }
        if (packets is not null)
        {
            ReportEnd();
        }
    }

    void ICaptureConsumer.Closed(IPacketSource packets)
    {
        Drain();
        _source.Publish(record => record with { Running = false });
        Publish($"Data source '{_source.Record.Name}' closed");
    }

    void ICaptureConsumer.Faulted(Exception fault, long faults)
    {
        string reason = $"packets or what they brought could not be taken, {faults} times so far: {fault.Message}";
        Faulted(_logger, _source.Record.Name, faults, fault);
        _totals.Publish([new($"Data source '{_source.Record.Name}': {reason}", MessageFlags.Error, Now())]);
        _source.Note(record => record with { Warning = reason });
    }

    // Nobody can send again what a partition lacks; but what comes next must not be dropped for it.
    private void Recover()
    {
        if (_source.MustRewind)
        {
            _source.RewindAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void Drain()
    {
        try
        {
            _source.DrainAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            ((ICaptureConsumer)this).Faulted(e, _loop!.Faults + 1);
        }
    }

    private void PublishProgress(IPacketSource packets)
    {
        _published = _elapsed.Elapsed;
        _unpublished = false;
        _dropped = packets.Dropped;
        _drops.Report((ulong)_dropped);
        _source.Publish(record => record with
        {
            LinkType = (uint)packets.LinkType,
            Warning = _dropped > 0 ? $"{_dropped} packets dropped before they could be read" : record.Warning,
            Replay = _loop!.IsFile ? State(packets, false) : null,
            Channel = _loop.Channels?.Channel ?? record.Channel,
        });
    }

    private async Task<string?> TuneAsync(SensorOrder order)
    {
        if (_loop is null)
        {
            return "the source is not open";
        }
        string? error = await _loop.TuneAsync(order.ToOrder(), CancellationToken.None);
        if (_loop.Channels is { } channels)
        {
            _source.Note(record => Tuned(record, channels));
        }
        return error;
    }

    private static DatasourceRecord Tuned(DatasourceRecord record, ChannelState state) => record with
    {
        Channels = state.Supported,
        Channel = state.Channel,
        Hopping = state.CanTune && state.Plan.Hopping,
        HopRate = state.CanTune ? state.Plan.Rate : 0,
        HopChannels = state.CanTune ? state.Plan.Channels : [],
        HopShuffle = state is { CanTune: true, Plan.Shuffle: true },
        Warning = state.Warning.Length > 0 ? state.Warning : record.Warning,
    };

    private void ReportEnd()
    {
        long undecoded = _source.Anomalies[Anomalies.LinkTypeUnsupported];
        if (undecoded > 0 && !_source.Record.Error)
        {
            _source.Publish(record => record with { Error = true, ErrorReason = $"{undecoded} packets have link types without a decoder here" });
        }
        string anomalies = string.Join(", ", _source.Anomalies.Seen().Select(static a => $"{a.Anomaly} {a.Count}"));
        Ended(_logger, _source.Record.Name, _source.Packets, _elapsed.Elapsed.TotalSeconds, Rate(), _source.Record.ErrorPackets, anomalies);
        Publish($"Data source '{_source.Record.Name}' closed at its end: {_source.Packets} packets, {_source.Record.ErrorPackets} with errors"
            + (anomalies.Length > 0 ? $" ({anomalies})" : ""));
    }

    private void Fail(string reason)
    {
        _source.Publish(record => record with { Running = false, Error = true, ErrorReason = reason });
        Complain(reason);
    }

    // Packets of a link type without a decoder are counted as errors; the user should not have to guess why.
    private void RefuseLinkType(LinkType type)
    {
        if (type == LinkType.None || Enum.IsDefined(type))
        {
            return;
        }
        string reason = $"link type {(ushort)type} has no decoder here; its packets are counted and not looked into";
        _source.Publish(record => record with { Error = true, ErrorReason = reason });
        Complain(reason);
    }

    private void Complain(string reason)
    {
        Failed(_logger, _source.Record.Name, reason);
        _totals.Publish([new($"Data source '{_source.Record.Name}': {reason}", MessageFlags.Error, Now())]);
        _alerts.Report([SystemAlerts.SourceError($"Data source '{_source.Record.Name}': {reason}")]);
    }

    private void Publish(string text) => _totals.Publish([new(text, MessageFlags.Info, Now())]);

    private ReplayState State(IPacketSource packets, bool ended) =>
        new(ended ? 1 : packets.Progress ?? 0, Rate(), ended);

    private double Rate() => _source.Packets / Math.Max(_elapsed.Elapsed.TotalSeconds, 1e-6);

    private uint Now() => (uint)_clock.GetUtcNow().ToUnixTimeSeconds();

    private static DatasourceRecord NewRecord(string definitionText, SourceDefinition? definition)
    {
        bool file = definition is null || PacketSources.IsFile(definition);
        string name = definition?.Interface ?? definitionText;
        return new()
        {
            Number = 0,
            Uuid = UuidOf(definitionText, definition),
            Name = definition?.Name ?? definitionText,
            Definition = definitionText,
            Interface = name,
            Driver = file ? SourceDrivers.OfFile(definition) : PcapOverIp.Is(definition!) ? SourceDrivers.PcapOverIp : PacketSources.IsBroker(definition!) ? SourceDrivers.Mqtt : SourceDrivers.Libpcap,
            Retry = !file,
            PacketsRrd = new(),
            DataRrd = new(),
        };
    }

    /// <summary>The UUID that a source has, or would have.</summary>
    public static Guid UuidOf(string text, SourceDefinition? definition) =>
        // What is no definition need not be a path either.
        definition?.Uuid ?? UuidOf(definition is null ? text : PacketSources.IdentityOf(definition));

    // The same for the same file or interface at every start, so that clients can remember it.
    private static Guid UuidOf(string name) =>
        new($"{DeviceKey.Adler32(FileBinary):X8}-0000-0000-0000-0000{DeviceKey.Adler32(name):X8}");

    [LoggerMessage(8, LogLevel.Warning, "{source}: captures are taken there without login and in the clear: whoever reaches that port may feed this server")]
    private static partial void Exposed(ILogger logger, string source);

    [LoggerMessage(2, LogLevel.Information, "{source}: opened")]
    private static partial void Opened(ILogger logger, string source);

    [LoggerMessage(3, LogLevel.Information, "{source}: {packets} packets, {rate:N0}/s, {share:P0}")]
    private static partial void Progress(ILogger logger, string source, ulong packets, double rate, double share);

    [LoggerMessage(4, LogLevel.Information, "{source}: end after {packets} packets in {seconds:N2} s ({rate:N0}/s), {errors} with errors. {anomalies}")]
    private static partial void Ended(ILogger logger, string source, ulong packets, double seconds, double rate, ulong errors, string anomalies);

    [LoggerMessage(9, LogLevel.Error, "{source}: packets or what they brought could not be taken, {faults} times so far")]
    private static partial void Faulted(ILogger logger, string source, long faults, Exception e);

    [LoggerMessage(5, LogLevel.Error, "{source}: {reason}")]
    private static partial void Failed(ILogger logger, string source, string reason);
}
