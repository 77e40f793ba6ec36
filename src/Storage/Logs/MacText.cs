using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>Prints addresses as UTF-8.</summary>
internal static class MacText
{
    /// <summary>Bytes of the longest printed address.</summary>
    public const int MaxLength = 23;

    private const int Length = 17;

    /// <summary>Bytes of an address as it is printed.</summary>
    public static int LengthOf(MacAddress address) => address.IsExtended ? MaxLength : Length;

    /// <summary>Prints an address, upper case.</summary>
    public static int Write(MacAddress address, Span<byte> to)
    {
        ReadOnlySpan<byte> digits = "0123456789ABCDEF"u8;
        ulong value = address.IsExtended ? address.Eui64 : address.Value;
        to = to[..LengthOf(address)];
        for (int at = to.Length - 2; at >= 0; at -= 3, value >>= 8)
        {
            to[at] = digits[(int)(value >> 4) & 15];
            to[at + 1] = digits[(int)value & 15];
            if (at > 0)
            {
                to[at - 1] = (byte)':';
            }
        }
        return to.Length;
    }
}
