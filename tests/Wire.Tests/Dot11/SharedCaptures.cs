using System.Text.Json;
using KismetOrleans.Wire.Files;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Captures and a real server's answers that lie beside the repository on some machines. Tests that read them are skipped elsewhere (SharedFact).</summary>
internal static class SharedCaptures
{
    internal static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Path.Combine(SharedMaterial.Root!, "captures"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".pcap" or ".pcapng")
            .Order(StringComparer.Ordinal);

    internal static string File(string name) => Files.First(file => Path.GetFileName(file) == name);

    /// <summary>The answer to a request, such as <c>krack/all_devices.json</c>.</summary>
    internal static JsonDocument Golden(string path) =>
        JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(SharedMaterial.Root!, "golden", path)));

    /// <summary>The frames of a capture without link header and check sequence, cut ones marked; what has no frame is left out.</summary>
    internal static IEnumerable<(LinkType Inner, byte[] Frame, bool Cut)> Frames(string file)
    {
        foreach ((LinkType type, byte[] packet, int originalLength) in Packets(System.IO.File.ReadAllBytes(file)))
        {
            if (LinkHeader.TryParse(type, packet, originalLength, out RadioHeader header) == ParseStatus.Ok)
            {
                yield return (header.Inner, packet[header.HeaderLength..^header.FcsLength], packet.Length < originalLength);
            }
        }
    }

    /// <summary>The packets of a capture.</summary>
    internal static IEnumerable<(LinkType Type, byte[] Packet, int OriginalLength)> Packets(byte[] file) =>
        PcapngBlock.HasMagic(file) ? Pcapng(file) : Pcap(file);

    private static IEnumerable<(LinkType Type, byte[] Packet, int OriginalLength)> Pcap(byte[] file)
    {
        if (PcapHeader.TryParse(file, out PcapHeader header) != ParseStatus.Ok)
        {
            yield break;
        }
        int at = PcapHeader.Length;
        while (at + header.RecordHeaderLength <= file.Length)
        {
            PcapRecord record = PcapRecord.Read(file.AsSpan(at), header.BigEndian);
            at += header.RecordHeaderLength;
            if (record.Length > file.Length - at)
            {
                yield break;
            }
            yield return (header.LinkType, file[at..(at + (int)record.Length)], (int)Math.Min(record.OriginalLength, int.MaxValue));
            at += (int)record.Length;
        }
    }

    private static IEnumerable<(LinkType Type, byte[] Packet, int OriginalLength)> Pcapng(byte[] file)
    {
        var interfaces = new List<LinkType>();
        bool bigEndian = false;
        int at = 0;
        while (PcapngBlock.TryParse(file.AsSpan(at), bigEndian, out PcapngBlock block) == ParseStatus.Ok && block.Length <= file.Length - at)
        {
            bigEndian = block.BigEndian;
            ReadOnlyMemory<byte> bytes = file.AsMemory(at, (int)block.Length);
            if (block.Type == PcapngBlockType.Interface)
            {
                interfaces.Add((LinkType)PcapngBlock.ReadUInt16(bytes.Span[PcapngBlock.HeaderLength..], bigEndian));
            }
            else if (block.Type == PcapngBlockType.EnhancedPacket
                && PcapngPacket.TryParse(bytes.Span, block, out PcapngPacket packet) == ParseStatus.Ok
                && packet.Interface < interfaces.Count)
            {
                yield return (interfaces[(int)packet.Interface], bytes.Slice(packet.Offset, (int)packet.Length).ToArray(), (int)packet.OriginalLength);
            }
            at += (int)block.Length;
        }
    }
}
