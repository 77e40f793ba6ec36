using System.Diagnostics;
using KismetOrleans.Capture.Sources;
using KismetOrleans.Grains;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Operations;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Hosting;

/// <summary>Feeds one datasource from its file or interface on a thread of its own, and tells how it goes.</summary>
public sealed partial class SourceRunner
{
    private static readonly TimeSpan s_publishEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_tellEvery = TimeSpan.FromSeconds(1);

    // Stands for the capture side in UUIDs, as the name of its tool does in Kismet's.
    private const string FileBinary = "kismet_cap_pcapfile";
    private readonly Stopwatch _elapsed = new();
    private readonly EmbeddedBackend _backend;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SourceDefinition? _definition;
    private readonly string? _wrong;
    private readonly Datasource _source;

    /// <summary>Adds the datasource, so that sources are numbered in the order in which their runners are made.</summary>
    public SourceRunner(string definition, EmbeddedBackend backend, TimeProvider clock, ILogger logger)
    {
        _backend = backend;
        _clock = clock;
        _logger = logger;
        _ = SourceDefinition.TryParse(definition, out _definition, out _wrong);
        _source = backend.AddSource(NewRecord(definition, _definition));
    }

    /// <summary>Runs until the source ends, fails or is told to stop.</summary>
    public void Run(CancellationToken stopping)
    {
        if (_definition is null)
        {
            Fail(_wrong!);
            return;
        }
        IPacketSource packets;
        try
        {
            packets = PacketSources.Open(_definition, _clock);
        }
        catch (PacketSourceException e)
        {
            Fail(e.Message);
            return;
        }
        if (_source.Record.Driver == SourceDrivers.Libpcap && (_definition.Channel is not null || _definition.Channels.Count > 0))
        {
            const string untuned = "channels are not set yet: tune the interface beforehand, as with iw dev <interface> set channel <n>";
            _source.Publish(static record => record with { Warning = untuned });
            Failed(_logger, _source.Record.Name, untuned);
        }
        using (packets)
        {
            Feed(packets, stopping);
        }
    }

