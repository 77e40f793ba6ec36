using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>Prints addresses as UTF-8.</summary>
internal static class MacText
{
    /// <summary>Octets of a printed address.</summary>
    public const int Length = 17;

    /// <summary>Prints an address, upper case.</summary>
    public static void Write(MacAddress address, Span<byte> to)
    {
        ReadOnlySpan<byte> digits = "0123456789ABCDEF"u8;
        to = to[..Length];
        for (int i = 0, at = 0; i < 6; i++, at += 3)
        {
            int octet = (byte)(address.Value >> (40 - 8 * i));
            to[at] = digits[octet >> 4];
            to[at + 1] = digits[octet & 15];
            if (i < 5)
            {
                to[at + 2] = (byte)':';
            }
        }
    }
}
