using System.Buffers.Binary;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Packets;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Streams;

/// <summary>
/// An entry of <see cref="TappedPackets"/>: a packet as it was captured, a note of packets that were lost, or the mark of the batch that the
/// packets after it are of. Little endian, unaligned: time (8 bytes), length and original length (4 each; in a note one count of 8, in a mark
/// the two numbers of the batch), source and link type (2 each), bytes of the link header (2) and of the check sequence (1, whose highest bit says
/// that an advertiser follows), flags (1); then with a position latitude, longitude (8 each) and altitude (4); then with an advertiser its address (8);
/// then the packet.
/// </summary>
public readonly ref struct TappedPacket
{
    /// <summary>Bytes of an entry without position and packet.</summary>
    internal const int HeaderLength = 24;

    private const int PositionLength = 20;
    private const int AdvertiserLength = 8;
    private const byte HasAdvertiserFlag = 0x80;
    private const byte IsLossFlag = 0x01;
    private const int DirectionShift = 1;
    private const byte HasFrameFlag = 0x08;
    private const byte CrcErrorFlag = 0x10;
    private const int FixShift = 5;
    private const byte IsMarkFlag = 0x80;

    // Radiotap's field TX flags: only frames that the interface sent itself have it (radiotap.org, "TX flags").
    private const uint RadiotapTxFlags = 1 << 15;

    private readonly ReadOnlySpan<byte> _entry;

    private TappedPacket(ReadOnlySpan<byte> entry) => _entry = entry;

    /// <summary>Capture time in nanoseconds since 1970; of a note, the time of the newest packet lost.</summary>
    public long TimeNs => BinaryPrimitives.ReadInt64LittleEndian(_entry);

    /// <summary>Number of the datasource.</summary>
    public ushort Source => BinaryPrimitives.ReadUInt16LittleEndian(_entry[16..]);

    public LinkType LinkType => (LinkType)BinaryPrimitives.ReadUInt16LittleEndian(_entry[18..]);

    /// <summary>Whether this is a note of packets that were lost since the stream began, of this source and link type.</summary>
    public bool IsLoss => (Flags & IsLossFlag) != 0;

    /// <summary>Whether this is the mark of a batch of this source; readers of a stream do not see them.</summary>
    internal bool IsMark => (Flags & IsMarkFlag) != 0;

    internal Watermark Batch => new((ulong)TimeNs, (ulong)Lost);

    /// <summary>How many packets were lost; of notes alone.</summary>
    public long Lost => BinaryPrimitives.ReadInt64LittleEndian(_entry[8..]);

    /// <summary>Bytes that the packet had on the air.</summary>
    public int OriginalLength => BinaryPrimitives.ReadInt32LittleEndian(_entry[12..]);

    /// <summary>Which way it went through the interface.</summary>
    public PacketDirection Direction => (PacketDirection)((Flags >> DirectionShift) & 3);

    /// <summary>Its check sequence did not match.</summary>
    public bool CrcError => (Flags & CrcErrorFlag) != 0;

    /// <summary>0 without position, 2 with latitude and longitude, 3 with altitude too.</summary>
    public byte Fix => (byte)((Flags >> FixShift) & 3);

    /// <summary>Degrees north; with a position alone.</summary>
    public double Latitude => BinaryPrimitives.ReadDoubleLittleEndian(_entry[HeaderLength..]);

    /// <summary>Degrees east; with a position alone.</summary>
    public double Longitude => BinaryPrimitives.ReadDoubleLittleEndian(_entry[(HeaderLength + 8)..]);

    /// <summary>Metres; with a position alone.</summary>
    public float Altitude => BinaryPrimitives.ReadSingleLittleEndian(_entry[(HeaderLength + 16)..]);

    /// <summary>The packet's bytes as captured.</summary>
    public ReadOnlySpan<byte> Bytes => IsLoss || IsMark ? [] : _entry[Before(Fix, HasAdvertiser)..];

    /// <summary>Who began what a packet of Bluetooth Low Energy goes on with that names nobody itself; zero for all others.</summary>
    public MacAddress Advertiser => HasAdvertiser ? new(BinaryPrimitives.ReadUInt64LittleEndian(_entry[Before(Fix, false)..])) : MacAddress.Zero;

    /// <summary>The frame without link header and check sequence; empty where the header could not be read.</summary>
    public ReadOnlySpan<byte> Frame =>
        (Flags & HasFrameFlag) == 0 ? [] : Bytes[BinaryPrimitives.ReadUInt16LittleEndian(_entry[20..])..^(_entry[22] & ~HasAdvertiserFlag)];

    private bool HasAdvertiser => (_entry[22] & HasAdvertiserFlag) != 0;

    private byte Flags => _entry[23];

    /// <summary>Bytes that the entry of a packet takes.</summary>
    internal static int SizeOf(int length, DissectedAs what, in RadioHeader radio) => Before(FixOf(what, radio), what == DissectedAs.BtleChained) + length;

    /// <summary>Writes the entry of a packet to the front of <paramref name="to"/>, which has room for it.</summary>
    internal static void Write(
        Span<byte> to, ushort source, in CapturedPacket packet, ReadOnlySpan<byte> bytes, DissectedAs what, in RadioHeader radio, MacAddress advertiser)
    {
        bool read = what != DissectedAs.Nothing;
        // A header of more than 65,535 bytes can only be a nested one; its frame is not worth two bytes more in each entry.
        bool framed = read && radio.HeaderLength <= ushort.MaxValue;
        byte fix = FixOf(what, radio);
        bool chained = what == DissectedAs.BtleChained;
        BinaryPrimitives.WriteInt64LittleEndian(to, packet.TimeNs);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], packet.OriginalLength);
        BinaryPrimitives.WriteUInt16LittleEndian(to[16..], source);
        BinaryPrimitives.WriteUInt16LittleEndian(to[18..], (ushort)packet.LinkType);
        BinaryPrimitives.WriteUInt16LittleEndian(to[20..], framed ? (ushort)radio.HeaderLength : (ushort)0);
        to[22] = (byte)((framed ? radio.FcsLength : 0) | (chained ? HasAdvertiserFlag : 0));
        to[23] = (byte)(((int)DirectionOf(packet.LinkType, bytes, read, radio) << DirectionShift)
            | (framed ? HasFrameFlag : 0)
            | (read && radio.ReportedBadFcs ? CrcErrorFlag : 0)
            | (fix << FixShift));
        if (fix != 0)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(to[HeaderLength..], radio.Latitude);
            BinaryPrimitives.WriteDoubleLittleEndian(to[(HeaderLength + 8)..], radio.Longitude);
            BinaryPrimitives.WriteSingleLittleEndian(to[(HeaderLength + 16)..], radio.Altitude);
        }
        if (chained)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(to[Before(fix, false)..], advertiser.Value);
        }
        bytes.CopyTo(to[Before(fix, chained)..]);
    }

    internal static void WriteLoss(Span<byte> to, ushort source, LinkType linkType, long timeNs, long lost)
    {
        to[..HeaderLength].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(to, timeNs);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], lost);
        BinaryPrimitives.WriteUInt16LittleEndian(to[16..], source);
        BinaryPrimitives.WriteUInt16LittleEndian(to[18..], (ushort)linkType);
        to[23] = IsLossFlag;
    }

    internal static void WriteMark(Span<byte> to, ushort source, Watermark batch)
    {
        to[..HeaderLength].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(to, batch.BootId);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], batch.Sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(to[16..], source);
        to[23] = IsMarkFlag;
    }

    /// <summary>Takes the entry at the front of <paramref name="from"/>.</summary>
    /// <returns>Its bytes; 0 when there is no whole entry, or its numbers contradict each other.</returns>
    internal static int Read(ReadOnlySpan<byte> from, out TappedPacket packet)
    {
        packet = default;
        if (from.Length < HeaderLength)
        {
            return 0;
        }
        TappedPacket header = new(from[..HeaderLength]);
        bool bare = header.IsLoss || header.IsMark;
        int before = bare ? HeaderLength : Before(header.Fix, header.HasAdvertiser);
        int length = bare ? 0 : BinaryPrimitives.ReadInt32LittleEndian(from[8..]);
        if (length < 0 || from.Length < before || from.Length - before < length)
        {
            return 0;
        }
        if (BinaryPrimitives.ReadUInt16LittleEndian(from[20..]) + (from[22] & ~HasAdvertiserFlag) > length)
        {
            return 0;
        }
        packet = new(from[..(before + length)]);
        return before + length;
    }

    /// <summary>The fix of a packet; 0 where there is no position.</summary>
    private static byte FixOf(DissectedAs what, in RadioHeader radio) =>
        what == DissectedAs.Nothing || radio.Fix < 2 ? (byte)0 : Math.Min(radio.Fix, (byte)3);

    private static int Before(byte fix, bool hasAdvertiser) => HeaderLength + (fix == 0 ? 0 : PositionLength) + (hasAdvertiser ? AdvertiserLength : 0);

    // A header is what a receiver reports. Without one nothing says how the file came by the frame.
    private static PacketDirection DirectionOf(LinkType type, ReadOnlySpan<byte> bytes, bool read, in RadioHeader radio)
    {
        if (!read || radio.HeaderLength == 0)
        {
            return PacketDirection.Unknown;
        }
        bool sent = type == LinkType.Radiotap && bytes.Length >= 8
            && (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) & RadiotapTxFlags) != 0;
        return sent ? PacketDirection.Outbound : PacketDirection.Inbound;
    }
}
