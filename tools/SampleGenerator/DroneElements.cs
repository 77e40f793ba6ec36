// Open Drone ID: ASTM F3411-22a, 5.4.5 and 5.4.9 (vendor element FA:0B:BC, type 0x0D, message pack).
// DJI DroneID: C. Bender, "DJI drone IDs are not encrypted", 2022, and Department 13, "Anatomy of
// DJI's Drone ID", 2017 (vendor element 26:37:12).
using System.Text;

namespace KismetOrleans.SampleGenerator;

/// <summary>Where a drone is and how it moves.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="Altitude">Metres above the sea.</param>
/// <param name="Height">Metres above the ground.</param>
/// <param name="North">Metres per second northwards.</param>
/// <param name="East">Metres per second eastwards.</param>
/// <param name="Up">Metres per second upwards.</param>
public readonly record struct DroneState(double Latitude, double Longitude, double Altitude, double Height, double North, double East,
    double Up);

/// <summary>Vendor elements with which drones say who and where they are.</summary>
public static class DroneElements
{
    /// <summary>Bytes of one Open Drone ID message.</summary>
    private const byte OpenMessageLength = 25;

    /// <summary>DJI writes an angle of one degree as this number: 10 million steps a radian, 180/π degrees a radian.</summary>
    private const double DjiUnitsPerDegree = 174533.0;

    /// <summary>Open Drone ID message pack with basic ID, location, self ID, system and operator ID.</summary>
    /// <param name="counter">Counts the messages sent.</param>
    /// <param name="serial">Serial number (ANSI/CTA-2063-A), up to 20 bytes.</param>
    /// <param name="operatorId">Registration of the operator, up to 20 bytes.</param>
    /// <param name="drone">The drone.</param>
    /// <param name="pilotLatitude">Degrees north of who flies it.</param>
    /// <param name="pilotLongitude">Degrees east of who flies it.</param>
    public static byte[] OpenDroneId(byte counter, string serial, string operatorId, DroneState drone, double pilotLatitude,
        double pilotLongitude)
    {
        var body = new FrameBuilder().U8(0x0D).U8(counter).U8(0xF2).U8(OpenMessageLength).U8(5);
        body.U8(0x02).U8(0x12).Text(serial, 20).Zero(3);
        double speed = Math.Sqrt(drone.North * drone.North + drone.East * drone.East);
        int heading = (int)Math.Round((Math.Atan2(drone.East, drone.North) * 180 / Math.PI + 360) % 360);
        // Status airborne (2), height above take-off, direction east-west bit where the heading is 180° or more.
        body.U8(0x12).U8((byte)(0x20 | (heading >= 180 ? 0x02 : 0))).U8((byte)(heading % 180)).U8((byte)(speed * 4))
            .U8((byte)(sbyte)(drone.Up * 2))
            .U32(Degrees7(drone.Latitude)).U32(Degrees7(drone.Longitude)).U16(Metres(drone.Altitude)).U16(Metres(drone.Altitude))
            .U16(Metres(drone.Height))
            .U8(0x3B).U8(0x04).U16(36000).U8(0x01).U8(0);
        body.U8(0x32).U8(0).Text("Campus survey", 23);
        body.U8(0x42).U8(0x01).U32(Degrees7(pilotLatitude)).U32(Degrees7(pilotLongitude)).U16(1).U8(0).U16(0).U16(0).U8(0x12)
            .U16(Metres(drone.Altitude - drone.Height)).U32(169_000_000).U8(0);
        body.U8(0x52).U8(0).Text(operatorId, 20).Zero(3);
        return VendorElements.Of(0xFA0BBC, body.ToArray());
    }

    /// <summary>DJI DroneID flight registration (subcommand 0x10), version 1.</summary>
    /// <param name="sequence">Counts the messages sent.</param>
    /// <param name="serial">Serial number, up to 16 bytes.</param>
    /// <param name="product">DJI's number of the model; 16 is a Mavic Pro.</param>
    /// <param name="drone">The drone.</param>
    /// <param name="homeLatitude">Degrees north of where it took off.</param>
    /// <param name="homeLongitude">Degrees east of where it took off.</param>
    public static byte[] DjiDroneId(ushort sequence, string serial, byte product, DroneState drone, double homeLatitude,
        double homeLongitude)
    {
        // State: serial, position, height and velocity valid, motors on, in the air, home set, uuid set.
        var body = new FrameBuilder().Raw([0x58, 0x62, 0x13, 0x10, 0x01]).U16(sequence).U16(0x1FFF).Text(serial, 16)
            .U32(Dji(drone.Longitude)).U32(Dji(drone.Latitude)).U16((ushort)(short)drone.Altitude).U16((ushort)(short)(drone.Height * 10))
            .U16(Centimetres(drone.North)).U16(Centimetres(drone.East)).U16(Centimetres(drone.Up))
            .U16(unchecked((ushort)-350)).U16(120).U16(4500)
            .U32(Dji(homeLongitude)).U32(Dji(homeLatitude)).U8(product);
        byte[] uuid = Encoding.ASCII.GetBytes("1020304050607080900");
        return VendorElements.Of(0x263712, body.U8((byte)uuid.Length).Raw(uuid).Zero(20 - uuid.Length).ToArray());
    }

    private static uint Degrees7(double degrees) => (uint)(int)Math.Round(degrees * 1e7);

    private static ushort Metres(double metres) => (ushort)Math.Round((metres + 1000) * 2);

    private static uint Dji(double degrees) => (uint)(int)Math.Round(degrees * DjiUnitsPerDegree);

    private static ushort Centimetres(double metresPerSecond) => (ushort)(short)Math.Round(metresPerSecond * 100);
}
