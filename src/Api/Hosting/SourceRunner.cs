using System.Diagnostics;
using KismetOrleans.Capture.Sources;
using KismetOrleans.Grains;
using KismetOrleans.Grains.Datasources;
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

    // Bytes before a source is trusted: identifies the capture side in UUIDs, as Kismet's own tools do.
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
        _source = backend.AddSource(number => NewRecord(number, definition, _definition));
    }

    /// <summary>Runs until the source ends, fails or is told to stop.</summary>
    public void Run(CancellationToken stopping)
    {
        if (_definition is null)
        {
            Fail(_source, _wrong!);
            return;
        }
        IPacketSource packets;
        try
        {
            packets = PacketSources.Open(_definition, _clock);
        }
        catch (PacketSourceException e)
        {
            Fail(_source, e.Message);
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
            Feed(_source, packets, stopping);
        }
    }

    private void Feed(Datasource source, IPacketSource packets, CancellationToken stopping)
    {
        bool file = source.Record.Driver == SourceDrivers.File;
        source.Publish(record => record with
        {
            Running = true,
            LinkType = (uint)packets.LinkType,
            Replay = file ? new(0, 0, false) : null,
        });
        Say($"Data source '{source.Record.Name}' opened");
        Opened(_logger, source.Record.Name);
        RefuseLinkType(source, packets.LinkType);
        _elapsed.Restart();
        PacketBatch batch = new() { Source = source.Record.Uuid, BootId = (ulong)_clock.GetTimestamp() };
        TimeSpan published = TimeSpan.Zero;
        TimeSpan told = TimeSpan.Zero;
        try
        {
            while (packets.TryRead(batch, stopping))
            {
                batch.Sequence++;
                // Blocks while the partitions are behind, so the file is read only as fast as they apply it.
                source.AcceptAsync(batch).AsTask().GetAwaiter().GetResult();
                if (_elapsed.Elapsed - published > s_publishEvery)
                {
                    published = _elapsed.Elapsed;
                    source.Publish(record => record with
                    {
                        LinkType = (uint)packets.LinkType,
                        Warning = packets.Dropped > 0 ? $"{packets.Dropped} packets dropped before they could be read" : record.Warning,
                        Replay = file ? State(source, packets, false) : null,
                    });
                }
                if (file && _elapsed.Elapsed - told > s_tellEvery)
                {
                    told = _elapsed.Elapsed;
                    Progress(_logger, source.Record.Name, source.Packets, Rate(source), packets.Progress ?? 0);
                }
            }
            source.DrainAsync().AsTask().GetAwaiter().GetResult();
            End(source, packets, file);
        }
        catch (OperationCanceledException)
        {
            source.DrainAsync().AsTask().GetAwaiter().GetResult();
            source.Publish(record => record with { Running = false });
        }
        catch (Exception e)
        {
            // Whatever a driver or a capture does, the server and its other sources go on.
            Fail(source, e.Message);
        }
    }

    private void End(Datasource source, IPacketSource packets, bool file)
    {
        ReplayState? replay = file ? State(source, packets, true) : null;
        if (packets.Error is { } error)
        {
            source.Publish(record => record with { Running = file, Error = true, ErrorReason = error, Replay = replay });
            Failed(_logger, source.Record.Name, error);
            _backend.Say([new($"Data source '{source.Record.Name}': {error}", MessageFlags.Error, Now())]);
        }
        else
        {
            // Kismet leaves a file that has ended running, and clients take anything else for a fault.
            source.Publish(record => record with { LinkType = (uint)packets.LinkType, Replay = replay });
        }
        long undecoded = source.Anomalies[Anomalies.LinkTypeUnsupported];
        if (undecoded > 0 && !source.Record.Error)
        {
            source.Publish(record => record with { Error = true, ErrorReason = $"{undecoded} packets have link types without a decoder here" });
        }
        string anomalies = string.Join(", ", source.Anomalies.Seen().Select(static a => $"{a.Anomaly} {a.Count}"));
        Ended(_logger, source.Record.Name, source.Packets, _elapsed.Elapsed.TotalSeconds, Rate(source), source.Record.ErrorPackets, anomalies);
        Say($"Data source '{source.Record.Name}' ended: {source.Packets} packets, {source.Record.ErrorPackets} with errors"
            + (anomalies.Length > 0 ? $" ({anomalies})" : ""));
    }

    private void Fail(Datasource source, string reason)
    {
        source.Publish(record => record with { Running = false, Error = true, ErrorReason = reason });
        Failed(_logger, source.Record.Name, reason);
        _backend.Say([new($"Data source '{source.Record.Name}': {reason}", MessageFlags.Error, Now())]);
    }

    // Packets of a link type without a decoder are counted as errors; the user should not have to guess why.
    private void RefuseLinkType(Datasource source, LinkType type)
    {
        if (type == LinkType.None || Enum.IsDefined(type))
        {
            return;
        }
        string reason = $"link type {(ushort)type} has no decoder here; its packets are counted and not looked into";
        source.Publish(record => record with { Error = true, ErrorReason = reason });
        Failed(_logger, source.Record.Name, reason);
        _backend.Say([new($"Data source '{source.Record.Name}': {reason}", MessageFlags.Error, Now())]);
    }

    private void Say(string text) => _backend.Say([new(text, MessageFlags.Info, Now())]);

    private ReplayState State(Datasource source, IPacketSource packets, bool ended) =>
        new(ended ? 1 : packets.Progress ?? 0, Rate(source), ended);

    private double Rate(Datasource source) => source.Packets / Math.Max(_elapsed.Elapsed.TotalSeconds, 1e-6);

    private uint Now() => (uint)_clock.GetUtcNow().ToUnixTimeSeconds();

    private static DatasourceRecord NewRecord(ushort number, string definitionText, SourceDefinition? definition)
    {
        bool file = definition is null || PacketSources.IsFile(definition);
        string name = definition?.Interface ?? definitionText;
        // What is no definition need not be a path either.
        string identity = definition is not null && file ? Path.GetFullPath(name) : name;
        return new()
        {
            Number = number,
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
