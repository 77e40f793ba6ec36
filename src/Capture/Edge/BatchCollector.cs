using KismetOrleans.Packets;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge;

/// <summary>
/// Between the thread that captures and the one that packs and spools: one batch fills while the other is packed. The capture waits only
/// where both are full, that is for processor and disk, never for the network.
/// </summary>
internal sealed class BatchCollector
{
    /// <summary>How long the first packet of a batch may wait for others.</summary>
    public static readonly TimeSpan FlushAfter = TimeSpan.FromMilliseconds(200);

    private readonly object _lock = new();
    private readonly TimeProvider _time;
    private readonly GpsReceiver? _receiver;
    private readonly bool _isOwnClock;
    private BatchBuilder _filling = new();
    private BatchBuilder? _spare = new();
    private long _since;
    private bool _full;
    private bool _ended;

    /// <summary>An empty one.</summary>
    /// <param name="receiver">Who knows where packets are captured; null where nobody does.</param>
    /// <param name="isOwnClock">Whether packets are dated by this host's clock.</param>
    public BatchCollector(TimeProvider time, GpsReceiver? receiver, bool isOwnClock) => (_time, _receiver, _isOwnClock) = (time, receiver, isOwnClock);

    /// <summary>Packets that were collected and not yet taken.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _filling.Packets;
            }
        }
    }

    /// <summary>Takes packets.</summary>
    /// <param name="batch">The packets; may be filled again on return.</param>
    /// <param name="from">The first one to take.</param>
    public void Add(PacketBatch batch, int from = 0)
    {
        lock (_lock)
        {
            while (!_ended)
            {
                if (_filling.Packets == 0)
                {
                    _since = _time.GetTimestamp();
                    // A fifth of a second is some metres of a car.
                    _filling.Position = _receiver?.Current;
                    _filling.Clock = _isOwnClock ? HostClock.Read(_time) : null;
                    Monitor.PulseAll(_lock);
                }
                if (_filling.Add(batch, ref from))
                {
                    return;
                }
                _full = true;
                Monitor.PulseAll(_lock);
                while (_full && !_ended)
                {
                    _ = Monitor.Wait(_lock);
                }
            }
        }
    }

    /// <summary>No more packets come.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits for a batch that is full, or whose first packet has waited long enough.</summary>
    /// <returns>The batch, to be given back; null at the end.</returns>
    public BatchBuilder? Take()
    {
        lock (_lock)
        {
            while (!_full && !_ended)
            {
                if (_filling.Packets == 0)
                {
                    _ = Monitor.Wait(_lock);
                    continue;
                }
                TimeSpan left = FlushAfter - _time.GetElapsedTime(_since);
                if (left <= TimeSpan.Zero)
                {
                    break;
                }
                _ = Monitor.Wait(_lock, left);
            }
            if (_filling.Packets == 0)
            {
                return null;
            }
            BatchBuilder taken = _filling;
            _filling = _spare!;
            _spare = null;
            _full = false;
            Monitor.PulseAll(_lock);
            return taken;
        }
    }

    public void Return(BatchBuilder batch)
    {
        batch.Clear();
        lock (_lock)
        {
            _spare = batch;
        }
    }
}
