using System.Buffers;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Events;

/// <summary>
/// What a partition has to tell of its devices while it applies a batch. Whether anybody listens is asked once a batch; when nobody does, noting
/// is one comparison, and nothing is written or allocated.
/// </summary>
/// <param name="events">Who listens; null for nobody, ever.</param>
public sealed class DeviceEventCollector(IEvents? events = null)
{
    // Of a replay's first batch nearly every device is new; listeners keep up with about this many of them.
    private const int MaxOfBatch = 1024;

    // What crosses between processes with a batch; rows of new devices are some hundred bytes, those with many clients some hundred KiB.
    private const int MaxBytes = 2 << 20;
    private readonly List<(Device Device, EventTopics Topic, uint Ssid)> _noted = [];
    private readonly List<ServerEvent> _other = [];
    private EventTopics _wanted;
    private int _lost;

    internal void Begin() => _wanted = events?.Wanted ?? EventTopics.None;

    /// <summary>Notes that something happened to a device; without a listener to the topic nothing.</summary>
    /// <param name="ssid">Hash of the SSID that it is about.</param>
    internal void Note(Device device, EventTopics topic, uint ssid = 0)
    {
        if ((_wanted & topic) == 0)
        {
            return;
        }
        if (_noted.Count == MaxOfBatch)
        {
            _lost++;
            return;
        }
        _noted.Add((device, topic, ssid));
    }

    /// <summary>Whether somebody listens to a topic.</summary>
    internal bool Wants(EventTopics topic) => (_wanted & topic) != 0;

    /// <summary>Notes an event that is not of a device's record; only where <see cref="Wants"/> says so.</summary>
    internal void Note(ServerEvent happened)
    {
        if (_other.Count == MaxOfBatch)
        {
            _lost++;
            return;
        }
        _other.Add(happened);
    }

    /// <summary>Writes what was noted since the last call, with the devices as the whole batch left them.</summary>
    internal IReadOnlyList<ServerEvent> Take()
    {
        if (_noted.Count + _other.Count == 0)
        {
            return [];
        }
        List<ServerEvent> taken = [.. _other];
        _other.Clear();
        Dictionary<Device, ReadOnlyMemory<byte>> rows = [];
        int bytes = 0;
        foreach ((Device device, EventTopics topic, uint ssid) in _noted)
        {
            if (!rows.TryGetValue(device, out ReadOnlyMemory<byte> row))
            {
                if (bytes > MaxBytes)
                {
                    _lost++;
                    continue;
                }
                ArrayBufferWriter<byte> to = new();
                DeviceCodec.Write(device, to);
                rows[device] = row = to.WrittenMemory;
                bytes += row.Length;
            }
            taken.Add(new DeviceEvent(topic, row, ssid));
        }
        _noted.Clear();
        Meters.EventsLost(EventLoss.Partition, _lost);
        _lost = 0;
        return taken;
    }
}
