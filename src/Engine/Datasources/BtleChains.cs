using KismetOrleans.Engine.Observations;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// Advertisements of one source that go on in further packets (AUX_CHAIN_IND, Core Specification 5.4, volume 6, part B, 2.3.4.9). A packet of a chain names nobody, and may cut an element
/// anywhere: it belongs to the packet that pointed to it, by channel, time and the identifier of its data, and is read together with the element that was cut before it.
/// </summary>
internal sealed class BtleChains
{
    // At once in the air around one radio, which follows one of them: with room for those whose end was not seen.
    private const int MaxOpen = 32;

    // 2.3.4.9: what one advertising set may send.
    private const int MaxBytes = 1650;

    // A pointer tells the time in units of up to 300 µs, and receivers stamp what has gone through their own queues.
    private const long EarlyNs = 5_000_000, LateNs = 50_000_000;
    private const int MaxElement = 1 + byte.MaxValue;

    private readonly Chain[] _chains = [.. Enumerable.Range(0, MaxOpen).Select(static _ => new Chain())];
    private readonly byte[] _data = new byte[MaxElement + 2 * byte.MaxValue];
    private readonly byte[] _packet = new byte[BtleAdvertising.JoinedHead + MaxElement + 2 * byte.MaxValue];

    /// <summary>Sequence number of an observation whose bytes are of <see cref="TryJoin"/>.</summary>
    public const ushort JoinedMark = 1;

    public static bool IsJoined(in Observation o) => o.Frame.Sequence == JoinedMark;

    /// <summary>Remembers an advertisement that goes on in another packet.</summary>
    public void Begin(in BtleAdvertisement a, ReadOnlySpan<byte> bytes, long timeNs)
    {
        Chain chain = _chains[0];
        foreach (Chain one in _chains)
        {
            if (one.IsOpen && one.Address == a.Address && one.Adi == a.Adi)
            {
                chain = one;
                break;
            }
            // The one that was due longest ago has lost its end.
            chain = one.DueNs < chain.DueNs ? one : chain;
        }
        ReadOnlySpan<byte> data = a.Data.Of(bytes);
        (chain.Address, chain.IsRandom, chain.Adi, chain.Bytes) = (a.Address, a.IsRandom, a.Adi, data.Length);
        chain.Expect(a, timeNs);
        chain.Keep(data[WholeOf(data)..]);
    }

    /// <summary>Takes a packet that names nobody.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="o">When and where it was seen.</param>
    /// <param name="joined">A packet of the advertiser with the elements that end in it; holds until the next one.</param>
    /// <returns>False where it names somebody, or goes on with nothing that was seen.</returns>
    public bool TryJoin(in BtleAdvertisement a, ReadOnlySpan<byte> bytes, in Observation o, out MacAddress advertiser, out ReadOnlySpan<byte> joined)
    {
        advertiser = default;
        joined = default;
        if (!a.Address.IsZero || a.Pdu != BtlePdu.AdvExtInd || a.Data.IsEmpty || Find(a, o) is not { } chain)
        {
            return false;
        }
        ReadOnlySpan<byte> added = a.Data.Of(bytes);
        chain.Tail.AsSpan(0, chain.TailLength).CopyTo(_data);
        added.CopyTo(_data.AsSpan(chain.TailLength));
        ReadOnlySpan<byte> data = _data.AsSpan(0, chain.TailLength + added.Length);
        int whole = WholeOf(data);
        chain.Bytes += added.Length;
        if (a.HasMore && chain.Bytes <= MaxBytes)
        {
            chain.Expect(a, o.TimeNs);
            chain.Keep(data[whole..]);
        }
        else
        {
            chain.DueNs = 0;
        }
        advertiser = chain.Address;
        Span<byte> packet = _packet.AsSpan(0, BtleAdvertising.JoinedHead + whole);
        BtleAdvertising.Join(chain.Address, chain.IsRandom, data[..whole], packet);
        joined = packet;
        return true;
    }

    // The newest of those that it can belong to: of one whose end was lost, another advertisement may have the same identifier.
    private Chain? Find(in BtleAdvertisement a, in Observation o)
    {
        Chain? found = null;
        foreach (Chain chain in _chains)
        {
            bool isDue = chain.IsOpen && o.TimeNs >= chain.DueNs - EarlyNs && o.TimeNs <= chain.DueNs + LateNs;
            bool isThere = o.FrequencyKhz == 0 || o.FrequencyKhz == chain.Khz;
            if (isDue && isThere && chain.Adi == a.Adi && (found is null || chain.DueNs > found.DueNs))
            {
                found = chain;
            }
        }
        return found;
    }

    /// <summary>How many bytes are whole elements; all of them where the rest is padding.</summary>
    private static int WholeOf(ReadOnlySpan<byte> data)
    {
        int at = 0;
        while (at < data.Length)
        {
            int next = at + 1 + data[at];
            if (data[at] == 0)
            {
                return data.Length;
            }
            if (next > data.Length)
            {
                return at;
            }
            at = next;
        }
        return at;
    }

    private sealed class Chain
    {
        public readonly byte[] Tail = new byte[MaxElement];
        public int TailLength;
        public MacAddress Address;
        public bool IsRandom;
        public ushort? Adi;
        public uint Khz;
        public long DueNs;
        public int Bytes;

        public bool IsOpen => DueNs != 0;

        public void Expect(in BtleAdvertisement a, long timeNs) => (Khz, DueNs) = (a.NextKhz, timeNs + (a.NextUs * 1000L));

        public void Keep(ReadOnlySpan<byte> tail)
        {
            TailLength = tail.Length;
            tail.CopyTo(Tail);
        }
    }
}
