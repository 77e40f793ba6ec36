// No standard: which elements tell one kind of device from another, by the API's default lists.
using System.Runtime.CompilerServices;
using KismetOrleans.Wire.Hashing;

namespace KismetOrleans.Wire.Dot11;

/// <summary>
/// Collects the elements that the fingerprints list, the first of each, and hashes them in the order of the list. A fingerprint is
/// XXH32 (seed 0) over the listed elements one behind the other, each with its identifier and length; 0 where there is none of them.
/// </summary>
internal struct FingerprintElements
{
    private const int SlotCount = 17;

    /// <summary>Slots of the vendor elements, named for vendor and type: 00156D, 0050F2, 001018, 506F9A, 00904C.</summary>
    private const int Ubiquiti0 = 12, Wmm2 = 13, Broadcom2 = 14, Owe28 = 15, Epigram51 = 16;

    /// <summary>An element's longest form, header included.</summary>
    private const int LongestElement = ElementReader.HeaderLength + byte.MaxValue;

    /// <summary>Slots of 0, 1, 45, 48, 50, 61, 74, 127, 191, 195, then vendors.</summary>
    private static ReadOnlySpan<byte> BeaconOrder => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, Ubiquiti0, Wmm2, Broadcom2, Owe28];

    /// <summary>Slots of 1, 50, 59, 107, 127, then vendors.</summary>
    private static ReadOnlySpan<byte> ProbeOrder => [1, 4, 10, 11, 7, Broadcom2, Epigram51];

    /// <summary>Where each listed element's body lies; the offset is 0 while there is none, as its header comes first.</summary>
    private Slots _slots;

    internal void Note(byte id, Slice body, ReadOnlySpan<byte> bytes)
    {
        int slot = SlotOf(id, bytes);
        if (slot >= 0 && _slots[slot].Offset == 0)
        {
            _slots[slot] = body;
        }
    }

    internal readonly uint Beacon(ReadOnlySpan<byte> elements) => Hash(BeaconOrder, elements);

    internal readonly uint Probe(ReadOnlySpan<byte> elements) => Hash(ProbeOrder, elements);

    private static int SlotOf(byte id, ReadOnlySpan<byte> bytes)
    {
        switch (id)
        {
            case 0: return 0;
            case 1: return 1;
            case 45: return 2;
            case 48: return 3;
            case 50: return 4;
            case 61: return 5;
            case 74: return 6;
            case 127: return 7;
            case 191: return 8;
            case 195: return 9;
            case 59: return 10;
            case 107: return 11;
            case ElementId.Vendor when bytes.Length > VendorElement.OuiLength:
                return (VendorElement.OuiOf(bytes), bytes[VendorElement.OuiLength]) switch
                {
                    (0x00156D, 0) => Ubiquiti0,
                    (0x0050F2, 2) => Wmm2,
                    (0x001018, 2) => Broadcom2,
                    (0x506F9A, 28) => Owe28,
                    (0x00904C, 51) => Epigram51,
                    _ => -1,
                };
            default: return -1;
        }
    }

    private readonly uint Hash(ReadOnlySpan<byte> order, ReadOnlySpan<byte> elements)
    {
        int total = 0;
        foreach (byte slot in order)
        {
            total += Whole(_slots[slot]).Length;
        }
        if (total == 0)
        {
            return 0;
        }
        // At most the longest list of the longest elements: 3,598 bytes.
        Span<byte> joined = stackalloc byte[Math.Min(total, BeaconOrder.Length * LongestElement)];
        int at = 0;
        foreach (byte slot in order)
        {
            ReadOnlySpan<byte> element = Whole(_slots[slot]).Of(elements);
            element.CopyTo(joined[at..]);
            at += element.Length;
        }
        return XxHash32.Compute(joined);
    }

    private static Slice Whole(Slice body) => body.Offset == 0
        ? default
        : new Slice((ushort)(body.Offset - ElementReader.HeaderLength), (ushort)(body.Length + ElementReader.HeaderLength));

    [InlineArray(SlotCount)]
    private struct Slots
    {
        private Slice _first;
    }
}
