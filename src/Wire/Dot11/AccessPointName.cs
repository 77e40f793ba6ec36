// No standard: vendor elements in which access points tell the name that their administrator gave them.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Finds the access point's name in the elements of the vendors that send one.</summary>
internal static class AccessPointName
{
    internal const uint Aruba = 0x000B86;
    private const uint Mist = 0x5C5B35;
    private const uint Mojo = 0x001174;
    private const uint Ruckus = 0x001392;
    private const uint Aerohive = 0x001977;
    private const uint Fortinet = 0x00090F;

    private const byte FortinetFieldApName = 1;

    /// <param name="oui">The element's OUI.</param>
    /// <param name="bytes">The element's body, OUI included, at least four bytes.</param>
    /// <param name="body">Where it lies among the elements.</param>
    /// <param name="e">Takes the name.</param>
    internal static void Parse(uint oui, ReadOnlySpan<byte> bytes, Slice body, ref Dot11Elements e)
    {
        int offset = (oui, bytes[3]) switch
        {
            // Type 1, subtype 3, one byte that is 0.
            (Aruba, 1) when bytes.Length > 6 && bytes[4] == 3 => 6,
            (Mist, 1) => 4,
            (Mojo, 6) => 4,
            (Ruckus, 3) => 4,
            _ => 0,
        };
        if (offset > 0)
        {
            Set(VendorElement.From(body, offset), bytes[offset..], ref e);
            return;
        }
        switch (oui, bytes[3])
        {
            case (Aerohive, 0x21):
                // Version, subtype, length, name.
                if (bytes.Length > 7 && 7 + bytes[6] <= bytes.Length)
                {
                    Set(new Slice((ushort)(body.Offset + 7), bytes[6]), bytes.Slice(7, bytes[6]), ref e);
                }
                break;
            case (Fortinet, 10):
                ParseFortinet(bytes, body, ref e);
                break;
        }
    }

    /// <summary>Cuts NULs off both ends; an empty name is none.</summary>
    internal static void Set(Slice slice, ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        int start = bytes.IndexOfAnyExcept((byte)0);
        if (start < 0)
        {
            return;
        }
        int end = bytes.LastIndexOfAnyExcept((byte)0);
        e.AccessPointName = new Slice((ushort)(slice.Offset + start), (ushort)(end + 1 - start));
    }

    /// <summary>Subtype 10 (two bytes, little-endian), then fields of type, length and text.</summary>
    private static void ParseFortinet(ReadOnlySpan<byte> bytes, Slice body, ref Dot11Elements e)
    {
        if (bytes.Length < 5 || BinaryPrimitives.ReadUInt16LittleEndian(bytes[3..]) != 10)
        {
            return;
        }
        int at = 5;
        while (at + 2 <= bytes.Length && at + 2 + bytes[at + 1] <= bytes.Length)
        {
            int length = bytes[at + 1];
            if (bytes[at] == FortinetFieldApName)
            {
                Set(new Slice((ushort)(body.Offset + at + 2), (ushort)length), bytes.Slice(at + 2, length), ref e);
                return;
            }
            at += 2 + length;
        }
    }
}
