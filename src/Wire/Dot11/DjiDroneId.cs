// No standard: DJI DroneID in vendor elements (26:37:12), as published by D. Kilpatrick, M. Kershaw (2019) and N. Schiller et al. (NDSS 2023).
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>State bits of a DroneID flight record.</summary>
[Flags]
public enum DjiState : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The serial number is valid.</summary>
    SerialValid = 0x0001,

    /// <summary>The user lets private data be sent.</summary>
    PrivacyOff = 0x0002,

    /// <summary>The home position is set.</summary>
    HomeSet = 0x0004,

    /// <summary>The user identifier is set.</summary>
    UserIdSet = 0x0008,

    /// <summary>The motors are on.</summary>
    MotorOn = 0x0010,

    /// <summary>The drone is in the air.</summary>
    Airborne = 0x0020,

    /// <summary>The satellite position is valid.</summary>
    GpsValid = 0x0040,

    /// <summary>The altitude is valid.</summary>
    AltitudeValid = 0x0080,

    /// <summary>The height is valid.</summary>
    HeightValid = 0x0100,

    /// <summary>The horizontal speeds are valid.</summary>
    HorizontalValid = 0x0200,

    /// <summary>The vertical speed is valid.</summary>
    UpValid = 0x0400,

    /// <summary>Pitch and roll are valid.</summary>
    AttitudeValid = 0x0800,
}

/// <summary>One DroneID flight record. Positions are degrees north and east, zero where they are not known; the slice points into the payload.</summary>
public struct DjiDroneId
{
    /// <summary>Three bytes of which nothing is known, then the command.</summary>
    private const int CommandOffset = 3;
    private const byte CommandFlight = 0x10;

    private const int VersionOffset = 4;
    private const int SerialOffset = 9;
    private const int SerialLength = 16;

    /// <summary>Up to the product type. Version 1 has pitch, roll and yaw; version 2 yaw, time and the application's position.</summary>
    private const int LengthVersion1 = 58, LengthVersion2 = 70;

    /// <summary>Positions are radians × 10⁷.</summary>
    private const double UnitsPerDegree = 174533.0;

    /// <summary>Angles are degrees × 100.</summary>
    private const double AngleUnits = 100;

    /// <summary>Layout: 1 or 2.</summary>
    public byte Version;

    /// <summary>Number of the record.</summary>
    public ushort Sequence;

    /// <summary>State bits.</summary>
    public DjiState State;

    /// <summary>Serial number without its padding.</summary>
    public Slice Serial;

    /// <summary>Degrees north.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Altitude in metres.</summary>
    public short Altitude;

    /// <summary>Height above the start in decimetres.</summary>
    public short Height;

    /// <summary>Speed to the north in centimetres per second.</summary>
    public short NorthSpeed;

    /// <summary>Speed to the east in centimetres per second.</summary>
    public short EastSpeed;

    /// <summary>Speed upwards in centimetres per second.</summary>
    public short UpSpeed;

    /// <summary>Degrees; version 1 only.</summary>
    public double Pitch;

    /// <summary>Degrees; version 1 only.</summary>
    public double Roll;

    /// <summary>Degrees.</summary>
    public double Yaw;

    /// <summary>Home position, degrees north.</summary>
    public double HomeLatitude;

    /// <summary>Home position, degrees east.</summary>
    public double HomeLongitude;

    /// <summary>Position of the pilot's application, degrees north; version 2 only.</summary>
    public double AppLatitude;

    /// <summary>Position of the pilot's application, degrees east; version 2 only.</summary>
    public double AppLongitude;

    /// <summary>The drone's clock in milliseconds since 1970; version 2 only.</summary>
    public ulong Time;

    /// <summary>Model, as DJI numbers them.</summary>
    public byte ProductType;

    /// <summary>Whether a payload is a flight record of a version that is read here, though it may be too short for one.</summary>
    public static bool IsFlightRecord(ReadOnlySpan<byte> payload) =>
        payload.Length > VersionOffset && payload[CommandOffset] == CommandFlight && payload[VersionOffset] is 1 or 2;

    /// <summary>Parses a flight record.</summary>
    /// <param name="payload">The element's body after its OUI (<see cref="Dot11Elements.DjiDroneId"/>).</param>
    /// <param name="drone">What was found.</param>
    /// <returns><see cref="ParseStatus.Unsupported"/> for other records (flight purpose) and versions; <see cref="ParseStatus.Malformed"/> when too short.</returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> payload, out DjiDroneId drone)
    {
        drone = default;
        if (payload.Length <= VersionOffset)
        {
            return ParseStatus.Malformed;
        }
        drone.Version = payload[VersionOffset];
        if (payload[CommandOffset] != CommandFlight || drone.Version is not (1 or 2))
        {
            return ParseStatus.Unsupported;
        }
        if (payload.Length < (drone.Version == 1 ? LengthVersion1 : LengthVersion2))
        {
            return ParseStatus.Malformed;
        }
        drone.Sequence = BinaryPrimitives.ReadUInt16LittleEndian(payload[5..]);
        drone.State = (DjiState)BinaryPrimitives.ReadUInt16LittleEndian(payload[7..]);
        ReadOnlySpan<byte> serial = payload.Slice(SerialOffset, SerialLength);
        int end = serial.IndexOf((byte)0);
        drone.Serial = new Slice(SerialOffset, (ushort)(end < 0 ? SerialLength : end));
        drone.Longitude = Degrees(payload[25..]);
        drone.Latitude = Degrees(payload[29..]);
        drone.Altitude = BinaryPrimitives.ReadInt16LittleEndian(payload[33..]);
        drone.Height = BinaryPrimitives.ReadInt16LittleEndian(payload[35..]);
        drone.NorthSpeed = BinaryPrimitives.ReadInt16LittleEndian(payload[37..]);
        drone.EastSpeed = BinaryPrimitives.ReadInt16LittleEndian(payload[39..]);
        drone.UpSpeed = BinaryPrimitives.ReadInt16LittleEndian(payload[41..]);
        if (drone.Version == 1)
        {
            drone.Pitch = Angle(payload[43..]);
            drone.Roll = Angle(payload[45..]);
            drone.Yaw = Angle(payload[47..]);
            drone.HomeLongitude = Degrees(payload[49..]);
            drone.HomeLatitude = Degrees(payload[53..]);
            drone.ProductType = payload[57];
        }
        else
        {
            drone.Yaw = Angle(payload[43..]);
            drone.Time = BinaryPrimitives.ReadUInt64LittleEndian(payload[45..]);
            drone.AppLatitude = Degrees(payload[53..]);
            drone.AppLongitude = Degrees(payload[57..]);
            drone.HomeLongitude = Degrees(payload[61..]);
            drone.HomeLatitude = Degrees(payload[65..]);
            drone.ProductType = payload[69];
        }
        return ParseStatus.Ok;
    }

    private static double Degrees(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / UnitsPerDegree;

    private static double Angle(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / AngleUnits;
}
