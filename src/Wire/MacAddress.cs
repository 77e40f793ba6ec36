// IEEE Std 802-2014, clause 8: universal and local addresses.
using System.Buffers.Binary;
using System.Numerics;

namespace KismetOrleans.Wire;

/// <summary>
/// A MAC address, held as a number whose order is the order of the printed form: 48 bits, or the 64 of an 802.15.4 device
/// (<see cref="IsExtended"/>), which lack the group bit because such an address is one device's.
/// </summary>
/// <param name="Value">
/// The six bytes, first byte in bits 40–47. Of an extended address bit 63 is set, the first byte without its last bit is in bits 56–62, and
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

    /// <summary>The first three bytes, the organisation's identifier.</summary>
    public uint Oui => IsExtended ? (uint)(Eui64 >> 40) : (uint)(Value >> 24);

    /// <summary>The first six bytes as a number.</summary>
    public ulong FirstSix => IsExtended ? Eui64 >> 16 : Value;

    /// <summary>The eight bytes of an extended address as a number, first byte in bits 56–63.</summary>
    public ulong Eui64 => ((Value & ~ExtendedMark) >> 56 << 57) | (Value & LowerSeven);

    /// <summary>An extended address; zero, for none, where the group bit is set or all others are not.</summary>
    /// <param name="eui64">Its eight bytes, first byte in bits 56–63.</param>
    public static MacAddress OfExtended(ulong eui64) =>
        eui64 == 0 || (eui64 & 1UL << 56) != 0 ? Zero : new(ExtendedMark | (eui64 >> 57 << 56) | (eui64 & LowerSeven));

    /// <summary>Reads the first six bytes of <paramref name="bytes"/>, which must hold at least six.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));

    /// <summary>Reads six bytes sent least significant first, as Bluetooth does.</summary>
    internal static MacAddress ReadReversed(ReadOnlySpan<byte> bytes) =>
        new(((ulong)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(bytes));

    /// <summary>
    /// Parses six bytes in hexadecimal, in either case: <c>AA:BB:CC:DD:EE:FF</c>, <c>AA-BB-CC-DD-EE-FF</c>, <c>AABBCCDDEEFF</c>, <c>AABB.CCDD.EEFF</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address) => TryParse<char>(text, out address);

    /// <summary>Parses the same in ASCII or UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out MacAddress address) => TryParse<byte>(text, out address);

    /// <summary>Parses an address of six bytes or an extended one of eight.</summary>
    public static bool TryParseAny(ReadOnlySpan<char> text, out MacAddress address)
    {
        if (TryParse(text, out address))
        {
            return true;
        }
        address = TryParseBytes<char>(text, 8, out ulong value) ? OfExtended(value) : default;
        return !address.IsZero;
    }

    private static bool TryParse<T>(ReadOnlySpan<T> text, out MacAddress address)
        where T : unmanaged, IBinaryInteger<T>
    {
        bool parsed = TryParseBytes(text, 6, out ulong value);
        address = new(parsed ? value : 0);
        return parsed;
    }

    /// <summary>Bytes in hexadecimal, with a separator after each, after two of them (a point), or none.</summary>
    private static bool TryParseBytes<T>(ReadOnlySpan<T> text, int bytes, out ulong value)
        where T : unmanaged, IBinaryInteger<T>
    {
        value = 0;
        // Digits between two separators; 0 where there is none.
        int group = text.Length == (bytes * 3) - 1 ? 2 : text.Length == (bytes * 5 / 2) - 1 ? 4 : text.Length == bytes * 2 ? bytes * 2 : 0;
        if (group == 0)
        {
            return false;
        }
        int digits = 0;
        foreach (T character in text)
        {
            int c = int.CreateTruncating(character);
            if (digits == group)
            {
                bool separates = group == 4 ? c == '.' : c is ':' or '-';
                if (!separates)
                {
                    return false;
                }
                digits = 0;
                continue;
            }
            int digit = c is >= '0' and <= '9' ? c - '0' : (c | 0x20) is >= 'a' and <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
            if (digit < 0)
            {
                return false;
            }
            value = (value << 4) | (uint)digit;
            digits++;
        }
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(MacAddress other) => Value.CompareTo(other.Value);

    /// <summary>The printed form, upper case: <c>AA:BB:CC:DD:EE:FF</c>, or eight bytes.</summary>
    public override string ToString() => string.Create(IsExtended ? ExtendedTextLength : TextLength, IsExtended ? Eui64 : Value, static (chars, value) =>
    {
        for (int i = chars.Length - 2, shift = 0; i >= 0; i -= 3, shift += 8)
        {
            byte b = (byte)(value >> shift);
            chars[i] = HexDigit(b >> 4);
            chars[i + 1] = HexDigit(b & 15);
            if (i > 0)
            {
                chars[i - 1] = ':';
            }
        }
    });

    private static char HexDigit(int nibble) => (char)(nibble < 10 ? '0' + nibble : 'A' + nibble - 10);
}
