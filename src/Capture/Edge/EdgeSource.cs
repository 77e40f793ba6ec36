using KismetOrleans.Packets;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Capture.Edge.Sending;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Capture.Edge;

/// <summary>
/// One source of an agent: a thread that captures, one that packs and spools, a link that sends, and for radios somebody who tunes. What
/// captures never waits for what sends, but for capture files, which can.
/// </summary>
internal sealed class EdgeSource : ISensorSide, IAsyncDisposable
{
    private static readonly TimeSpan s_pausedFileWaits = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_switchPatience = TimeSpan.FromSeconds(10);
    private readonly AgentOptions _options;
    private readonly SourceDefinition _definition;
    private readonly EdgeLog _log;
    private readonly TimeProvider _time;
    private readonly Spool _spool;
    private readonly SensorLink _link;
    private readonly Guid _uuid;
    private readonly bool _file;
    private readonly BatchCollector _collector;
    private readonly Backoff _reopen;
    private ChannelControl? _channels;
    private volatile IPacketSource? _packets;
    private volatile string _error = "";
    private volatile bool _paused;
    private volatile bool _closed;
    private CancellationTokenSource _closing = new();
    // A capture file has been read to its end, or to where it is broken.
    private volatile bool _ended;
    private volatile bool _spooled;
    private volatile bool _stopping;
    private ulong _droppedBefore;
    private uint _linkType;

    /// <summary>Opens the spool of a source; nothing is captured yet.</summary>
    /// <exception cref="SpoolException">The spool cannot be opened.</exception>
    public EdgeSource(AgentOptions options, SourceDefinition definition, EdgeLog log, TimeProvider time, Random random)
    {
        _options = options;
        _definition = definition;
        _log = log;
        _time = time;
        _file = PacketSources.IsFile(definition);
        _uuid = definition.Uuid ?? options.Uuid ?? HostIdentity.UuidOf(options.HostId, _file ? Path.GetFullPath(definition.Interface) : definition.Interface);
        _collector = new(time);
        _reopen = new(random);
        _spool = Spool.Open(
            new SpoolOptions
            {
                Folder = Path.Combine(options.SpoolFolder, _uuid.ToString("D")),
                MaxOctets = options.SpoolOctets,
                Sync = options.SpoolSync,
                Waits = _file,
            }, time);
        _link = new(options.Link, this, _spool, log, time, random);
    }

    /// <inheritdoc/>
    public string Name => _definition.Name;

    /// <summary>UUID of the source.</summary>
    public Guid Uuid => _uuid;

    /// <summary>Why the source failed for good; null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <inheritdoc/>
    public bool IsDone => _spooled && (!_options.Stay || _stopping) && _spool.IsSaved;

