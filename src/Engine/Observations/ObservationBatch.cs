using System.Runtime.CompilerServices;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Observations;

/// <summary>
/// Observations for one partition, in order, with the bytes that they need. Reused, and grown as needed: a cluster has some hundred partitions, of which a
/// batch of packets concerns few (<see cref="BatchSets"/>).
/// </summary>
public sealed class ObservationBatch
{
    private const int FirstItems = 8;
    private const int FirstBytes = 1024;
    private Observation[] _items = [];
    private byte[] _bytes = [];
    private int _byteCount;

    /// <summary>Number of the source of observations that name none themselves.</summary>
    public ushort SourceNumber { get; private set; }

    /// <summary>Which batch of which feed it is.</summary>
    public BatchMark Mark { get; set; }

    /// <summary>Unix second of the server's clock when the batch was filled.</summary>
    public uint Clock { get; private set; }

    public int Count { get; private set; }

    /// <summary>Positions that observations refer to.</summary>
    public List<GeoPoint> Locations { get; } = [];

    /// <summary>The observations, in order.</summary>
    public ReadOnlySpan<Observation> Items => _items.AsSpan(0, Count);

    public ReadOnlySpan<byte> AllBytes => _bytes.AsSpan(0, _byteCount);

    /// <summary>Bytes that it keeps for what it is filled with next.</summary>
    internal long Kept => ((long)_items.Length * Unsafe.SizeOf<Observation>()) + _bytes.Length;

    internal ReadOnlySpan<byte> Bytes(in Observation observation) => _bytes.AsSpan(observation.Offset, observation.Length);

    /// <summary>Empties the batch for a source, 0 for observations of several.</summary>
    internal void Reset(ushort sourceNumber, uint clock)
    {
        SourceNumber = sourceNumber;
        Mark = default;
        Clock = clock;
        Count = 0;
        _byteCount = 0;
        Locations.Clear();
    }

    /// <summary>Appends a copy of an observation with its bytes (none where the tracker needs none).</summary>
    internal void Add(in Observation observation, ReadOnlySpan<byte> bytes)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(FirstItems, Count * 2));
        }
        ref Observation item = ref _items[Count++];
        item = observation;
        if (item.Source == 0)
        {
            item.Source = SourceNumber;
        }
        item.Offset = _byteCount;
        item.Length = bytes.Length;
        if (bytes.IsEmpty)
        {
            return;
        }
        if (_byteCount + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Math.Max(FirstBytes, _bytes.Length * 2), _byteCount + bytes.Length));
        }
        bytes.CopyTo(_bytes.AsSpan(_byteCount));
        _byteCount += bytes.Length;
    }

    /// <summary>Empties room for observations that are about to be read; they count only after <see cref="Fill"/>.</summary>
    internal Span<Observation> Room(int count)
    {
        if (count > _items.Length)
        {
            _items = new Observation[count];
        }
        return _items.AsSpan(0, count);
    }

    /// <summary>Takes over what stands in <see cref="Room"/>, with bytes as they were in another batch.</summary>
    /// <exception cref="InvalidDataException">An observation lies outside the bytes or the positions.</exception>
    internal void Fill(int count, ReadOnlySpan<byte> bytes)
    {
        foreach (ref readonly Observation o in _items.AsSpan(0, count))
        {
            if ((uint)o.Offset > (uint)bytes.Length || (uint)o.Length > (uint)(bytes.Length - o.Offset) || o.Location >= Locations.Count)
            {
                throw new InvalidDataException("An observation lies outside its batch.");
            }
        }
        if (bytes.Length > _bytes.Length)
        {
            _bytes = new byte[bytes.Length];
        }
        bytes.CopyTo(_bytes);
        (Count, _byteCount) = (count, bytes.Length);
    }
}
