using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>Bluetooth devices and packets that are known for trouble.</summary>
public sealed class BluetoothAlertTests
{
    private readonly AlertRig _rig = new();

    [Theory]
    [InlineData(0x80E1_2600_0001, false, new[] { "FLIPPERZERO" })]
    [InlineData(0x80E1_2700_0001, false, new[] { "FLIPPERZERO" })]
    [InlineData(0x80E1_2800_0001, false, new string[0])]
    // A random address has no maker.
    [InlineData(0x80E1_2600_0001, true, new string[0])]
    public void A_Flipper_is_told_once(ulong address, bool random, string[] names)
    {
        _rig.HearPacket(Advertisement(BtlePdu.AdvInd, address, random, [2, 1, 6]), LinkType.BtleLinkLayer);
        _rig.HearPacket(Advertisement(BtlePdu.AdvInd, address, random, [2, 1, 5]), LinkType.BtleLinkLayer);
        Assert.Equal(names, _rig.Alerts.Select(static alert => alert.Header));
    }

    [Theory]
    [InlineData(BtlePdu.AdvInd, 40, new[] { "BLEEDINGTOOTH" })]
    [InlineData(BtlePdu.AdvScanInd, 40, new[] { "BLEEDINGTOOTH" })]
    [InlineData(BtlePdu.AdvInd, 30, new string[0])]
    // Not one that legacy advertising's limit is for.
    [InlineData(BtlePdu.AdvNonConnInd, 40, new string[0])]
    public void Too_much_data_at_once_is_told(BtlePdu pdu, byte length, string[] names)
    {
        byte[] data = [length, 0xFF, .. new byte[length - 1]];
        Assert.Equal(names, _rig.HearPacket(Advertisement(pdu, 0x0011_2233_4455, false, data), LinkType.BtleLinkLayer).Names);
    }

    // Access address, header, advertiser's address, data; no CRC.
    private static byte[] Advertisement(BtlePdu pdu, ulong address, bool random, byte[] data)
    {
        byte[] packet = [0xD6, 0xBE, 0x89, 0x8E, (byte)((byte)pdu | (random ? 0x40 : 0)), (byte)(6 + data.Length), 0, 0, 0, 0, 0, 0, .. data];
        for (int i = 0; i < 6; i++)
        {
            packet[6 + i] = (byte)(address >> (8 * i));
        }
        uint crc = BtleCrcOf(packet.AsSpan(4));
        return [.. packet, (byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)];
    }

    // Bluetooth Core Specification 5.4, volume 6, part B, section 3.1.1: x^24 + x^10 + x^9 + x^6 + x^4 + x^3 + x + 1, preset 0x555555, bits reversed.
    private static uint BtleCrcOf(ReadOnlySpan<byte> pdu)
    {
        uint crc = 0xAAAAAA;
        foreach (byte b in pdu)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xDA6000 : crc >> 1;
            }
        }
        return crc;
    }
}
