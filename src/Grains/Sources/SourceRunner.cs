using System.Diagnostics;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Sources;

/// <summary>Feeds one datasource from its file or interface on a thread of its own, and tells how it goes.</summary>
public sealed partial class SourceRunner
{
    private static readonly TimeSpan s_publishEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_tellEvery = TimeSpan.FromSeconds(1);

    // Stands for the capture side in UUIDs, as the name of its tool does in Kismet's.
    private const string FileBinary = "kismet_cap_pcapfile";
    private readonly Stopwatch _elapsed = new();
    private readonly TotalsReporter _totals;
    private readonly AlertsReporter _alerts;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SourceDefinition? _definition;
    private readonly string? _wrong;
    private readonly Datasource _source;
    private readonly SemaphoreSlim _turn = new(1);
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;
    private volatile ChannelControl? _tuning;
    private volatile bool _paused;

    private SourceRunner(SourceDefinition? definition, string? wrong, Datasource source, TotalsReporter totals, AlertsReporter alerts, TimeProvider clock, ILogger logger)
    {
        (_definition, _wrong, _source, _totals, _alerts, _clock, _logger) = (definition, wrong, source, totals, alerts, clock, logger);
    }

    /// <summary>Adds the datasource, so that sources are numbered in the order in which their runners are made.</summary>
    public static async Task<SourceRunner> CreateAsync(
        string definition, LocalSources sources, TotalsReporter totals, AlertsReporter alerts, TimeProvider clock, ILogger logger)
    {
        _ = SourceDefinition.TryParse(definition, out SourceDefinition? parsed, out string? wrong);
        return new(parsed, wrong, await sources.AddSourceAsync(NewRecord(definition, parsed)), totals, alerts, clock, logger);
    }

    /// <summary>The newest snapshot for the outside.</summary>
    public DatasourceRecord Record => _source.Record;

