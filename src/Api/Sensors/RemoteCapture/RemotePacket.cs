using System.Buffers;
using System.Buffers.Binary;
using KismetOrleans.Engine.Reports;
using KismetOrleans.Packets;
using KismetOrleans.Wire;
using MessagePack;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

/// <summary>What a frame with a packet says; nothing is allocated for it.</summary>
internal struct RemotePacket
{
    /// <summary>Bytes that <see cref="WriteFront"/> writes at most.</summary>
    public const int MaxFront = 32;

    // No kind that is read has a longer name.
    private const int MaxReportType = 16;

    // Of a 2.4 GHz band, in kHz.
    private const ulong FirstBtleKhz = 2_402_000;
    private const ulong FirstIeee802154Khz = 2_405_000;

    /// <summary>Whether there is a packet.</summary>
    public bool HasPacket;

    public uint LinkType;

    /// <summary>Unix second at which the program captured it.</summary>
    public ulong Seconds;

    /// <summary>Microseconds of it.</summary>
    public uint Microseconds;

    /// <summary>Bytes that it had on the air.</summary>
    public uint OriginalLength;

    public ReadOnlySequence<byte> Bytes;

    /// <summary>Signal in dBm, 0 when not told.</summary>
    public int SignalDbm;

    /// <summary>Noise in dBm, 0 when not told.</summary>
    public int NoiseDbm;

    /// <summary>Rate of an 802.11 frame in units of 500 kbit/s, 0 when not told.</summary>
    public byte Rate;

    /// <summary>Whether its check sequence was wrong.</summary>
    public bool IsDamaged;

    /// <summary>Centre frequency in kHz, 0 when not told.</summary>
    public ulong FrequencyKhz;

    /// <summary>Where the sensor was; null when not told.</summary>
    public PacketPosition? Position;

    /// <summary>Whether there is a report in JSON.</summary>
    public bool HasJson;

    /// <summary>Whose it is; 0 for one that is not read.</summary>
    public ReportKind Report;

    public ReadOnlySequence<byte> Json;

    /// <summary>Whether there is a measured spectrum.</summary>
    public bool HasSpectrum;

    /// <exception cref="InvalidDataException">It is no map of this protocol.</exception>
    public static RemotePacket Read(in ReadOnlySequence<byte> payload) => RemoteMessages.Read(payload, s_read);

    /// <summary>
    /// Writes what the sensor says of the signal where the packet's own link type would have it, if that is one without: as its header in front.
    /// </summary>
    /// <param name="to">Where; at least <see cref="MaxFront"/>.</param>
    /// <param name="type">Link type of the packet with what was written.</param>
    /// <returns>Bytes written.</returns>
    public readonly int WriteFront(Span<byte> to, out LinkType type)
    {
        type = (LinkType)Math.Min(LinkType, ushort.MaxValue);
        if (SignalDbm == 0 && FrequencyKhz == 0 && Rate == 0 && !IsDamaged)
        {
            return 0;
        }
        switch (type)
        {
            case Wire.LinkType.Ieee80211:
                type = Wire.LinkType.Radiotap;
                return WriteRadiotap(to);
            case Wire.LinkType.BtleLinkLayer:
                type = Wire.LinkType.BtleLinkLayerWithPhdr;
                return WriteBtle(to);
            case Wire.LinkType.Ieee802154WithFcs or Wire.LinkType.Ieee802154NoFcs:
                bool hasFcs = type == Wire.LinkType.Ieee802154WithFcs;
                type = Wire.LinkType.Ieee802154Tap;
                return WriteTap(to, hasFcs);
            default:
                return 0;
        }
    }

    private static readonly RemoteMessages.Reading<RemotePacket> s_read = ReadMap;

    private static RemotePacket ReadMap(ref MessagePackReader from)
    {
        RemotePacket packet = default;
        for (int keys = from.ReadMapHeader(); keys > 0; keys--)
        {
            switch (from.ReadInt64())
            {
                case 1:
                    packet.ReadPosition(ref from);
                    break;
                case 2:
                    packet.ReadSignal(ref from);
                    break;
                case 4:
                    packet.ReadBytes(ref from);
                    break;
                case 3:
                    packet.HasSpectrum = true;
                    RemoteMessages.Skip(ref from);
                    break;
                case 5:
                    packet.ReadJson(ref from);
                    break;
                default:
                    RemoteMessages.Skip(ref from);
                    break;
            }
        }
        return packet;
    }

    private void ReadBytes(ref MessagePackReader from)
    {
        for (int keys = from.ReadMapHeader(); keys > 0; keys--)
        {
            switch (from.ReadInt64())
            {
                case 1:
                    LinkType = from.ReadUInt32();
                    break;
                case 2:
                    Seconds = from.ReadUInt64();
                    break;
                case 3:
                    Microseconds = from.ReadUInt32();
                    break;
                case 4:
                    OriginalLength = from.ReadUInt32();
                    break;
                case 6:
                    Bytes = from.ReadBytes() ?? default;
                    HasPacket = true;
                    break;
                default:
                    RemoteMessages.Skip(ref from);
                    break;
            }
        }
    }

    private void ReadJson(ref MessagePackReader from)
    {
        HasJson = true;
        for (int keys = from.ReadMapHeader(); keys > 0; keys--)
        {
            switch (from.ReadInt64())
            {
                case 1:
                    Report = Kind(from.ReadStringSequence() ?? default);
                    break;
                case 2:
                    ulong seconds = from.ReadUInt64();
                    Seconds = HasPacket ? Seconds : seconds;
                    break;
                case 3:
                    uint microseconds = from.ReadUInt32();
                    Microseconds = HasPacket ? Microseconds : microseconds;
                    break;
                case 4:
                    Json = from.ReadStringSequence() ?? default;
                    break;
                default:
                    RemoteMessages.Skip(ref from);
                    break;
            }
        }
    }

