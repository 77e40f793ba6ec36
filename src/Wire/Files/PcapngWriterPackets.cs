// draft-ietf-opsawg-pcapng, 4.3 "Enhanced Packet Block" and 3.5.1 "Custom Options"; Kismet's GPS option: kismetwireless.net, "PCAP-NG GPS".
using System.Buffers;
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Files;

/// <content>Packets with options, in the order in which Kismet writes them; epb_flags, which it does not write, come first.</content>
public static partial class PcapngWriter
{
    /// <summary>Kismet's number in IANA's list of private enterprises.</summary>
    internal const uint KismetEnterprise = 55_922;

    /// <summary>Code of a custom option of bytes that may be copied.</summary>
    internal const ushort CustomOption = 2_989;

    private const ushort OptionFlags = 2;
    private const ushort OptionHash = 3;
    private const ushort OptionPacketId = 5;
    private const byte HashCrc32 = 2;
    private const byte GpsMagic = 0x47;
    private const byte GpsVersion = 1;
    private const uint GpsLongitude = 2;
    private const uint GpsLatitude = 4;
    private const uint GpsAltitude = 8;

    // Enterprise number, magic, version, length, mask; then four bytes a field.
    private const int GpsFixedLength = 12;

    // Every option but the position: header and value, padded.
    private const int MaxPlainOptions = 8 + 12 + 12 + EndLength;

    /// <summary>Writes one packet with options.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="interfaceNumber">Number of the interface, in the order of their descriptions.</param>
    /// <param name="timeNs">Nanoseconds since 1970.</param>
    /// <param name="packet">Its bytes, at most <see cref="CaptureLimits.MaxPacketLength"/>.</param>
    /// <param name="originalLength">Bytes that it had; written as no less than <paramref name="packet"/> has, else readers refuse the file.</param>
    /// <param name="options">What else is known of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">Number, time or length do not fit the format.</exception>
    public static void WritePacket(
        IBufferWriter<byte> to, int interfaceNumber, long timeNs, ReadOnlySpan<byte> packet, int originalLength, in PcapngPacketOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceNumber);
        ArgumentOutOfRangeException.ThrowIfNegative(timeNs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, CaptureLimits.MaxPacketLength);
        bool altitude = options.Fix >= 3 && options.Altitude != 0;
        int gps = options.Fix >= 2 ? GpsFixedLength + (altitude ? 12 : 8) : -1;
        int data = PcapngPacket.DataOffset + Padded(packet.Length);
        // Not cleared as a whole: the packet is most of it.
        Span<byte> block = to.GetSpan(data + MaxPlainOptions + OptionLength(gps) + 4);
        BinaryPrimitives.WriteUInt32LittleEndian(block, (uint)PcapngBlockType.EnhancedPacket);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], interfaceNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(block[12..], (uint)(timeNs >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(block[16..], (uint)timeNs);
        BinaryPrimitives.WriteInt32LittleEndian(block[20..], packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block[24..], Math.Max(originalLength, packet.Length));
        packet.CopyTo(block[PcapngPacket.DataOffset..]);
        block[(PcapngPacket.DataOffset + packet.Length)..data].Clear();
        Span<byte> rest = block[data..];
        if (options.Flags != 0)
        {
            rest = WriteOption(rest, OptionFlags, 4);
            BinaryPrimitives.WriteUInt32LittleEndian(rest, options.Flags);
            rest = rest[4..];
        }
        if (options.FrameCrc != 0)
        {
            rest = WriteOption(rest, OptionHash, 5);
            rest[..8].Clear();
            rest[0] = HashCrc32;
            BinaryPrimitives.WriteUInt32LittleEndian(rest[1..], options.FrameCrc);
            rest = rest[8..];
        }
        if (options.PacketId != 0)
        {
            rest = WriteOption(rest, OptionPacketId, 8);
            BinaryPrimitives.WriteUInt64LittleEndian(rest, options.PacketId);
            rest = rest[8..];
        }
        if (gps >= 0)
        {
            rest = WriteGps(rest, options, gps, altitude);
        }
        bool any = options.Flags != 0 || options.FrameCrc != 0 || options.PacketId != 0 || gps >= 0;
        if (any)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, 0);
            rest = rest[EndLength..];
        }
        int length = block.Length - rest.Length + 4;
        BinaryPrimitives.WriteInt32LittleEndian(rest, length);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        to.Advance(length);
    }

    private static Span<byte> WriteGps(Span<byte> rest, scoped in PcapngPacketOptions options, int length, bool altitude)
    {
        rest = WriteOption(rest, CustomOption, length);
        BinaryPrimitives.WriteUInt32LittleEndian(rest, KismetEnterprise);
        rest[4] = GpsMagic;
        rest[5] = GpsVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(rest[6..], (ushort)(length - GpsFixedLength));
        BinaryPrimitives.WriteUInt32LittleEndian(rest[8..], GpsLongitude | GpsLatitude | (altitude ? GpsAltitude : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(rest[12..], Fixed(options.Longitude, 180, 1e7));
        BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], Fixed(options.Latitude, 180, 1e7));
        if (altitude)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest[20..], Fixed(options.Altitude, 180_000, 1e4));
        }
        return rest[length..];
    }

    // The conversion saturates: a position from a broken receiver does not wrap around to a credible one.
    private static uint Fixed(double value, double offset, double unit) => (uint)Math.Round((value + offset) * unit);

    private static Span<byte> WriteOption(Span<byte> options, ushort option, int length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(options, option);
        BinaryPrimitives.WriteUInt16LittleEndian(options[2..], (ushort)length);
        return options[4..];
    }
}
