using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Storage.Logs;

internal sealed class PcapngFile : ILogFile
{
    private readonly Stream _file;
    private readonly PcapngExport _export;

    public PcapngFile(Stream file, ISourceDirectory sources, bool dataPackets)
    {
        _file = file;
        _export = new(sources) { Takes = dataPackets ? null : IsNoData };
        _export.Begin();
        Flush();
    }

    public long Bytes { get; private set; }

    public long Packets => _export.Packets;

    public void Write(TappedPackets packets, ref int position, long limit)
    {
        while (packets.TryRead(ref position, out TappedPacket packet))
        {
            _export.Add(packet);
            if (Bytes + _export.Written.Length >= limit)
            {
                break;
            }
        }
        Flush();
    }

    public void Tend()
    {
        if (_export.HasUnreportedLosses)
        {
            _export.ReportLosses();
            Flush();
        }
        _file.Flush();
    }

    public void Close()
    {
        _export.End();
        Flush();
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private void Flush()
    {
        _file.Write(_export.Written.Span);
        Bytes += _export.Written.Length;
        _export.Clear();
    }

    // Type bits of the frame control field (IEEE Std 802.11-2020, 9.2.4.1.3).
    private static bool IsNoData(in TappedPacket packet) =>
        packet.Frame is not [byte control, ..] || (FrameType)(control >> 2 & 3) != FrameType.Data
        || packet.LinkType is not (LinkType.Ieee80211 or LinkType.Prism or LinkType.Radiotap or LinkType.Avs or LinkType.Ppi);
}
