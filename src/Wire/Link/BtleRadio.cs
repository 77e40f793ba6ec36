// tcpdump.org, "LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR". Everything is little endian.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>The radio pseudo-header in front of Bluetooth Low Energy link layer packets (256).</summary>
internal static class BtleRadio
{
    /// <summary>RF channel, signal, noise, access address offenses, reference access address, flags.</summary>
    private const int Length = 10;

    private const int LastRfChannel = 39;

    /// <summary>What controllers say that have measured nothing (Core 5.4, volume 4, part E, 7.7.65.2).</summary>
    private const sbyte NoSignal = 127;

    private const ushort SignalValid = 0x0002;
    private const ushort NoiseValid = 0x0004;
    private const ushort CrcChecked = 0x0400;
    private const ushort CrcValid = 0x0800;

    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        if (packet.Length < Length)
        {
            return LinkHeader.Short(packet, originalLength, Length, ref header);
        }
        header.HeaderLength = Length;
        header.Inner = LinkType.BtleLinkLayer;
        if (packet[0] <= LastRfChannel)
        {
            header.FrequencyKhz = 2_402_000 + 2_000u * packet[0];
        }
        else
        {
            header.Anomalies |= Anomalies.LinkHeaderMalformed;
        }
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(packet[8..]);
        if ((flags & SignalValid) != 0 && (sbyte)packet[1] != NoSignal)
        {
            header.SignalKind = SignalKind.Dbm;
            header.Signal = (sbyte)packet[1];
        }
        if ((flags & NoiseValid) != 0)
        {
            header.Noise = (sbyte)packet[2];
        }
        if ((flags & (CrcChecked | CrcValid)) == CrcChecked)
        {
            header.ReportedBadFcs = true;
            header.Anomalies |= Anomalies.BluetoothCrcBad;
        }
        return ParseStatus.Ok;
    }
}
