// Bluetooth Core Specification 5.4, volume 6, part B, section 3.1.1: CRC of the link layer.
namespace KismetOrleans.Wire.Bluetooth;

/// <summary>CRC-24 of the Bluetooth Low Energy link layer.</summary>
internal static class BtleCrc
{
    /// <summary>x²⁴ + x¹⁰ + x⁹ + x⁶ + x⁴ + x³ + x + 1, bits reversed because bytes go over the air least significant bit first.</summary>
    private const uint Polynomial = 0xDA6000;

    /// <summary>The preset 0x555555 of advertising channels, reversed.</summary>
    private const uint AdvertisingPreset = 0xAAAAAA;

    private static readonly uint[] Table = BuildTable();

    /// <summary>The CRC of an advertising PDU (header and payload), as the three bytes behind it read in little-endian order.</summary>
    public static uint ComputeAdvertising(ReadOnlySpan<byte> pdu)
    {
        uint state = AdvertisingPreset;
        foreach (byte b in pdu)
        {
            state = Table[(byte)(state ^ b)] ^ state >> 8;
        }
        return state;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint state = i;
            for (int bit = 0; bit < 8; bit++)
            {
                state = state >> 1 ^ (state & 1) * Polynomial;
            }
            table[i] = state;
        }
        return table;
    }
}
