// France, arrêté du 27 décembre 2019 (signalement électronique des aéronefs), annexe: a vendor element of 6A:5C:35, type 1, of types, lengths and values, big endian.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>What a drone says by the French rules. Positions are degrees, 0 together where not known; slices point into the payload.</summary>
public struct FrenchDroneId
{
    private const double DegreesUnit = 1e-5;
    private const int ManufacturerLength = 3;

    /// <summary>The identifier that its maker or the beacon's gave it: three letters of the maker, three of the model, then the serial number.</summary>
    public Slice Id;

    /// <summary>Serial number by ANSI/CTA-2063-A.</summary>
    public Slice SerialNumber;

    /// <summary>Whether there is a position.</summary>
    public bool HasPosition;

    /// <summary>Degrees north.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Metres above mean sea level, <see cref="double.NaN"/> where not known.</summary>
    public double Altitude;

    /// <summary>Metres above where it took off, <see cref="double.NaN"/> where not known.</summary>
    public double Height;

    /// <summary>Where it took off: degrees north.</summary>
    public double HomeLatitude;

    /// <summary>Where it took off: degrees east.</summary>
    public double HomeLongitude;

    /// <summary>Speed over ground in metres per second.</summary>
    public double Speed;

    /// <summary>Degrees clockwise from true north.</summary>
    public double Direction;

    /// <summary>The maker's three letters.</summary>
    public readonly Slice Manufacturer => Id.Length < ManufacturerLength ? default : new(Id.Offset, ManufacturerLength);

    /// <summary>Parses the values.</summary>
    /// <param name="payload">The element's body after OUI and type (<see cref="Dot11Elements.FrenchDroneId"/>).</param>
    /// <param name="drone">What was found.</param>
    /// <returns><see cref="ParseStatus.Malformed"/> where a length contradicts the format; values before the fault are kept.</returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> payload, out FrenchDroneId drone)
    {
        drone = new() { Altitude = double.NaN, Height = double.NaN };
        bool latitude = false, longitude = false;
        int at = 0;
        while (at < payload.Length)
        {
            if (at + 2 > payload.Length || at + 2 + payload[at + 1] > payload.Length)
            {
                return ParseStatus.Malformed;
            }
            int length = payload[at + 1];
            ReadOnlySpan<byte> value = payload.Slice(at + 2, length);
            switch (payload[at], length)
            {
                case (1, 1):
                    break;
                case (2, _):
                    drone.Id = Text(value, at + 2);
                    break;
                case (3, _):
                    drone.SerialNumber = Text(value, at + 2);
                    break;
                case (4, 4):
                    drone.Latitude = Degrees(value);
                    latitude = true;
                    break;
                case (5, 4):
                    drone.Longitude = Degrees(value);
                    longitude = true;
                    break;
                case (6, 2):
                    drone.Altitude = BinaryPrimitives.ReadInt16BigEndian(value);
                    break;
                case (7, 2):
                    drone.Height = BinaryPrimitives.ReadInt16BigEndian(value);
                    break;
                case (8, 4):
                    drone.HomeLatitude = Degrees(value);
                    break;
                case (9, 4):
                    drone.HomeLongitude = Degrees(value);
                    break;
                case (10, 1):
                    drone.Speed = value[0];
                    break;
                case (11, 2):
                    drone.Direction = BinaryPrimitives.ReadUInt16BigEndian(value);
                    break;
                case ( >= 1 and <= 11, _):
                    return ParseStatus.Malformed;
            }
            at += 2 + length;
        }
        drone.HasPosition = latitude && longitude;
        return ParseStatus.Ok;
    }

    private static double Degrees(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt32BigEndian(value) * DegreesUnit;

    // Filled up with NULs or blanks, in front or behind.
    private static Slice Text(ReadOnlySpan<byte> value, int at)
    {
        int start = 0, end = value.Length;
        while (start < end && value[start] is 0 or (byte)' ')
        {
            start++;
        }
        while (end > start && value[end - 1] is 0 or (byte)' ')
        {
            end--;
        }
        return new Slice((ushort)(at + start), (ushort)(end - start));
    }
}
