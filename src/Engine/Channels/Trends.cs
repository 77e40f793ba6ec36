using System.IO.Compression;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Channels;

/// <summary>What each point of a trend is about.</summary>
public enum TrendSpan
{
    /// <summary>A minute, of the last day.</summary>
    Minute,

    /// <summary>An hour, of the last month.</summary>
    Hour,

    /// <summary>A day (UTC), of the last two years.</summary>
    Day,
}

/// <summary>
/// Packets, devices, channels and alerts of a server, or a cluster, by minute, hour and day. What comes late lands where it was captured. Bounded: some
/// 3,000 points. Not thread-safe: it stands behind a queue.
/// </summary>
public sealed class Trends
{
    private const byte Version = 1;

    // A sensor's clock may be a little ahead; what is captured later than this was captured by one that is wrong.
    private const uint AheadSeconds = 60;
    private readonly Ring[] _rings = [new(60, 24 * 60), new(3600, 31 * 24), new(86_400, 731)];

    /// <summary>Counts a batch: as captured when its last packet was, or when it was received if that cannot be.</summary>
    public void Count(in BatchSummary batch)
    {
        uint at = batch.CapturedAt == 0 || batch.CapturedAt > batch.Clock + AheadSeconds ? batch.Clock : batch.CapturedAt;
        foreach (Ring ring in _rings)
        {
            ring.At(batch.Clock, batch.Clock)!.Received += (ulong)batch.Packets;
            if (ring.At(at, batch.Clock) is { } point)
            {
                point.Packets += (ulong)batch.Packets;
                point.Channels = Math.Max(point.Channels, (ulong)ring.Use(at, batch.Frequencies));
            }
        }
    }

    /// <summary>Counts an alert.</summary>
    /// <param name="second">When it was raised.</param>
    /// <param name="now">Unix second of the server.</param>
    public void CountAlert(uint second, uint now)
    {
        foreach (Ring ring in _rings)
        {
            if (ring.At(Math.Min(second, now), now) is { } point)
            {
                point.Alerts++;
            }
        }
    }

    /// <summary>Takes a sample of the number of devices.</summary>
    public void Sample(long devices, uint now)
    {
        foreach (Ring ring in _rings)
        {
            TrendPoint point = ring.At(now, now)!;
            point.Devices = Math.Max(point.Devices, (ulong)devices);
        }
    }

    /// <summary>The points that are not too old, oldest first; copies. Where nothing was there is none.</summary>
    public TrendPoint[] Read(TrendSpan span, uint now) => _rings[(int)span].Read(now);

    /// <summary>Writes all, to be stored.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream bytes = new();
        using (BinaryWriter writer = new(new BrotliStream(bytes, CompressionLevel.Fastest)))
        {
            writer.Write(Version);
            foreach (Ring ring in _rings)
            {
                ring.Write(writer);
            }
        }
        return bytes.ToArray();
    }

    /// <summary>Takes in what <see cref="ToBytes"/> wrote; of a version that is not known nothing.</summary>
    public void Restore(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return;
        }
        using BinaryReader reader = new(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress));
        if (reader.ReadByte() != Version)
        {
            return;
        }
        foreach (Ring ring in _rings)
        {
            ring.Read(reader);
        }
    }

    private sealed class Ring(uint seconds, int slots)
    {
        // As many as the use of channels has.
        private const int MaxChannels = 8192;
        private readonly Dictionary<uint, TrendPoint> _points = [];
        private readonly HashSet<(uint Khz, string? Channel)> _used = [];
        private uint _usedSlot;

        /// <summary>The point of a second; null where that is too long ago.</summary>
        public TrendPoint? At(uint second, uint now)
        {
            uint slot = second / seconds;
            if (slot + slots <= now / seconds)
            {
                return null;
            }
            if (!_points.TryGetValue(slot, out TrendPoint? point))
            {
                if (_points.Count > slots)
                {
                    _ = _points.Remove(_points.Keys.Min());
                }
                _points.Add(slot, point = new() { Time = slot * seconds });
            }
            return point;
        }

        /// <summary>How many channels the newest point has; of an older one how many these are.</summary>
        public int Use(uint second, FrequencyUse[] uses)
        {
            uint slot = second / seconds;
            if (slot < _usedSlot)
            {
                return uses.Length;
            }
            if (slot > _usedSlot)
            {
                _used.Clear();
                _usedSlot = slot;
            }
            foreach (FrequencyUse use in uses)
            {
                if (_used.Count < MaxChannels)
                {
                    _ = _used.Add((use.Khz, use.Channel));
                }
            }
            return _used.Count;
        }

        public TrendPoint[] Read(uint now) =>
            [.. _points.Values.Where(point => (point.Time / seconds) + slots > now / seconds).OrderBy(static point => point.Time).Select(static point => point with { })];

        public void Write(BinaryWriter writer)
        {
            writer.Write7BitEncodedInt(_points.Count);
            foreach (TrendPoint point in _points.Values.OrderBy(static point => point.Time))
            {
                writer.Write(point.Time);
                foreach (ulong value in (ReadOnlySpan<ulong>)[point.Packets, point.Received, point.Devices, point.Channels, point.Alerts])
                {
                    writer.Write7BitEncodedInt64((long)value);
                }
            }
        }

        public void Read(BinaryReader reader)
        {
            for (int left = reader.Read7BitEncodedInt(); left > 0; left--)
            {
                TrendPoint point = new()
                {
                    Time = reader.ReadUInt32(),
                    Packets = (ulong)reader.Read7BitEncodedInt64(),
                    Received = (ulong)reader.Read7BitEncodedInt64(),
                    Devices = (ulong)reader.Read7BitEncodedInt64(),
                    Channels = (ulong)reader.Read7BitEncodedInt64(),
                    Alerts = (ulong)reader.Read7BitEncodedInt64(),
                };
                _points[point.Time / seconds] = point;
            }
        }
    }
}
