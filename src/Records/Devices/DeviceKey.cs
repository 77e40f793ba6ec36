using System.Buffers.Binary;
using System.Globalization;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Devices;

/// <summary>
/// The printed key of a device: <c>phy_address</c>, both numbers upper-case hexadecimal with their bytes swapped, as the
/// inventory's records.json (conventions.device_key) describes them.
/// </summary>
public static class DeviceKey
{
    /// <summary>Characters of the longest key: two numbers of 16 digits and the underscore.</summary>
    internal const int MaxLength = 33;

    private static readonly ulong s_ieee802154 = BinaryPrimitives.ReverseEndianness((ulong)Adler32("802.15.4"));

    /// <summary>Kismet's checksum of names: two running sums without a modulus; inputs under four bytes give 0.</summary>
    public static uint Adler32(ReadOnlySpan<char> text)
    {
        if (text.Length < 4)
        {
            return 0;
        }
        uint a = 0;
        uint b = 0;
        foreach (char c in text)
        {
            a += (byte)c;
            b += a;
        }
        return (a & 0xFFFF) + (b << 16);
    }

    public static uint Adler32(ReadOnlySpan<byte> text)
    {
        if (text.Length < 4)
        {
            return 0;
        }
        uint a = 0;
        uint b = 0;
        foreach (byte c in text)
        {
            a += c;
            b += a;
        }
        return (a & 0xFFFF) + (b << 16);
    }

    /// <summary>The first half of the keys of a phy, 16 digits.</summary>
    internal static string PhyPart(string phyName) =>
        BinaryPrimitives.ReverseEndianness((ulong)Adler32(phyName)).ToString("X", CultureInfo.InvariantCulture);

    /// <summary>The second half of a key as a number.</summary>
    internal static ulong AddressPart(MacAddress address) =>
        BinaryPrimitives.ReverseEndianness(address.IsExtended ? address.Eui64 : address.Value << 16);

    /// <summary>The printed key.</summary>
    public static string Format(DeviceId id) =>
        string.Create(CultureInfo.InvariantCulture, $"{id.Phy.KeyPrefix}_{AddressPart(id.Address):X}");

    // 02:00:PP:PP:SS:SS, of a device that is known by network and short address.
    private static bool IsShort(ulong value) => (value & 0xFFFF) == 0 && value >> 48 == 0x0200;

    /// <summary>Parses a printed key in either case, with or without leading zeros.</summary>
    /// <returns>False when <paramref name="text"/> is not two hexadecimal numbers joined by an underscore.</returns>
    internal static bool TryParse(ReadOnlySpan<char> text, out ulong phyPart, out MacAddress address)
    {
        phyPart = 0;
        address = default;
        int separator = text.IndexOf('_');
        if (separator < 0
            || !ulong.TryParse(text[..separator], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out phyPart)
            || !ulong.TryParse(text[(separator + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            return false;
        }
        ulong value = BinaryPrimitives.ReverseEndianness(low);
        address = phyPart == s_ieee802154 && !IsShort(value) ? MacAddress.OfExtended(value) : new(value >> 16);
        return true;
    }

    /// <summary>Parses a printed key into the identity of a device of a known phy.</summary>
    /// <param name="id">The identity; meaningless where the phy is unknown.</param>
    /// <param name="known">Whether the phy is known, so that such a device can exist.</param>
    /// <returns>False when the key is not well formed.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DeviceId id, out bool known)
    {
        id = default;
        known = false;
        if (!TryParse(text, out ulong phyPart, out MacAddress address))
        {
            return false;
        }
        foreach (Phy phy in Phy.All)
        {
            if (BinaryPrimitives.ReverseEndianness((ulong)Adler32(phy.Name)) == phyPart)
            {
                id = new(phy, address);
                known = true;
            }
        }
        return true;
    }
}
