using KismetOrleans.Capture.Edge.Profiles;
using KismetOrleans.Capture.Edge.Sending;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Capture.Edge;

/// <summary>
/// One source of an agent: a loop that captures and tunes, a thread that packs and spools, and a link that sends. What captures never waits for
/// what sends, but for capture files, which can.
/// </summary>
internal sealed class EdgeSource : ISensorSide, ICaptureConsumer, IAsyncDisposable
{
    private static readonly TimeSpan s_switchTimeout = TimeSpan.FromSeconds(10);
    private readonly AgentOptions _options;
    private readonly SourceDefinition _definition;
    private readonly EdgeLog _log;
    private readonly TimeProvider _time;
    private readonly Spool _spool;
    private readonly SensorLink _link;
    private readonly Guid _uuid;
    private readonly bool _file;
    private readonly GpsReceiver? _receiver;
    private readonly HostMeter _host;
    private readonly ProfileKeeper _profiles;
    private readonly BatchCollector _collector;
    private readonly CaptureLoop? _loop;
    private volatile string _error = "";
    private volatile bool _paused;
    private volatile bool _closed;
    // A capture file has been read to its end, or to where it is broken.
    private volatile bool _ended;
    private volatile bool _spooled;
    private volatile bool _stopping;
    private readonly TaskCompletionSource _captured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _droppedBefore;
    private long _skip;
    private CancellationToken _stop;
    private uint _linkType;

    /// <summary>Opens the spool of a source; nothing is captured yet.</summary>
    /// <param name="options">What the agent does.</param>
    /// <param name="receiver">The GPS beside it; null where there is none. Not disposed here.</param>
    /// <exception cref="SpoolException">The spool cannot be opened.</exception>
    public EdgeSource(AgentOptions options, SourceDefinition definition, GpsReceiver? receiver, HostMeter host, ProfileKeeper profiles, EdgeLog log, TimeProvider time, Random random)
    {
        _options = options;
        _definition = definition;
        _log = log;
        _time = time;
        _file = PacketSources.IsFile(definition);
        _uuid = definition.Uuid ?? options.Uuid ?? HostIdentity.UuidOf(options.HostId, PacketSources.IdentityOf(definition));
        (_receiver, _host, _profiles) = (receiver, host, profiles);
        _collector = new(time, receiver, IsOwnClock(definition));
        try
        {
            _loop = new(definition, this, () => options.Open(definition, time), options.Tuner, time, random);
        }
        catch (PacketSourceException e)
        {
            Failure = e.Message;
        }
        _spool = Spool.Open(
            new SpoolOptions
            {
                Folder = Path.Combine(options.SpoolFolder, _uuid.ToString("D")),
                MaxBytes = options.SpoolBytes,
                Sync = options.SpoolSync,
                Waits = _file,
            }, time);
        _spool.Troubled = ReportTrouble;
        _link = new(options.Link, this, _spool, log, time, random);
    }

    public string Name => _definition.Name;

    public Guid Uuid => _uuid;

    /// <summary>Why the source failed for good; null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Completes when the source is open, or has failed to be for the first time: null, or why it is not.</summary>
    public Task<string?> Opened => _opened.Task;

    public bool IsCapturing => _loop?.Packets is not null;

    public bool IsDone => _spooled && (!_options.Stay || _stopping) && _spool.IsSaved;

