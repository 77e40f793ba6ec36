using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;

namespace KismetOrleans.Fuzz;


/// <summary>What mutations begin with: whole files, and packets by link type.</summary>
internal sealed class Corpus
{
    /// <summary>Bytes kept of a file: a mutation of a longer one would mostly spoil what is never reached in time.</summary>
    private const int MaxFileLength = 64 * 1024;

    /// <summary>Packets taken of one file, so that a large capture does not crowd out the odd ones.</summary>
    private const int MaxPacketsPerFile = 4_000;

    private readonly List<(string Name, byte[] Bytes)> _files = [];
    private readonly Dictionary<LinkType, List<byte[]>> _packets = [];

    public IReadOnlyList<(string Name, byte[] Bytes)> Files => _files;

    public IReadOnlyDictionary<LinkType, List<byte[]>> Packets => _packets;

    public static Corpus Load(IEnumerable<string> paths)
    {
        Corpus corpus = new();
        foreach (string path in paths)
        {
            IEnumerable<string> files = Directory.Exists(path)
                ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsCapture).Order(StringComparer.Ordinal)
                : [path];
            foreach (string file in files)
            {
                corpus.Add(file);
            }
        }
        return corpus;
    }

    private static bool IsCapture(string path) =>
        path.EndsWith(".pcap", StringComparison.Ordinal) || path.EndsWith(".pcapng", StringComparison.Ordinal)
            || path.EndsWith(".gz", StringComparison.Ordinal);

    private void Add(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        _files.Add((path, bytes.Length > MaxFileLength ? bytes[..MaxFileLength] : bytes));
        try
        {
            using CaptureFileReader reader = CaptureFileReader.Open(path);
            PacketBatch batch = new();
            for (int taken = 0; taken < MaxPacketsPerFile && reader.TryRead(batch);)
            {
                for (int i = 0; i < batch.Count && taken < MaxPacketsPerFile; i++, taken++)
                {
                    LinkType type = batch.Packets[i].LinkType;
                    if (!_packets.TryGetValue(type, out List<byte[]>? packets))
                    {
                        _packets[type] = packets = [];
                    }
                    packets.Add(batch.Span(i).ToArray());
                }
            }
        }
        catch (CaptureFormatException)
        {
            // A file that is no capture is a good start for a mutation all the same.
        }
    }
}