    /// <summary>Opens the source, on a thread of its own; completes when it is open or has failed.</summary>
    /// <returns>Null, or why it is not open.</returns>
    public async Task<string?> OpenAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (!_running.IsCompleted)
            {
                return "source already running";
            }
            _stop = new();
            TaskCompletionSource<string?> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
            CancellationToken stopping = _stop.Token;
            _running = Task.Factory.StartNew(() => Run(opened, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return await opened.Task;
        }
        finally
        {
            _ = _turn.Release();
        }
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
                _source.Note(static record => record with { Running = false, Error = true, ErrorReason = Health.Disabled });
                return null;
            case SensorCommand.Pause or SensorCommand.Resume:
                _paused = order.Command == SensorCommand.Pause;
                _source.Note(record => record with { Paused = _paused });
                return null;
            default:
                return await TuneAsync(order);
        }
    }

    /// <summary>Stops reading; completes when the file or interface is let go.</summary>
    public async Task StopAsync()
    {
        await _turn.WaitAsync();
        try
        {
            await (_stop?.CancelAsync() ?? Task.CompletedTask);
            await _running;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    private async Task<string?> TuneAsync(SensorOrder order)
    {
        if (_tuning is not { } tuning)
        {
            return _source.Record.Driver == SourceDrivers.File ? "a capture file has no channels" : "the source is not open";
        }
        string? error = await tuning.OrderAsync(
            new()
            {
                Kind = order.Command == SensorCommand.SetChannel ? OrderKind.SetChannel : OrderKind.SetHop,
                Channel = order.Channel,
                Channels = order.Channels,
                Rate = order.Rate,
                Shuffle = order.Shuffle,
            },
            CancellationToken.None);
        _source.Note(record => Tuned(record, tuning.State));
        return error;
    }

    private void Run(TaskCompletionSource<string?> opened, CancellationToken stopping)
    {
        if (_definition is null)
        {
            Fail(_wrong!);
            opened.SetResult(_wrong);
            return;
        }
        IPacketSource packets;
        ChannelPlan plan;
        try
        {
            plan = ChannelPlan.From(_definition);
            packets = PacketSources.Open(_definition, _clock);
        }
        catch (PacketSourceException e)
        {
            Fail(e.Message);
            opened.SetResult(e.Message);
            return;
        }
        using (packets)
        using (CancellationTokenSource tuned = CancellationTokenSource.CreateLinkedTokenSource(stopping))
        {
            Task tuning = _source.Record.Driver == SourceDrivers.Libpcap ? TuneAsync(plan, opened, tuned.Token) : Task.CompletedTask;
            Feed(packets, opened, stopping);
            tuned.Cancel();
            tuning.GetAwaiter().GetResult();
        }
    }

    // Asks what the radio can before the source counts as open, so that whoever added it sees its channels.
    private async Task TuneAsync(ChannelPlan plan, TaskCompletionSource<string?> opened, CancellationToken stopping)
    {
        try
        {
            using ChannelControl control = await ChannelControl.CreateAsync(_definition!.Interface, plan, new IwTuner(), _clock, Random.Shared, stopping);
            _source.Note(record => Tuned(record, control.State) with { Hardware = HostInterfaces.HardwareOf(_definition.Interface) });
            _tuning = control;
            _ = opened.TrySetResult(null);
            await control.RunAsync(stopping);
            // What has no channels has nothing to do here, but is to say so when it is told to change them.
            await Task.Delay(Timeout.Infinite, stopping);
        }
        catch (OperationCanceledException)
        {
            // The way in which it ends.
        }
        finally
        {
            _tuning = null;
            _ = opened.TrySetResult(null);
        }
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

    private void Feed(IPacketSource packets, TaskCompletionSource<string?> opened, CancellationToken stopping)
    {
        bool file = _source.Record.Driver == SourceDrivers.File;
        if (_source.Record is { Error: true, ErrorReason: not Health.Disabled })
        {
            _alerts.Report([SystemAlerts.SourceOpen(_source.Record.Name)]);
        }
        _source.Publish(record => record with
        {
            Running = true,
            Error = false,
            ErrorReason = "",
            Paused = _paused,
            LinkType = (uint)packets.LinkType,
            Replay = file ? new(0, 0, false) : null,
        });
        Say($"Data source '{_source.Record.Name}' opened");
        Opened(_logger, _source.Record.Name);
        RefuseLinkType(packets.LinkType);
        if (file)
        {
            _ = opened.TrySetResult(null);
        }
        _elapsed.Restart();
        PacketBatch batch = new() { Source = _source.Record.Uuid, BootId = (ulong)(_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks };
        DropReport drops = new(DropReason.Os, told: 0);
        TimeSpan published = TimeSpan.Zero;
        TimeSpan told = TimeSpan.Zero;
        try
        {
            while (packets.TryRead(batch, stopping))
            {
                if (Skips(file, stopping))
                {
                    continue;
                }
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
                        Channel = _tuning?.State.Channel ?? record.Channel,
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

    // A radio that is paused hears for nobody; a file waits.
    private bool Skips(bool file, CancellationToken stopping)
    {
        while (_paused && file)
        {
            _ = stopping.WaitHandle.WaitOne(s_publishEvery);
            stopping.ThrowIfCancellationRequested();
        }
        return _paused;
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
        _totals.Say([new($"Data source '{_source.Record.Name}': {reason}", MessageFlags.Error, Now())]);
        _alerts.Report([SystemAlerts.SourceError($"Data source '{_source.Record.Name}': {reason}")]);
    }

    private void Say(string text) => _totals.Say([new(text, MessageFlags.Info, Now())]);

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
            Driver = file ? SourceDrivers.File : SourceDrivers.Libpcap,
            PacketsRrd = new(),
            DataRrd = new(),
        };
    }

    /// <summary>The UUID that a source has, or would have.</summary>
    public static Guid UuidOf(string text, SourceDefinition? definition) =>
        // What is no definition need not be a path either.
        definition?.Uuid ?? UuidOf(definition is null ? text : PacketSources.IsFile(definition) ? Path.GetFullPath(definition.Interface) : definition.Interface);

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
