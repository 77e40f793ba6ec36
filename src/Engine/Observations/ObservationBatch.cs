using System.Runtime.CompilerServices;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Observations;

/// <summary>
/// Observations for one partition, in order, with the octets that they need. Reused, and grown as needed: a cluster has some hundred partitions, of which a
/// batch of packets concerns few (<see cref="BatchSets"/>).
/// </summary>
public sealed class ObservationBatch
{
    private const int FirstItems = 8;
    private const int FirstOctets = 1024;
    private Observation[] _items = [];
    private byte[] _octets = [];
    private int _octetCount;

    /// <summary>Number of the source of observations that name none themselves.</summary>
    public ushort SourceNumber { get; private set; }

    /// <summary>Which batch of which feed it is.</summary>
    public BatchMark Mark { get; set; }

    /// <summary>Unix second of the server's clock when the batch was filled.</summary>
    public uint Clock { get; private set; }

    /// <summary>Observations.</summary>
    public int Count { get; private set; }

    /// <summary>Positions that observations refer to.</summary>
    public List<GeoPoint> Locations { get; } = [];

    /// <summary>The observations, in order.</summary>
    public ReadOnlySpan<Observation> Items => _items.AsSpan(0, Count);

    /// <summary>The octets of all observations.</summary>
    public ReadOnlySpan<byte> AllOctets => _octets.AsSpan(0, _octetCount);

    /// <summary>Bytes that it keeps for what it is filled with next.</summary>
    internal long Kept => ((long)_items.Length * Unsafe.SizeOf<Observation>()) + _octets.Length;

    /// <summary>The octets of an observation's frame.</summary>
    public ReadOnlySpan<byte> Octets(in Observation observation) => _octets.AsSpan(observation.Offset, observation.Length);

    /// <summary>Empties the batch for a source, 0 for observations of several.</summary>
    public void Reset(ushort sourceNumber, uint clock)
    {
        SourceNumber = sourceNumber;
        Mark = default;
        Clock = clock;
        Count = 0;
        _octetCount = 0;
        Locations.Clear();
    }

    /// <summary>Appends a copy of an observation with its octets (none where the tracker needs none).</summary>
    public void Add(in Observation observation, ReadOnlySpan<byte> octets)
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
        item.Offset = _octetCount;
        item.Length = octets.Length;
        if (octets.IsEmpty)
        {
            return;
        }
        if (_octetCount + octets.Length > _octets.Length)
        {
            Array.Resize(ref _octets, Math.Max(Math.Max(FirstOctets, _octets.Length * 2), _octetCount + octets.Length));
        }
        octets.CopyTo(_octets.AsSpan(_octetCount));
        _octetCount += octets.Length;
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

    /// <summary>Takes over what stands in <see cref="Room"/>, with octets as they were in another batch.</summary>
    /// <exception cref="InvalidDataException">An observation lies outside the octets or the positions.</exception>
    internal void Fill(int count, ReadOnlySpan<byte> octets)
    {
        foreach (ref readonly Observation o in _items.AsSpan(0, count))
        {
            if ((uint)o.Offset > (uint)octets.Length || (uint)o.Length > (uint)(octets.Length - o.Offset) || o.Location >= Locations.Count)
            {
                throw new InvalidDataException("An observation lies outside its batch.");
            }
        }
        if (octets.Length > _octets.Length)
        {
            _octets = new byte[octets.Length];
        }
        octets.CopyTo(_octets);
        (Count, _octetCount) = (count, octets.Length);
    }
}
