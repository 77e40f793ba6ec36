using System.Buffers.Binary;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// One report as it waits and as it stands in the journal, little-endian: address in bits 0–47 and flags in bits 48–55 of eight bytes, time in
/// nanoseconds since 1970 (8), frequency in kHz (4), signal in dBm (2), bytes of the payload (2); with a position latitude and longitude in degrees
/// (8, 8), altitude in metres and speed in km/h (4, 4); then the payload (<see cref="Dot11ScanPayload"/>, <see cref="BluetoothScanPayload"/>), whose last eight bytes are <see cref="Hash"/>
/// where a flag says so: what reads payloads passes over what is behind them, in the version before as well.
/// </summary>
internal struct ScanRecord
{
    /// <summary>Bytes without position and payload.</summary>
    public const int FixedBytes = 24;

    public const int PlaceBytes = 24;

    private const int FlagShift = 48;
    private const ulong RadioFlag = 1UL << FlagShift;
    private const ulong PlaceFlag = 2UL << FlagShift;
    private const ulong AltitudeFlag = 4UL << FlagShift;
    private const ulong HashFlag = 8UL << FlagShift;

    public const int HashBytes = 8;
    public MacAddress Address;

    /// <summary>Nanoseconds since 1970.</summary>
    public long TimeNs;

    /// <summary>Frequency in kHz, 0 when not reported.</summary>
    public uint FrequencyKhz;

    /// <summary>Signal in dBm, 0 when not reported.</summary>
    public short Signal;

    /// <summary>Whether anything was said of the radio: signal, frequency or channel.</summary>
    public bool HasRadio;

    /// <summary>Whether there is a position.</summary>
    public bool HasPlace;

    public bool HasAltitude;

    /// <summary>Degrees north.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Metres.</summary>
    public float Altitude;

    /// <summary>km/h.</summary>
    public float Speed;

    public ushort PayloadBytes;

    /// <summary>What tells a repetition of this report; 0 where its sender does not.</summary>
    public ulong Hash;

    public readonly int HeadBytes => HasPlace ? FixedBytes + PlaceBytes : FixedBytes;

    /// <summary>Writes all but the payload, and the hash behind it.</summary>
    /// <param name="to">At least <see cref="HeadBytes"/>.</param>
    public readonly void Write(Span<byte> to)
    {
        ulong flags = (HasRadio ? RadioFlag : 0) | (HasPlace ? PlaceFlag : 0) | (HasAltitude ? AltitudeFlag : 0) | (Hash != 0 ? HashFlag : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(to, Address.Value | flags);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], TimeNs);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], FrequencyKhz);
        BinaryPrimitives.WriteInt16LittleEndian(to[20..], Signal);
        BinaryPrimitives.WriteUInt16LittleEndian(to[22..], PayloadBytes);
        if (HasPlace)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(to[24..], Latitude);
            BinaryPrimitives.WriteDoubleLittleEndian(to[32..], Longitude);
            BinaryPrimitives.WriteSingleLittleEndian(to[40..], Altitude);
            BinaryPrimitives.WriteSingleLittleEndian(to[44..], Speed);
        }
    }

    /// <returns>Its bytes with the payload, which are its last <see cref="PayloadBytes"/>; −1 when <paramref name="from"/> is too short.</returns>
    public static int Read(ReadOnlySpan<byte> from, out ScanRecord record)
    {
        record = default;
        if (from.Length < FixedBytes)
        {
            return -1;
        }
        ulong head = BinaryPrimitives.ReadUInt64LittleEndian(from);
        record.Address = new(head & 0xFFFF_FFFF_FFFF);
        record.HasRadio = (head & RadioFlag) != 0;
        record.HasPlace = (head & PlaceFlag) != 0;
        record.HasAltitude = (head & AltitudeFlag) != 0;
        record.TimeNs = BinaryPrimitives.ReadInt64LittleEndian(from[8..]);
        record.FrequencyKhz = BinaryPrimitives.ReadUInt32LittleEndian(from[16..]);
        record.Signal = BinaryPrimitives.ReadInt16LittleEndian(from[20..]);
        record.PayloadBytes = BinaryPrimitives.ReadUInt16LittleEndian(from[22..]);
        if (from.Length < record.HeadBytes + record.PayloadBytes)
        {
            return -1;
        }
        if (record.HasPlace)
        {
            record.Latitude = BinaryPrimitives.ReadDoubleLittleEndian(from[24..]);
            record.Longitude = BinaryPrimitives.ReadDoubleLittleEndian(from[32..]);
            record.Altitude = BinaryPrimitives.ReadSingleLittleEndian(from[40..]);
            record.Speed = BinaryPrimitives.ReadSingleLittleEndian(from[44..]);
        }
        int length = record.HeadBytes + record.PayloadBytes;
        record.Hash = (head & HashFlag) != 0 && record.PayloadBytes >= HashBytes ? BinaryPrimitives.ReadUInt64LittleEndian(from[(length - HashBytes)..]) : 0;
        return length;
    }

    /// <summary>The observation that it makes, without its position.</summary>
    public readonly void ToObservation(ObservationKind kind, ushort source, out Observation o)
    {
        o = default;
        o.TimeNs = TimeNs;
        o.Hash = Hash;
        o.Kind = kind;
        o.Source = source;
        o.Location = -1;
        o.FrequencyKhz = FrequencyKhz;
        o.Signal = Signal;
        o.SignalKind = HasRadio ? SignalKind.Dbm : SignalKind.None;
        o.HasRadio = HasRadio;
        o.Frame.Source = Address;
        if (kind == ObservationKind.Dot11Scan)
        {
            o.Frame.Kind = FrameKind.Beacon;
            o.Frame.Bssid = Address;
        }
    }
}
