// IEEE Std 802-2014, clause 8: universal and local addresses.
using System.Buffers.Binary;
using System.Globalization;

namespace KismetOrleans.Wire;

/// <summary>
/// A MAC address, held as a number whose order is the order of the printed form: 48 bits, or the 64 of an 802.15.4 device
/// (<see cref="IsExtended"/>), which lack the group bit because such an address is one device's.
/// </summary>
/// <param name="Value">
/// The six octets, first octet in bits 40–47. Of an extended address bit 63 is set, the first octet without its last bit is in bits 56–62, and
/// the others follow.
/// </param>
public readonly record struct MacAddress(ulong Value) : IComparable<MacAddress>
{
    private const ulong ExtendedMark = 1UL << 63;
    private const ulong LowerSeven = (1UL << 56) - 1;
    private const int TextLength = 17;
    private const int ExtendedTextLength = 23;

    /// <summary>The address of all zero bits, which means "not set".</summary>
    public static readonly MacAddress Zero;

    /// <summary>The address of all stations, FF:FF:FF:FF:FF:FF.</summary>
    public static readonly MacAddress Broadcast = new(0xFFFF_FFFF_FFFF);

    /// <summary>Whether no address is set.</summary>
    public bool IsZero => Value == 0;

    /// <summary>Whether it has 64 bits.</summary>
    public bool IsExtended => (long)Value < 0;

    /// <summary>Whether the group bit is set (multicast and broadcast).</summary>
    public bool IsGroup => (Value & (ExtendedMark | 0x0100_0000_0000)) == 0x0100_0000_0000;

    /// <summary>Whether the locally administered bit is set, as in randomised addresses.</summary>
    public bool IsLocal => (Value & (IsExtended ? 1UL << 56 : 0x0200_0000_0000)) != 0;

    /// <summary>The first three octets, the organisation's identifier.</summary>
    public uint Oui => IsExtended ? (uint)(Eui64 >> 40) : (uint)(Value >> 24);

    /// <summary>The first six octets as a number.</summary>
    public ulong FirstSix => IsExtended ? Eui64 >> 16 : Value;

    /// <summary>The eight octets of an extended address as a number, first octet in bits 56–63.</summary>
    public ulong Eui64 => ((Value & ~ExtendedMark) >> 56 << 57) | (Value & LowerSeven);

    /// <summary>An extended address; zero, for none, where the group bit is set or all others are not.</summary>
    /// <param name="eui64">Its eight octets, first octet in bits 56–63.</param>
    public static MacAddress OfExtended(ulong eui64) =>
        eui64 == 0 || (eui64 & 1UL << 56) != 0 ? Zero : new(ExtendedMark | (eui64 >> 57 << 56) | (eui64 & LowerSeven));

    /// <summary>Reads the first six octets of <paramref name="octets"/>, which must hold at least six.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> octets) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(octets) << 32) | BinaryPrimitives.ReadUInt32BigEndian(octets[2..]));

    /// <summary>Reads six octets sent least significant first, as Bluetooth does.</summary>
    public static MacAddress ReadReversed(ReadOnlySpan<byte> octets) =>
        new(((ulong)BinaryPrimitives.ReadUInt16LittleEndian(octets[4..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(octets));

    /// <summary>Parses <c>AA:BB:CC:DD:EE:FF</c> in either case; <c>-</c> is taken for <c>:</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        if (text.Length != TextLength || !TryParseOctets(text, out ulong value))
        {
            return false;
        }
        address = new(value);
        return true;
    }

    /// <summary>Parses an address of six octets or an extended one of eight.</summary>
    public static bool TryParseAny(ReadOnlySpan<char> text, out MacAddress address)
    {
        if (text.Length != ExtendedTextLength)
        {
            return TryParse(text, out address);
        }
        address = TryParseOctets(text, out ulong value) ? OfExtended(value) : default;
        return !address.IsZero;
    }

    private static bool TryParseOctets(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        if (text.Length is not (TextLength or ExtendedTextLength))
        {
            return false;
        }
        for (int i = 0; i < text.Length; i += 3)
        {
            if (i > 0 && text[i - 1] is not (':' or '-'))
            {
                return false;
            }
            if (!byte.TryParse(text.Slice(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
            {
                return false;
            }
            value = (value << 8) | octet;
        }
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(MacAddress other) => Value.CompareTo(other.Value);

    /// <summary>The printed form, upper case: <c>AA:BB:CC:DD:EE:FF</c>, or eight octets.</summary>
    public override string ToString() => string.Create(IsExtended ? ExtendedTextLength : TextLength, IsExtended ? Eui64 : Value, static (chars, value) =>
    {
        for (int i = chars.Length - 2, shift = 0; i >= 0; i -= 3, shift += 8)
        {
            byte octet = (byte)(value >> shift);
            chars[i] = HexDigit(octet >> 4);
            chars[i + 1] = HexDigit(octet & 15);
            if (i > 0)
            {
                chars[i - 1] = ':';
            }
        }
    });

    private static char HexDigit(int nibble) => (char)(nibble < 10 ? '0' + nibble : 'A' + nibble - 10);
}