    /// <summary>Captures and sends, until a file is saved whole or until cancelled; then what was captured stands in the spool.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (_loop is null)
        {
            _log.Error(Name, Failure!);
            _opened.SetResult(Failure);
            return;
        }
        _stop = stop;
        using CancellationTokenSource linkStop = new();
        Task opening = OpenAsync(_loop);
        Task capturing = CaptureAsync(_loop, stop);
        Task spooling = Start(() => SpoolAll(stop));
        // Before the radio is known there is nothing to say of it.
        Task sending = SendAsync(_loop.Prepared, linkStop.Token);
        await Task.WhenAll(capturing, spooling);
        _link.Wake();
        // What is captured whole ends by itself once it is saved; what was stopped has a little time for that.
        await Task.WhenAny(sending, WaitAsync(stop));
        _stopping = true;
        _link.Wake();
        await Task.WhenAny(sending, Task.Delay(_options.Grace, _time, CancellationToken.None));
        await linkStop.CancelAsync();
        await Task.WhenAll(sending, opening);
        if (_ended && _spool.IsSaved)
        {
            _spool.EndReplay();
        }
    }

    private async Task OpenAsync(CaptureLoop loop) => _opened.SetResult(await loop.OpenAsync());

    public Hello Hello() => new()
    {
        Uuid = _uuid,
        BootId = _spool.BootId,
        FirstSequence = _spool.FirstFrom(0),
        ClockNs = _time.NowNs(),
        LinkType = Volatile.Read(ref _linkType),
        Name = Name,
        Driver = _file ? PacketSources.FileType : PcapOverIp.Is(_definition) ? PacketSources.PcapOverIpType : PacketSources.IsBroker(_definition) ? PacketSources.MqttType : _definition.Type ?? "linuxwifi",
        Interface = _definition.Interface,
        Definition = _definition.Definition,
        Hardware = !PacketSources.IsRadio(_definition) ? "" : HostInterfaces.HardwareOf(_definition.Interface),
        Version = AgentOptions.Version,
        Channels = _loop?.Channels?.Supported ?? [],
        HostClock = IsOwnClock(_definition) ? _host.Read().Clock : null,
        Interfaces = [.. HostInterfaces.List().Select(static i => i.ToText())],
        Agent = _options.Link.Joined?.State.Name ?? _options.Name,
    };

    public Health Health()
    {
        SpoolFill fill = _spool.Fill;
        IPacketSource? packets = _loop?.Packets;
        ChannelState? channels = _loop?.Channels;
        return new()
        {
            ClockNs = _time.NowNs(),
            Dropped = _droppedBefore + (ulong)(packets?.Dropped ?? 0),
            SpoolLost = fill.LostPackets,
            SpoolBytes = (ulong)fill.Bytes,
            SpoolBatches = (ulong)fill.Batches,
            LinkType = Volatile.Read(ref _linkType),
            Running = packets is not null && !_closed,
            Paused = _paused,
            Ended = _ended,
            Progress = !_file ? -1 : _ended ? 1 : packets?.Progress ?? 0,
            Channel = channels?.Channel ?? "",
            Hopping = channels?.Plan.Hopping ?? false,
            HopRate = channels is { CanTune: true } ? channels.Plan.Rate : 0,
            HopChannels = channels is { CanTune: true } ? channels.Plan.Channels : [],
            HopShuffle = channels is { CanTune: true, Plan.Shuffle: true },
            Position = _receiver?.Current,
            Profile = _profiles.State.Report,
            Host = _host.Read() with { Queue = (uint)_collector.Waiting, RadioGone = packets is null && PacketSources.IsRadio(_definition) && !_host.Has(_definition.Interface) },
            Error = _closed ? Packets.Protocol.Health.Disabled : _error.Length > 0 ? _error : _spool.Fault ?? "",
            Warning = string.Join("; ", ((string?[])[channels?.Warning, Lost(fill), _receiver?.Warning]).Where(static w => !string.IsNullOrEmpty(w))),
        };
    }

    public void Heard() => _profiles.Heard();

    public void Take(Profile profile) => _profiles.Give(profile);

    public async Task<string?> CarryOutAsync(Order order, CancellationToken cancellation)
    {
        switch (order.Kind)
        {
            case OrderKind.Pause or OrderKind.Resume:
                _paused = order.Kind == OrderKind.Pause;
                Halt();
                _log.Info(Name, _paused ? "paused by order" : "resumed by order");
                return null;
            case OrderKind.Close or OrderKind.Open:
                return await SwitchAsync(order.Kind == OrderKind.Open, cancellation);
            case > OrderKind.Open:
                return "this agent does not know such an order; it is older than its server";
            default:
                string? error = await _loop!.TuneAsync(order, cancellation);
                _log.Info(Name, error is null ? "channels changed by order" : $"an order failed: {error}");
                return error;
        }
    }

    // A radio is let go, so that others may have it; a file stays where it is, since nobody else is kept from it.
    private async Task<string?> SwitchAsync(bool open, CancellationToken cancellation)
    {
        if (open != _closed)
        {
            return open ? "source already running" : null;
        }
        _closed = !open;
        _log.Info(Name, open ? "opened by order" : "closed by order");
        if (_file)
        {
            Halt();
            return null;
        }
        try
        {
            // What fails to open is tried again, and says so until then.
            Task<string?> switching = open ? _loop!.OpenAsync() : CloseAsync(_loop!);
            return await switching.WaitAsync(s_switchTimeout, cancellation);
        }
        catch (TimeoutException)
        {
            return open ? "the interface does not open" : "the interface is not let go";
        }
    }

    private void Halt() => _loop!.Paused = _paused || (_file && _closed);

    private static async Task<string?> CloseAsync(CaptureLoop loop)
    {
        await loop.CloseAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_loop is not null)
        {
            // An order may have opened it once more while the rest was sent.
            await _loop.CloseAsync();
            _loop.Dispose();
        }
        _spool.Dispose();
    }

    private static Task Start(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // A file until its end; a radio, which may be closed and opened meanwhile, until stopped.
    private async Task CaptureAsync(CaptureLoop loop, CancellationToken stop)
    {
        await Task.WhenAny(WaitAsync(stop), _captured.Task);
        await loop.CloseAsync();
        _collector.End();
    }

    void ICaptureConsumer.Opened(IPacketSource packets)
    {
        _error = "";
        // What came by standard input does not come again.
        _skip = _file && !PacketSources.IsStandardInput(_definition) ? (long)BeginReplay() : 0;
        _log.Info(Name, $"capturing ({_definition.Interface}, UUID {_uuid})");
    }

    void ICaptureConsumer.Take(IPacketSource packets, PacketBatch batch)
    {
        Volatile.Write(ref _linkType, (uint)packets.LinkType);
        int from = (int)Math.Min(_skip, batch.Count);
        _skip -= from;
        if (from < batch.Count)
        {
            _collector.Add(batch, from);
        }
    }

    void ICaptureConsumer.Tuned(ChannelState state)
    {
        if (state.Warning.Length > 0)
        {
            _log.Warn(Name, state.Warning);
        }
    }

    void ICaptureConsumer.Ended(IPacketSource packets)
    {
        Leave(packets);
        // When told to stop it may have been read on for nobody, and must be read again.
        _ended = _file && !_stop.IsCancellationRequested;
        _ = _captured.TrySetResult();
    }

    void ICaptureConsumer.Failed(IPacketSource? packets, string error, bool again)
    {
        Leave(packets);
        _error = error;
        _log.Error(Name, error);
        if (_file)
        {
            Failure = error;
            _ended = packets is not null && !_stop.IsCancellationRequested;
        }
        if (!again)
        {
            _ = _captured.TrySetResult();
        }
    }

    void ICaptureConsumer.Closed(IPacketSource packets) => Leave(packets);

    void ICaptureConsumer.Faulted(Exception fault, long faults) =>
        _log.Error(Name, $"packets could not be taken, {faults} times so far: {fault}");

    private void Leave(IPacketSource? packets)
    {
        if (packets is not null)
        {
            Volatile.Write(ref _linkType, (uint)packets.LinkType);
            _droppedBefore += (ulong)packets.Dropped;
        }
    }

    private void ReportTrouble(string? fault)
    {
        if (fault is null)
        {
            _log.Info(Name, "the spool can be written again");
        }
        else
        {
            _log.Error(Name, fault);
        }
    }

    private ulong BeginReplay()
    {
        FileInfo file = new(_definition.Interface);
        ulong skip = _spool.BeginReplay(file.Length, file.LastWriteTimeUtc);
        if (skip > 0)
        {
            _log.Info(Name, $"going on behind {skip} packets of an interrupted replay (delete the spool to begin anew)");
        }
        return skip;
    }

    private void SpoolAll(CancellationToken stop)
    {
        try
        {
            while (_collector.Take() is { } batch)
            {
                _ = _spool.Append(batch, stop);
                _collector.Return(batch);
            }
            _spooled = true;
        }
        catch (OperationCanceledException)
        {
            // Waiting for room when told to stop: a file is read again from here.
            _collector.End();
        }
    }

    private async Task SendAsync(Task prepared, CancellationToken stop)
    {
        await prepared;
        try
        {
            await _link.RunAsync(stop);
            _log.Info(Name, "everything is saved at the server");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            SpoolFill fill = _spool.Fill;
            _log.Info(Name, fill.Batches == 0 ? "stopped; everything is saved" : $"stopped; {fill.Batches} batches wait in the spool");
        }
    }

    private static async Task WaitAsync(CancellationToken stop)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }

    // What a file holds, and what others capture, is dated by others' clocks.
    private static bool IsOwnClock(SourceDefinition definition) => PacketSources.IsRadio(definition) || PacketSources.IsBroker(definition);

    private static string? Lost(SpoolFill fill) => fill.LostPackets == 0 ? null : $"{fill.LostPackets} packets found no room in the spool";
}
