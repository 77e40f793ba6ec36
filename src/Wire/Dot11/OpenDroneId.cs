// ASTM F3411-22a, "Standard Specification for Remote ID and Tracking", clause 5.4.5: messages; 5.4.9: broadcast over Wi-Fi.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Kinds of messages that one Open Drone ID broadcast had.</summary>
[Flags]
public enum OpenDroneIdSeen : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Basic identification.</summary>
    BasicId = 1,

    /// <summary>Position and speed.</summary>
    Location = 2,

    /// <summary>Authentication page.</summary>
    Authentication = 4,

    /// <summary>Operator's description of the flight.</summary>
    SelfId = 8,

    /// <summary>Operator's position and the area of operation.</summary>
    System = 16,

    /// <summary>Operator's identifier.</summary>
    OperatorId = 32,
}

/// <summary>
/// What the messages of one broadcast say together. Positions are degrees, altitudes metres with <see cref="double.NaN"/> for not known;
/// slices point into the payload.
/// </summary>
public struct OpenDroneId
{
    /// <summary>Every message has 25 bytes, the first of which is type and version.</summary>
    private const int MessageLength = 25;

    /// <summary>Message counter before the first message.</summary>
    private const int CounterLength = 1;

    /// <summary>Pack: type and version, size of one message, number of messages.</summary>
    private const int PackHeaderLength = 3;

    /// <summary>The most messages that a pack may hold.</summary>
    private const int PackMaximum = 9;

    /// <summary><see cref="Status"/> of an aircraft in the air.</summary>
    public const byte StatusAirborne = 2;

    private const byte SerialNumberType = 1;
    private const int TypePack = 0x0F;
    private const int IdLength = 20;
    private const int TextLength = 23;

    /// <summary>Altitudes are half metres above −1,000 m, and 0 (−1,000 m) means that there is none.</summary>
    private const double AltitudeUnit = 0.5, AltitudeZero = -1000;

    private const double DegreesUnit = 1e-7;

    /// <summary>Which messages there were.</summary>
    public OpenDroneIdSeen Seen;

    /// <summary>Message counter.</summary>
    public byte Counter;

    /// <summary>Kind of identifier: 1 serial number, 2 registration, 3 UTM, 4 session.</summary>
    public byte IdType;

    /// <summary>Whether <see cref="Id"/> is the serial number that its maker gave it (ANSI/CTA-2063-A).</summary>
    public readonly bool IsSerialNumber => IdType == SerialNumberType;

    /// <summary>Kind of aircraft (table 1: 2 is a multirotor).</summary>
    public byte AircraftType;

    /// <summary>Identifier of the aircraft without padding; a serial number is preferred where there are two.</summary>
    public Slice Id;

    /// <summary>0 undeclared, 1 on the ground, 2 airborne, 3 emergency, 4 failure of the identification.</summary>
    public byte Status;

    /// <summary>Degrees clockwise from true north, 361 where not known.</summary>
    public ushort Direction;

    /// <summary>Horizontal speed in metres per second, <see cref="double.NaN"/> where not known.</summary>
    public double Speed;

    /// <summary>Speed upwards in metres per second, <see cref="double.NaN"/> where not known.</summary>
    public double VerticalSpeed;

    /// <summary>Degrees north; 0 together with <see cref="Longitude"/> 0 where not known.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Altitude by pressure.</summary>
    public double PressureAltitude;

    /// <summary>Altitude above the WGS-84 ellipsoid.</summary>
    public double GeodeticAltitude;

    /// <summary>Height, above the start or the ground as <see cref="IsHeightOverGround"/> says.</summary>
    public double Height;

    /// <summary>Whether the height is above the ground.</summary>
    public bool IsHeightOverGround;

    /// <summary>Tenths of seconds since the full hour (UTC), 0xFFFF where not known.</summary>
    public ushort TimeInHour;

    /// <summary>Kind of authentication data.</summary>
    public byte AuthenticationType;

    /// <summary>What the operator says about the flight.</summary>
    public Slice SelfId;

    /// <summary>What the operator's position is: 0 take-off, 1 live, 2 fixed.</summary>
    public byte OperatorLocationType;

    /// <summary>Operator: degrees north; 0 together with <see cref="OperatorLongitude"/> 0 where not known.</summary>
    public double OperatorLatitude;

    /// <summary>Operator: degrees east.</summary>
    public double OperatorLongitude;

    /// <summary>Operator: altitude above the WGS-84 ellipsoid.</summary>
    public double OperatorAltitude;

    /// <summary>Aircraft in the area.</summary>
    public ushort AreaCount;

    /// <summary>Radius of the area in metres.</summary>
    public ushort AreaRadius;

    /// <summary>Operator's identifier without padding.</summary>
    public Slice OperatorId;