    private void Feed(IPacketSource packets, CancellationToken stopping)
    {
        bool file = _source.Record.Driver == SourceDrivers.File;
        _source.Publish(record => record with
        {
            Running = true,
            LinkType = (uint)packets.LinkType,
            Replay = file ? new(0, 0, false) : null,
        });
        Say($"Data source '{_source.Record.Name}' opened");
        Opened(_logger, _source.Record.Name);
        RefuseLinkType(packets.LinkType);
        _elapsed.Restart();
        PacketBatch batch = new() { Source = _source.Record.Uuid, BootId = (ulong)(_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks };
        DropReport drops = new(DropReason.Os, told: 0);
        TimeSpan published = TimeSpan.Zero;
        TimeSpan told = TimeSpan.Zero;
        try
        {
            while (packets.TryRead(batch, stopping))
            {
                batch.Sequence++;
                // Blocks while the partitions are behind, so the file is read only as fast as they apply it.
                _source.AcceptAsync(batch).AsTask().GetAwaiter().GetResult();
                if (_elapsed.Elapsed - published > s_publishEvery)
                {
                    published = _elapsed.Elapsed;
                    drops.Tell((ulong)packets.Dropped);
                    _source.Publish(record => record with
                    {
                        LinkType = (uint)packets.LinkType,
                        Warning = packets.Dropped > 0 ? $"{packets.Dropped} packets dropped before they could be read" : record.Warning,
                        Replay = file ? State(packets, false) : null,
                    });
                }
                if (file && _elapsed.Elapsed - told > s_tellEvery)
                {
                    told = _elapsed.Elapsed;
                    Progress(_logger, _source.Record.Name, _source.Packets, Rate(), packets.Progress ?? 0);
                }
            }
            _source.DrainAsync().AsTask().GetAwaiter().GetResult();
            End(packets, file);
        }
        catch (OperationCanceledException)
        {
            _source.DrainAsync().AsTask().GetAwaiter().GetResult();
            _source.Publish(record => record with { Running = false });
        }
        catch (Exception e)
        {
            // Whatever a driver or a capture does, the server and its other sources go on.
            Fail(e.Message);
        }
    }

    private void End(IPacketSource packets, bool file)
    {
        ReplayState? replay = file ? State(packets, true) : null;
        if (packets.Error is { } error)
        {
            _source.Publish(record => record with { Running = file, Error = true, ErrorReason = error, Replay = replay });
            Complain(error);
        }
        else
        {
            // Kismet leaves a file that has ended running, and clients take anything else for a fault.
            _source.Publish(record => record with { LinkType = (uint)packets.LinkType, Replay = replay });
        }
        long undecoded = _source.Anomalies[Anomalies.LinkTypeUnsupported];
        if (undecoded > 0 && !_source.Record.Error)
        {
            _source.Publish(record => record with { Error = true, ErrorReason = $"{undecoded} packets have link types without a decoder here" });
        }
        string anomalies = string.Join(", ", _source.Anomalies.Seen().Select(static a => $"{a.Anomaly} {a.Count}"));
        Ended(_logger, _source.Record.Name, _source.Packets, _elapsed.Elapsed.TotalSeconds, Rate(), _source.Record.ErrorPackets, anomalies);
        Say($"Data source '{_source.Record.Name}' ended: {_source.Packets} packets, {_source.Record.ErrorPackets} with errors"
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
        _backend.Say([new($"Data source '{_source.Record.Name}': {reason}", MessageFlags.Error, Now())]);
        _backend.Alerts.Report(SystemAlerts.SourceError($"Data source '{_source.Record.Name}': {reason}"));
    }

    private void Say(string text) => _backend.Say([new(text, MessageFlags.Info, Now())]);

    private ReplayState State(IPacketSource packets, bool ended) =>
        new(ended ? 1 : packets.Progress ?? 0, Rate(), ended);

    private double Rate() => _source.Packets / Math.Max(_elapsed.Elapsed.TotalSeconds, 1e-6);

    private uint Now() => (uint)_clock.GetUtcNow().ToUnixTimeSeconds();

    private static DatasourceRecord NewRecord(string definitionText, SourceDefinition? definition)
    {
        bool file = definition is null || PacketSources.IsFile(definition);
        string name = definition?.Interface ?? definitionText;
        // What is no definition need not be a path either.
        string identity = definition is not null && file ? Path.GetFullPath(name) : name;
        return new()
        {
            Number = 0,
            Uuid = definition?.Uuid ?? UuidOf(identity),
            Name = definition?.Name ?? definitionText,
            Definition = definitionText,
            Interface = name,
            Driver = file ? SourceDrivers.File : SourceDrivers.Libpcap,
            PacketsRrd = new(),
            DataRrd = new(),
        };
    }

    // The same for the same file or interface at every start, so that clients can remember it.
    private static Guid UuidOf(string name) =>
        new($"{DeviceKey.Adler32(FileBinary):X8}-0000-0000-0000-0000{DeviceKey.Adler32(name):X8}");

    [LoggerMessage(2, LogLevel.Information, "{source}: opened")]
    private static partial void Opened(ILogger logger, string source);

    [LoggerMessage(3, LogLevel.Information, "{source}: {packets} packets, {rate:N0}/s, {share:P0}")]
    private static partial void Progress(ILogger logger, string source, ulong packets, double rate, double share);

    [LoggerMessage(4, LogLevel.Information, "{source}: end after {packets} packets in {seconds:N2} s ({rate:N0}/s), {errors} with errors. {anomalies}")]
    private static partial void Ended(ILogger logger, string source, ulong packets, double seconds, double rate, ulong errors, string anomalies);

    [LoggerMessage(5, LogLevel.Error, "{source}: {reason}")]
    private static partial void Failed(ILogger logger, string source, string reason);
}
