using System.Buffers;
using System.IO.Hashing;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Engine.Streams;

public delegate bool PacketChoice(in TappedPacket packet);

/// <summary>
/// Makes a pcapng file of tapped packets: an interface for each source and link type, described right before its first packet. Not
/// thread-safe.
/// </summary>
public sealed class PcapngExport(ISourceDirectory sources)
{
    /// <summary>Name of the program in the section header; with it the header has the 44 bytes that Kismet's has.</summary>
    private const string Application = "Kismet";

    // A block of the smallest frames grows to this.
    private const int FirstCapacity = 1 << 18;
    private readonly ArrayBufferWriter<byte> _out = new(FirstCapacity);
    private readonly Dictionary<(ushort Source, LinkType LinkType), Interface> _interfaces = [];
    private readonly PacketNumbers _numbers = new();
    private Interface? _newest;

    /// <summary>Which packets the file takes of those that it gets; null for all.</summary>
    public PacketChoice? Takes { get; init; }

    /// <summary>What was made and not taken yet.</summary>
    public ReadOnlyMemory<byte> Written => _out.WrittenMemory;

    public long Packets { get; private set; }

    /// <summary>Whether packets were lost of which no statistics in the file tell.</summary>
    public bool HasUnreportedLosses { get; private set; }

    /// <summary>Forgets what was taken.</summary>
    public void Clear() => _out.ResetWrittenCount();

    public void Begin() => PcapngWriter.WriteSection(_out, Application);

    /// <summary>Adds packets and takes notes of lost ones.</summary>
    public void Add(TappedPackets packets)
    {
        int position = 0;
        while (packets.TryRead(ref position, out TappedPacket packet))
        {
            Add(packet);
        }
    }

    /// <summary>Adds a packet, or takes note of lost ones.</summary>
    public void Add(in TappedPacket packet)
    {
        if (Takes is not null && !packet.IsLoss && !Takes(packet))
        {
            return;
        }
        Interface at = Find(packet);
        if (packet.IsLoss)
        {
            at.Queue = Math.Max(at.Queue, packet.Lost);
            at.Saw(packet.TimeNs);
            HasUnreportedLosses |= at.Lost != at.Reported;
            return;
        }
        Write(packet, at);
    }

    /// <summary>Counts packets as lost that the file cannot take any more.</summary>
    public void Lose(TappedPackets packets)
    {
        int position = 0;
        while (packets.TryRead(ref position, out TappedPacket packet))
        {
            Interface at = Find(packet);
            at.Saw(packet.TimeNs);
            at.Queue = packet.IsLoss ? Math.Max(at.Queue, packet.Lost) : at.Queue;
            at.Left += packet.IsLoss ? 0 : 1;
            HasUnreportedLosses = true;
        }
    }

    /// <summary>Adds statistics of the interfaces that have lost packets since they were told last.</summary>
    public void ReportLosses()
    {
        foreach (Interface lossy in _interfaces.Values.Where(static at => at.Lost != at.Reported))
        {
            WriteStatistics(lossy);
        }
        HasUnreportedLosses = false;
    }

    /// <summary>Ends the file: statistics of all interfaces.</summary>
    public void End()
    {
        foreach (Interface at in _interfaces.Values.OrderBy(static at => at.Number))
        {
            WriteStatistics(at);
        }
        HasUnreportedLosses = false;
    }

    private void Write(in TappedPacket packet, Interface at)
    {
        ReadOnlySpan<byte> frame = packet.Frame;
        PcapngPacketOptions options = new()
        {
            Direction = packet.Direction,
            CrcError = packet.CrcError,
            FrameCrc = frame.IsEmpty ? 0 : Crc32.HashToUInt32(frame),
            PacketId = _numbers.Next(packet),
            Fix = packet.Fix,
        };
        if (options.Fix != 0)
        {
            (options.Latitude, options.Longitude, options.Altitude) = (packet.Latitude, packet.Longitude, packet.Altitude);
        }
        long timeNs = Math.Max(packet.TimeNs, 0);
        PcapngWriter.WritePacket(_out, at.Number, timeNs, packet.Bytes, packet.OriginalLength, options);
        at.Saw(timeNs);
        at.Delivered++;
        Packets++;
    }

    private Interface Find(in TappedPacket packet)
    {
        // Blocks hold long runs of one source.
        if (_newest is { } newest && newest.Source == packet.Source && newest.LinkType == packet.LinkType)
        {
            return newest;
        }
        (ushort Source, LinkType LinkType) key = (packet.Source, packet.LinkType);
        if (!_interfaces.TryGetValue(key, out Interface? found))
        {
            found = Describe(key.Source, key.LinkType);
            _interfaces.Add(key, found);
        }
        return _newest = found;
    }

    private Interface Describe(ushort number, LinkType linkType)
    {
        DatasourceRecord? source = sources.Find(number);
        // As Kismet: left out only where capture interface and interface are one and the same.
        string? description = source is null || source.CaptureInterface == source.Interface ? null : $"capture interface for {source.Interface}";
        PcapngWriter.WriteInterface(_out, linkType, source?.Name ?? $"source {number}", description);
        return new(_interfaces.Count, number, linkType) { SystemBefore = SystemDropped(number) };
    }

    private void WriteStatistics(Interface at)
    {
        at.Reported = at.Lost;
        long dropped = SystemDropped(at.Source);
        // A sensor that started anew counts anew.
        long system = dropped < 0 || at.SystemBefore < 0 ? -1 : dropped < at.SystemBefore ? dropped : dropped - at.SystemBefore;
        PcapngWriter.WriteStatistics(
            _out, new(at.Number, at.NewestNs, at.OldestNs, at.NewestNs, at.Delivered + at.Lost, at.Lost, at.Delivered, system));
    }

    private long SystemDropped(ushort number) => sources.Find(number)?.Sensor is { } sensor ? (long)sensor.Dropped : -1;

    /// <summary>An interface of the file, and what became of its packets.</summary>
    private sealed class Interface(int number, ushort source, LinkType linkType)
    {
        public readonly int Number = number;
        public readonly ushort Source = source;
        public readonly LinkType LinkType = linkType;
        public long SystemBefore;
        public long Delivered;

        // Lost in the stream's queue, and left over when the file had to end.
        public long Queue;
        public long Left;
        public long Reported;
        public long OldestNs = long.MaxValue;
        public long NewestNs;

        public long Lost => Queue + Left;

        public void Saw(long timeNs)
        {
            OldestNs = Math.Min(OldestNs, timeNs);
            NewestNs = Math.Max(NewestNs, timeNs);
        }
    }
}
