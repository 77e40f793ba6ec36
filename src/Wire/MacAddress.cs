// IEEE Std 802-2014, clause 8: universal and local addresses.
using System.Buffers.Binary;
using System.Globalization;

namespace KismetOrleans.Wire;

/// <summary>A 48-bit MAC address, held as a number whose order is the order of the printed form.</summary>
/// <param name="Value">The six octets, first octet in bits 40–47.</param>
public readonly record struct MacAddress(ulong Value) : IComparable<MacAddress>
{
    /// <summary>The address of all zero bits, which means "not set".</summary>
    public static readonly MacAddress Zero;

    /// <summary>The address of all stations, FF:FF:FF:FF:FF:FF.</summary>
    public static readonly MacAddress Broadcast = new(0xFFFF_FFFF_FFFF);

    /// <summary>Whether no address is set.</summary>
    public bool IsZero => Value == 0;

    /// <summary>Whether the group bit is set (multicast and broadcast).</summary>
    public bool IsGroup => (Value & 0x0100_0000_0000) != 0;

    /// <summary>Whether the locally administered bit is set, as in randomised addresses.</summary>
    public bool IsLocal => (Value & 0x0200_0000_0000) != 0;

    /// <summary>The first three octets, the organisation's identifier.</summary>
    public uint Oui => (uint)(Value >> 24);

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
        if (text.Length != 17)
        {
            return false;
        }
        ulong value = 0;
        for (int i = 0; i < 17; i += 3)
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
        address = new(value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(MacAddress other) => Value.CompareTo(other.Value);

    /// <summary>The printed form, upper case: <c>AA:BB:CC:DD:EE:FF</c>.</summary>
    public override string ToString() => string.Create(17, Value, static (chars, value) =>
    {
        for (int i = 0; i < 6; i++)
        {
            byte octet = (byte)(value >> (40 - 8 * i));
            chars[3 * i] = HexDigit(octet >> 4);
            chars[3 * i + 1] = HexDigit(octet & 15);
            if (i < 5)
            {
                chars[3 * i + 2] = ':';
            }
        }
    });

    private static char HexDigit(int nibble) => (char)(nibble < 10 ? '0' + nibble : 'A' + nibble - 10);
}