    /// <summary>Captures and sends, until a file is saved whole or until cancelled; then what was captured stands in the spool.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        ChannelPlan plan;
        try
        {
            plan = ChannelPlan.From(_definition);
        }
        catch (PacketSourceException e)
        {
            Failure = e.Message;
            _log.Error(Name, e.Message);
            return;
        }
        using CancellationTokenSource linkStop = new();
        using CancellationTokenSource tuneStop = new();
        Task capturing = Start(() => Capture(stop));
        Task spooling = Start(() => SpoolAll(stop));
        Task prepared = _file ? Task.CompletedTask : PrepareAsync(plan, tuneStop.Token);
        Task tuning = TuneAsync(prepared, tuneStop.Token);
        Task sending = SendAsync(prepared, linkStop.Token);
        await Task.WhenAll(capturing, spooling);
        _link.Wake();
        // What is captured whole ends by itself once it is saved; what was stopped has a little time for that.
        await Task.WhenAny(sending, WaitAsync(stop));
        _stopping = true;
        _link.Wake();
        await Task.WhenAny(sending, Task.Delay(_options.Grace, _time, CancellationToken.None));
        await tuneStop.CancelAsync();
        await linkStop.CancelAsync();
        await Task.WhenAll(sending, tuning);
        if (_ended && _spool.IsSaved)
        {
            _spool.EndReplay();
        }
    }

    /// <inheritdoc/>
    public Hello Hello() => new()
    {
        Uuid = _uuid,
        BootId = _spool.BootId,
        FirstSequence = _spool.FirstFrom(0),
        ClockNs = NowNs(),
        LinkType = Volatile.Read(ref _linkType),
        Name = Name,
        Driver = _file ? PacketSources.FileType : _definition.Type ?? "linuxwifi",
        Interface = _definition.Interface,
        Definition = _definition.Definition,
        Hardware = _file ? "" : HostInterfaces.HardwareOf(_definition.Interface),
        Version = AgentOptions.Version,
        Channels = _channels?.State.Supported ?? [],
        Interfaces = [.. HostInterfaces.List().Select(static i => i.ToText())],
    };

    /// <inheritdoc/>
    public Health Health()
    {
        SpoolFill fill = _spool.Fill;
        IPacketSource? packets = _packets;
        ChannelState? channels = _channels?.State;
        return new()
        {
            ClockNs = NowNs(),
            Dropped = _droppedBefore + (ulong)(packets?.Dropped ?? 0),
            SpoolLost = fill.LostPackets,
            SpoolOctets = (ulong)fill.Octets,
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
            Error = _closed ? Packets.Protocol.Health.Disabled : _error,
            Warning = string.Join("; ", ((string?[])[channels?.Warning, _spool.Fault, Lost(fill)]).Where(static w => !string.IsNullOrEmpty(w))),
        };
    }

    /// <inheritdoc/>
    public async Task<string?> CarryOutAsync(Order order, CancellationToken cancellation)
    {
        switch (order.Kind)
        {
            case OrderKind.Pause or OrderKind.Resume:
                _paused = order.Kind == OrderKind.Pause;
                _log.Info(Name, _paused ? "paused by order" : "resumed by order");
                return null;
            case OrderKind.Close or OrderKind.Open:
                return await SwitchAsync(order.Kind == OrderKind.Open, cancellation);
            case > OrderKind.Open:
                return "this agent does not know such an order; it is older than its server";
            default:
                string? error = _channels is { } channels
                    ? await channels.OrderAsync(order, cancellation)
                    : _file ? "a capture file has no channels" : "the interface is not ready yet";
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
            return null;
        }
        if (!open)
        {
            await _closing.CancelAsync();
        }
        // Until it is there, or cannot be; what captures looks some times a second.
        _error = open ? "" : _error;
        for (long since = TimeProvider.System.GetTimestamp(); (_packets is null) == open && _error.Length == 0;)
        {
            if (TimeProvider.System.GetElapsedTime(since) > s_switchPatience)
            {
                return open ? "the interface does not open" : "the interface is not let go";
            }
            await Task.Delay(s_pausedFileWaits, cancellation);
        }
        return open && _error.Length > 0 ? _error : null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _closing.Dispose();
        _channels?.Dispose();
        _spool.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Task Start(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Capture(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && !CaptureOnce(stop))
            {
                if (!_closed)
                {
                    // A radio that was unplugged or reset may come back; a file does not get better.
                    _ = stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(1) + _reopen.Next());
                }
                while (_closed && !stop.IsCancellationRequested)
                {
                    _ = stop.WaitHandle.WaitOne(s_pausedFileWaits);
                }
            }
        }
        finally
        {
            _collector.End();
        }
    }

    // True when that was all.
    private bool CaptureOnce(CancellationToken stop)
    {
        IPacketSource? packets = null;
        if (_closing.IsCancellationRequested)
        {
            _closing.Dispose();
            _closing = new();
        }
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, _closing.Token);
        try
        {
            packets = _options.Open(_definition, _time);
            _packets = packets;
            _error = "";
            _reopen.Reset();
            _log.Info(Name, $"capturing ({_definition.Interface}, UUID {_uuid})");
            Read(packets, either.Token);
            if (packets.Error is { } error)
            {
                Fail(error);
            }
            _ended = _file && !stop.IsCancellationRequested;
            return _file || packets.Error is null;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Closed by order: it is opened again when it is told to.
            return stop.IsCancellationRequested;
        }
        catch (Exception e)
        {
            // Whatever a driver or a file does, the other sources go on.
            Fail(e.Message);
            return _file;
        }
        finally
        {
            _packets = null;
            _droppedBefore += (ulong)(packets?.Dropped ?? 0);
            packets?.Dispose();
        }
    }

    private void Read(IPacketSource packets, CancellationToken stop)
    {
        PacketBatch batch = new();
        long skip = _file ? (long)BeginReplay() : 0;
        while (packets.TryRead(batch, stop))
        {
            Volatile.Write(ref _linkType, (uint)packets.LinkType);
            while ((_paused || _closed) && _file)
            {
                _ = stop.WaitHandle.WaitOne(s_pausedFileWaits);
                stop.ThrowIfCancellationRequested();
            }
            int from = (int)Math.Min(skip, batch.Count);
            skip -= from;
            if (from < batch.Count && !_paused)
            {
                _collector.Add(batch, from);
            }
        }
        Volatile.Write(ref _linkType, (uint)packets.LinkType);
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
        string? told = null;
        try
        {
            while (_collector.Take() is { } batch)
            {
                _ = _spool.Append(batch, stop);
                _collector.Return(batch);
                if (_spool.Fault != told)
                {
                    told = _spool.Fault;
                    _log.Error(Name, told ?? "the spool can be written again");
                }
            }
            _spooled = true;
        }
        catch (OperationCanceledException)
        {
            // Waiting for room when told to stop: a file is read again from here.
            _collector.End();
        }
    }

    private async Task PrepareAsync(ChannelPlan plan, CancellationToken stop)
    {
        try
        {
            _channels = await ChannelControl.CreateAsync(_definition.Interface, plan, _options.Tuner, _time, Random.Shared, stop);
            if (_channels.State.Warning.Length > 0)
            {
                _log.Warn(Name, _channels.State.Warning);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped before it was known.
        }
    }

    private async Task TuneAsync(Task prepared, CancellationToken stop)
    {
        await prepared;
        try
        {
            await (_channels?.RunAsync(stop) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            // The way in which it ends.
        }
        catch (Exception e)
        {
            _log.Error(Name, $"channels are not set any more: {e.Message}");
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

    private void Fail(string error)
    {
        _error = error;
        _log.Error(Name, error);
        if (_file)
        {
            Failure = error;
        }
    }

    private static string? Lost(SpoolFill fill) => fill.LostPackets == 0 ? null : $"{fill.LostPackets} packets found no room in the spool";

    private long NowNs() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
}