    private static ReportKind Kind(in ReadOnlySequence<byte> name)
    {
        Span<byte> type = stackalloc byte[MaxReportType];
        if (name.Length > type.Length)
        {
            return 0;
        }
        name.CopyTo(type);
        return JsonReport.KindOf(type[..(int)name.Length]);
    }

    private void ReadSignal(ref MessagePackReader from)
    {
        for (int keys = from.ReadMapHeader(); keys > 0; keys--)
        {
            switch (from.ReadInt64())
            {
                case 1:
                    SignalDbm = Dbm(ref from);
                    break;
                case 2:
                    NoiseDbm = Dbm(ref from);
                    break;
                case 5:
                    FrequencyKhz = (ulong)Math.Max(0, Number(ref from));
                    break;
                default:
                    RemoteMessages.Skip(ref from);
                    break;
            }
        }
    }

    private void ReadPosition(ref MessagePackReader from)
    {
        (double latitude, double longitude, double altitude, byte fix) = (double.NaN, double.NaN, 0, 0);
        for (int keys = from.ReadMapHeader(); keys > 0; keys--)
        {
            switch (from.ReadInt64())
            {
                case 1:
                    latitude = Number(ref from);
                    break;
                case 2:
                    longitude = Number(ref from);
                    break;
                case 3:
                    altitude = Number(ref from);
                    break;
                case 4:
                    fix = (byte)Math.Clamp(Number(ref from), 0, 3);
                    break;
                default:
                    RemoteMessages.Skip(ref from);
                    break;
            }
        }
        PacketPosition position = new(latitude, longitude, altitude, fix);
        Position = position.IsValid ? position : null;
    }

    // Written as an unsigned number of 32 bits, two's complement.
    private static int Dbm(ref MessagePackReader from)
    {
        int dbm = unchecked((int)(long)Number(ref from));
        return dbm is > -200 and < 100 ? dbm : 0;
    }

    private static double Number(ref MessagePackReader from) =>
        from.NextMessagePackType == MessagePackType.Float ? from.ReadDouble() : from.ReadInt64();

    // radiotap.org: flags and rate (bits 1 and 2), channel (bit 3), signal and noise in dBm (bits 5 and 6), each where it is told.
    private readonly int WriteRadiotap(Span<byte> to)
    {
        int length = 8;
        uint present = 0;
        if (Rate != 0 || IsDamaged)
        {
            // Both, so that the channel behind them is aligned.
            present |= (1u << 1) | (1u << 2);
            to[length++] = (byte)(IsDamaged ? 0x40 : 0);
            to[length++] = Rate;
        }
        if (FrequencyKhz is > 0 and < 65_536_000)
        {
            present |= 1u << 3;
            BinaryPrimitives.WriteUInt16LittleEndian(to[length..], (ushort)(FrequencyKhz / 1000));
            BinaryPrimitives.WriteUInt16LittleEndian(to[(length + 2)..], (ushort)(FrequencyKhz < 3_000_000 ? 0x0080 : 0x0100));
            length += 4;
        }
        if (SignalDbm != 0)
        {
            present |= 1u << 5;
            to[length++] = (byte)(sbyte)Math.Clamp(SignalDbm, sbyte.MinValue, sbyte.MaxValue);
        }
        if (NoiseDbm != 0)
        {
            present |= 1u << 6;
            to[length++] = (byte)(sbyte)Math.Clamp(NoiseDbm, sbyte.MinValue, sbyte.MaxValue);
        }
        BinaryPrimitives.WriteUInt16LittleEndian(to, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], present);
        return length;
    }

    // LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR: channel, signal, noise, offenses, reference address, flags (whitened already, signal valid, noise valid).
    private readonly int WriteBtle(Span<byte> to)
    {
        to[..10].Clear();
        to[0] = (byte)(FrequencyKhz < FirstBtleKhz ? 0 : Math.Min((FrequencyKhz - FirstBtleKhz) / 2000, 39));
        to[1] = (byte)(sbyte)Math.Clamp(SignalDbm, sbyte.MinValue, sbyte.MaxValue);
        to[2] = (byte)(sbyte)Math.Clamp(NoiseDbm, sbyte.MinValue, sbyte.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], (ushort)(1 | (SignalDbm != 0 ? 2 : 0) | (NoiseDbm != 0 ? 4 : 0)));
        return 10;
    }

    // LINKTYPE_IEEE802_15_4_TAP: check sequence (0), signal (1), channel (3).
    private readonly int WriteTap(Span<byte> to, bool hasFcs)
    {
        int length = 4;
        BinaryPrimitives.WriteInt32LittleEndian(Tlv(to, 0, 1, ref length), hasFcs ? 1 : 0);
        if (SignalDbm != 0)
        {
            BinaryPrimitives.WriteSingleLittleEndian(Tlv(to, 1, 4, ref length), SignalDbm);
        }
        if (FrequencyKhz >= FirstIeee802154Khz && FrequencyKhz < FirstIeee802154Khz + (16 * 5000))
        {
            BinaryPrimitives.WriteInt32LittleEndian(Tlv(to, 3, 3, ref length), 11 + (int)((FrequencyKhz - FirstIeee802154Khz) / 5000));
        }
        BinaryPrimitives.WriteUInt16LittleEndian(to, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)length);
        return length;
    }

    private static Span<byte> Tlv(Span<byte> to, ushort type, ushort valueLength, ref int at)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[at..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(to[(at + 2)..], valueLength);
        Span<byte> value = to.Slice(at + 4, 4);
        at += 8;
        return value;
    }
}
