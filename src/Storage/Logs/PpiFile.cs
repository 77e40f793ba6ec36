using System.Buffers;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Files;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Storage.Logs;

/// <summary>A pcap file of 802.11 frames with PPI headers; what is no 802.11 has no place in it.</summary>
internal sealed class PpiFile : ILogFile
{
    private const int Capacity = 1 << 18;
    private readonly Stream _file;
    private readonly bool _dataPackets;
    private readonly ArrayBufferWriter<byte> _out = new(Capacity);
    private byte[] _packet = new byte[1 << 12];

    public PpiFile(Stream file, bool dataPackets)
    {
        (_file, _dataPackets) = (file, dataPackets);
        PcapWriter.WriteHeader(_out, LinkType.Ppi);
        Flush();
    }

    public long Bytes { get; private set; }

    public long Packets { get; private set; }

    public void Write(TappedPackets packets, ref int position, long limit)
    {
        while (packets.TryRead(ref position, out TappedPacket packet))
        {
            if (!packet.IsLoss)
            {
                Write(packet);
            }
            if (Bytes + _out.WrittenCount >= limit)
            {
                break;
            }
        }
        Flush();
    }

    public void Tend() => _file.Flush();

    public void Close() => _file.Flush();

    public void Dispose() => _file.Dispose();

    private void Write(in TappedPacket packet)
    {
        PacketDigest.Read(packet, out PacketDigest digest);
        if (digest.Radio.Inner != LinkType.Ieee80211 || packet.Frame.IsEmpty
            || (!_dataPackets && digest.Phy >= 0 && digest.Frame.Type == FrameType.Data))
        {
            return;
        }
        ReadOnlySpan<byte> frame = packet.Bytes[digest.Radio.HeaderLength..];
        if (_packet.Length < PpiWriter.MaxLength + frame.Length)
        {
            _packet = new byte[PpiWriter.MaxLength + frame.Length];
        }
        (double latitude, double longitude, float altitude) = packet.Fix == 0 ? default : (packet.Latitude, packet.Longitude, packet.Altitude);
        int header = PpiWriter.Write(_packet, digest.Radio, packet.Fix, latitude, longitude, altitude);
        // A header that is longer than the one before may make the longest packets longer than a reader takes.
        frame = frame[..Math.Min(frame.Length, CaptureLimits.MaxPacketLength - header)];
        frame.CopyTo(_packet.AsSpan(header));
        int original = Math.Max(frame.Length, packet.OriginalLength - digest.Radio.HeaderLength);
        PcapWriter.WritePacket(
            _out, Math.Clamp(packet.TimeNs, 0, CaptureTime.Max), _packet.AsSpan(0, header + frame.Length), header + original);
        Packets++;
    }

    private void Flush()
    {
        _file.Write(_out.WrittenSpan);
        Bytes += _out.WrittenCount;
        _out.ResetWrittenCount();
    }
}
