using KismetOrleans.Records.Devices;

namespace KismetOrleans.Grains.Observations;

/// <summary>
/// Observations of one source for one partition, in order, with the octets that they need. Reused: the datasource that filled it takes it
/// back once the partition has applied it.
/// </summary>
public sealed class ObservationBatch
{
    private Observation[] _items = new Observation[256];
    private byte[] _octets = new byte[64 * 1024];
    private int _octetCount;

    /// <summary>Number of the source in the server's directory.</summary>
    public ushort SourceNumber { get; private set; }

    /// <summary>Unix second of the server's clock when the batch was filled.</summary>
    public uint Clock { get; private set; }

    /// <summary>Observations.</summary>
    public int Count { get; private set; }

    /// <summary>Positions that observations refer to.</summary>
    public List<GeoPoint> Locations { get; } = [];

    /// <summary>The observations, in order.</summary>
    public ReadOnlySpan<Observation> Items => _items.AsSpan(0, Count);

    /// <summary>The octets of an observation's frame.</summary>
    public ReadOnlySpan<byte> Octets(in Observation observation) => _octets.AsSpan(observation.Offset, observation.Length);

    /// <summary>Empties the batch for a source.</summary>
    public void Reset(ushort sourceNumber, uint clock)
    {
        SourceNumber = sourceNumber;
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
            Array.Resize(ref _items, Count * 2);
        }
        ref Observation item = ref _items[Count++];
        item = observation;
        item.Offset = _octetCount;
        item.Length = octets.Length;
        if (octets.IsEmpty)
        {
            return;
        }
        if (_octetCount + octets.Length > _octets.Length)
        {
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, _octetCount + octets.Length));
        }
        octets.CopyTo(_octets.AsSpan(_octetCount));
        _octetCount += octets.Length;
    }
}
