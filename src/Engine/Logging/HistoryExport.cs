using System.Buffers;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Engine.Logging;

/// <summary>Makes a pcapng file of packets from the history: an interface for each source and link type. Not thread-safe.</summary>
public sealed class HistoryExport(ISourceDirectory sources)
{
    /// <summary>Bytes after which a reader lets the client take what there is.</summary>
    internal const int PieceBytes = 256 * 1024;

    private const string Application = "Kismet";

    // What Kismet names for a source that it does not know any more.
    private const string UnknownInterface = "lo";
    private readonly ArrayBufferWriter<byte> _out = new(PieceBytes + 64 * 1024);
    private readonly Dictionary<(Guid Source, LinkType LinkType), int> _interfaces = [];
    private (Guid Source, LinkType LinkType) _newest;
    private int _newestNumber = -1;

    /// <summary>What was made and not taken yet.</summary>
    public ReadOnlyMemory<byte> Written => _out.WrittenMemory;

    /// <summary>Whether there is a piece to be sent.</summary>
    public bool IsFull => _out.WrittenCount >= PieceBytes;

    /// <summary>Packets so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Forgets what was taken.</summary>
    public void Clear() => _out.ResetWrittenCount();

    public void Begin() => PcapngWriter.WriteSection(_out, Application);

    /// <summary>Adds a packet.</summary>
    /// <param name="source">UUID of its source.</param>
    /// <param name="timeUs">Microseconds since 1970.</param>
    /// <param name="originalLength">Bytes that it had on the air.</param>
    /// <param name="packet">Its bytes.</param>
    public void Add(Guid source, LinkType linkType, long timeUs, int originalLength, ReadOnlySpan<byte> packet)
    {
        if (_newestNumber < 0 || _newest != (source, linkType))
        {
            _newest = (source, linkType);
            if (!_interfaces.TryGetValue(_newest, out _newestNumber))
            {
                _newestNumber = _interfaces.Count;
                _interfaces.Add(_newest, _newestNumber);
                Describe(source, linkType);
            }
        }
        PcapngWriter.WritePacket(_out, _newestNumber, Math.Max(0, timeUs) * 1000, packet, originalLength);
        Packets++;
    }

    private void Describe(Guid source, LinkType linkType)
    {
        DatasourceRecord? known = sources.Find(source);
        string uuid = known is null ? "0" : source.ToString().ToUpperInvariant();
        PcapngWriter.WriteInterface(
            _out, linkType, known?.Name ?? UnknownInterface, $"kismetdb stored interface {known?.Interface ?? UnknownInterface} {uuid}");
    }
}