    /// <summary>Parses a broadcast: the counter and then one message or one pack of up to nine.</summary>
    /// <param name="payload">The element's body after OUI and type (<see cref="Dot11Elements.OpenDroneId"/>).</param>
    /// <param name="drone">What was found.</param>
    /// <returns><see cref="ParseStatus.Malformed"/> where lengths contradict the format; messages before the fault are kept.</returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> payload, out OpenDroneId drone)
    {
        drone = default;
        drone.Speed = drone.VerticalSpeed = drone.PressureAltitude = drone.GeodeticAltitude = drone.Height = drone.OperatorAltitude = double.NaN;
        if (payload.Length < CounterLength + PackHeaderLength)
        {
            return ParseStatus.Malformed;
        }
        drone.Counter = payload[0];
        int at = CounterLength;
        int count = 1;
        if (payload[at] >> 4 == TypePack)
        {
            count = payload[at + 2];
            if (payload[at + 1] != MessageLength || count > PackMaximum)
            {
                return ParseStatus.Malformed;
            }
            at += PackHeaderLength;
        }
        for (int i = 0; i < count; i++, at += MessageLength)
        {
            if (at + MessageLength > payload.Length)
            {
                return ParseStatus.Malformed;
            }
            drone.Read(payload.Slice(at, MessageLength), at);
        }
        return ParseStatus.Ok;
    }

    private void Read(ReadOnlySpan<byte> message, int at)
    {
        switch (message[0] >> 4)
        {
            case 0:
                ReadBasicId(message, at);
                break;
            case 1:
                ReadLocation(message);
                break;
            case 2:
                Seen |= OpenDroneIdSeen.Authentication;
                AuthenticationType = (byte)(message[1] >> 4);
                break;
            case 3:
                Seen |= OpenDroneIdSeen.SelfId;
                SelfId = Text(message, at, TextLength);
                break;
            case 4:
                ReadSystem(message);
                break;
            case 5:
                Seen |= OpenDroneIdSeen.OperatorId;
                OperatorId = Text(message, at, IdLength);
                break;
        }
    }

    private void ReadBasicId(ReadOnlySpan<byte> message, int at)
    {
        byte type = (byte)(message[1] >> 4);
        if ((Seen & OpenDroneIdSeen.BasicId) != 0 && type != SerialNumberType)
        {
            return;
        }
        Seen |= OpenDroneIdSeen.BasicId;
        IdType = type;
        AircraftType = (byte)(message[1] & 0x0F);
        Id = Text(message, at, IdLength);
    }

    private void ReadLocation(ReadOnlySpan<byte> message)
    {
        const byte heightOverGround = 0x04, eastWest = 0x02, fast = 0x01;
        const byte speedUnknown = 255;
        const int verticalUnknown = 126;
        byte flags = message[1];
        Seen |= OpenDroneIdSeen.Location;
        Status = (byte)(flags >> 4);
        IsHeightOverGround = (flags & heightOverGround) != 0;
        Direction = (ushort)(message[2] + ((flags & eastWest) != 0 ? 180 : 0));
        // One byte: quarter metres per second, above 63.75 m/s in steps of three quarters.
        byte speed = message[3];
        bool isFast = (flags & fast) != 0;
        Speed = isFast && speed == speedUnknown ? double.NaN : isFast ? speed * 0.75 + 255 * 0.25 : speed * 0.25;
        int vertical = (sbyte)message[4];
        VerticalSpeed = vertical == verticalUnknown ? double.NaN : vertical * 0.5;
        Latitude = BinaryPrimitives.ReadInt32LittleEndian(message[5..]) * DegreesUnit;
        Longitude = BinaryPrimitives.ReadInt32LittleEndian(message[9..]) * DegreesUnit;
        PressureAltitude = Altitude(message[13..]);
        GeodeticAltitude = Altitude(message[15..]);
        Height = Altitude(message[17..]);
        TimeInHour = BinaryPrimitives.ReadUInt16LittleEndian(message[21..]);
    }

    private void ReadSystem(ReadOnlySpan<byte> message)
    {
        Seen |= OpenDroneIdSeen.System;
        OperatorLocationType = (byte)(message[1] & 0x03);
        OperatorLatitude = BinaryPrimitives.ReadInt32LittleEndian(message[2..]) * DegreesUnit;
        OperatorLongitude = BinaryPrimitives.ReadInt32LittleEndian(message[6..]) * DegreesUnit;
        AreaCount = BinaryPrimitives.ReadUInt16LittleEndian(message[10..]);
        AreaRadius = (ushort)(message[12] * 10);
        OperatorAltitude = Altitude(message[18..]);
    }

    private static double Altitude(ReadOnlySpan<byte> bytes)
    {
        ushort value = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        return value == 0 ? double.NaN : value * AltitudeUnit + AltitudeZero;
    }

    /// <summary>The text behind type and kind, up to its padding with NULs.</summary>
    private static Slice Text(ReadOnlySpan<byte> message, int at, int length)
    {
        const int offset = 2;
        int end = message.Slice(offset, length).IndexOf((byte)0);
        return new Slice((ushort)(at + offset), (ushort)(end < 0 ? length : end));
    }
}
