using System.Numerics;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Presence;

namespace KismetOrleans.Engine.Presence;

/// <summary>Adds up who was where in a time, device by device: in which of its five minutes, and who saw that. Some hundred bytes a device and source for a day.</summary>
public sealed class PresenceTally(uint first, uint last)
{
    // A dictionary, its entry in another one, and what it holds: rather more than it is.
    private const int ShareBytes = 400;
    private readonly Dictionary<ulong, Dictionary<Guid, Share>> _devices = [];

    /// <summary>Devices so far.</summary>
    public int Count => _devices.Count;

    /// <summary>Bytes that it holds, more or less.</summary>
    public long Bytes { get; private set; }

    public IEnumerable<DeviceId> Devices => _devices.Keys.Select(static value => new DeviceId(value));

    /// <summary>Whether a device was seen.</summary>
    public bool Has(DeviceId device) => _devices.ContainsKey(device.Value);

    /// <summary>Takes an entry of the time.</summary>
    public void Add(PresenceEntry entry)
    {
        if (!_devices.TryGetValue(entry.Device, out Dictionary<Guid, Share>? shares))
        {
            _devices.Add(entry.Device, shares = new(1));
        }
        if (!shares.TryGetValue(entry.Source, out Share? share))
        {
            shares.Add(entry.Source, share = new(new ulong[((last - first) / 64) + 1]));
            Bytes += ShareBytes + (share.Slots.Length * sizeof(ulong));
        }
        share.Slots[(entry.Slot - first) / 64] |= 1UL << (int)((entry.Slot - first) % 64);
        share.Packets += entry.Packets;
        share.Signal = PresenceEntry.Louder(share.Signal, entry.Signal);
    }

    /// <summary>A device as it was in the whole time.</summary>
    /// <param name="device">One that was seen.</param>
    /// <param name="gap">Seconds without it that do not end a visit.</param>
    /// <param name="describe">A source with its name and place.</param>
    public PresenceDevice Of(DeviceId device, PresenceSubject subject, uint gap, Func<Guid, PresenceSource> describe)
    {
        Dictionary<Guid, Share> shares = _devices[device.Value];
        ulong[] slots = Slots(shares.Values);
        (uint begin, uint end, uint visits) = Visits(slots, gap);
        return new(
            device, subject, Second(begin), Second(end + 1), Seconds(slots), visits, shares.Values.Aggregate(0UL, static (sum, share) => sum + share.Packets),
            shares.Values.Aggregate((sbyte)0, static (loudest, share) => PresenceEntry.Louder(loudest, share.Signal)),
            [.. shares.Select(share => describe(share.Key) with { Seen = Seconds(share.Value.Slots), Packets = share.Value.Packets, Signal = share.Value.Signal })
                .OrderByDescending(static source => source.Seen).ThenByDescending(static source => source.Packets).ThenBy(static source => source.Uuid)]);
    }

    /// <summary>How many devices were seen in each of some slots of the time, and how many of them with a made-up address.</summary>
    /// <param name="slots">How many slots are one number.</param>
    public (ulong Devices, ulong Randomised)[] CountBy(uint slots)
    {
        (ulong Devices, ulong Randomised)[] counts = new (ulong, ulong)[((last - first) / slots) + 1];
        foreach ((ulong device, Dictionary<Guid, Share> shares) in _devices)
        {
            bool isRandomised = PresenceTables.IsRandomised(new(device));
            ulong[] seen = Slots(shares.Values);
            for (uint slot = Next(seen, 0); slot < seen.Length * 64; slot = Next(seen, ((slot / slots) + 1) * slots))
            {
                counts[slot / slots].Devices++;
                counts[slot / slots].Randomised += isRandomised ? 1UL : 0;
            }
        }
        return counts;
    }

    /// <summary>Whether two slots, in order, are of the same visit where nothing is between them.</summary>
    /// <param name="gap">Seconds that do not end one.</param>
    public static bool IsVisit(uint slot, uint next, uint gap) => next == slot || (next - slot - 1) * (ulong)PresenceEntry.SlotSeconds <= gap;

    /// <summary>The Unix second at which a slot begins, or the last one there is.</summary>
    public static uint Second(uint slot) => (uint)Math.Min((ulong)slot * PresenceEntry.SlotSeconds, uint.MaxValue);

    // First slot of the first one, last slot of the last one, and how many there are.
    private (uint First, uint Last, uint Visits) Visits(ulong[] slots, uint gap)
    {
        uint begin = Next(slots, 0);
        (uint before, uint visits) = (begin, 1);
        for (uint slot = Next(slots, begin + 1); slot < slots.Length * 64; slot = Next(slots, slot + 1))
        {
            visits += IsVisit(before, slot, gap) ? 0u : 1;
            before = slot;
        }
        return (first + begin, first + before, visits);
    }

    // The first slot from a slot on; after the last one where there is none.
    private static uint Next(ulong[] slots, uint from)
    {
        for (uint word = from / 64; word < slots.Length; word++)
        {
            ulong bits = slots[word] & (word == from / 64 ? ulong.MaxValue << (int)(from % 64) : ulong.MaxValue);
            if (bits != 0)
            {
                return (word * 64) + (uint)BitOperations.TrailingZeroCount(bits);
            }
        }
        return (uint)slots.Length * 64;
    }

    private static uint Seconds(ulong[] slots) => (uint)slots.Sum(BitOperations.PopCount) * PresenceEntry.SlotSeconds;

    private static ulong[] Slots(IReadOnlyCollection<Share> shares)
    {
        if (shares.Count == 1)
        {
            return shares.First().Slots;
        }
        ulong[] all = (ulong[])shares.First().Slots.Clone();
        foreach (Share share in shares)
        {
            for (int i = 0; i < all.Length; i++)
            {
                all[i] |= share.Slots[i];
            }
        }
        return all;
    }

    private sealed class Share(ulong[] slots)
    {
        public ulong[] Slots { get; } = slots;

        public ulong Packets { get; set; }

        public sbyte Signal { get; set; }
    }
}
