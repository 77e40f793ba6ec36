// draft-ietf-opsawg-pcap.
using System.Buffers;
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Files;

/// <summary>Writes pcap files, little endian.</summary>
public static class PcapWriter
{
    private const uint MagicMicroseconds = 0xA1B2_C3D4;
    private const uint MagicNanoseconds = 0xA1B2_3C4D;

    /// <summary>Writes the header of the file.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="linkType">Link type of all packets.</param>
    /// <param name="nanoseconds">Whether packets have nanoseconds; <see cref="WritePacket"/> must be told the same.</param>
    public static void WriteHeader(IBufferWriter<byte> to, LinkType linkType, bool nanoseconds = false)
    {
        Span<byte> header = to.GetSpan(PcapHeader.Length)[..PcapHeader.Length];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, nanoseconds ? MagicNanoseconds : MagicMicroseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], CaptureLimits.MaxPacketLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], (ushort)linkType);
        to.Advance(PcapHeader.Length);
    }

    /// <summary>Writes one packet.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="timeNs">Nanoseconds since 1970, within <see cref="CaptureTime.Max"/>.</param>
    /// <param name="packet">Its bytes, at most <see cref="CaptureLimits.MaxPacketLength"/>.</param>
    /// <param name="originalLength">Bytes that it had; negative for as many as <paramref name="packet"/> has.</param>
    /// <param name="nanoseconds">As the header was told.</param>
    /// <exception cref="ArgumentOutOfRangeException">Time or length do not fit the format.</exception>
    public static void WritePacket(IBufferWriter<byte> to, long timeNs, ReadOnlySpan<byte> packet, int originalLength = -1, bool nanoseconds = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timeNs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeNs, CaptureTime.Max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, CaptureLimits.MaxPacketLength);
        (long seconds, long ns) = Math.DivRem(timeNs, CaptureTime.Second);
        int length = PcapRecord.HeaderLength + packet.Length;
        Span<byte> record = to.GetSpan(length)[..length];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(nanoseconds ? ns : ns / 1000));
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], originalLength < 0 ? packet.Length : originalLength);
        packet.CopyTo(record[PcapRecord.HeaderLength..]);
        to.Advance(length);
    }
}
