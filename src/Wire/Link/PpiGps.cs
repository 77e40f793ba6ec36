// "PPI Geolocation Tagging Specification" 1.2 (J. Ellch, 2012), clause 4: GPS tag, 30002.
using System.Buffers.Binary;
using System.Numerics;

namespace KismetOrleans.Wire.Link;

/// <summary>The position of the receiver in a PPI header.</summary>
internal static class PpiGps
{
    /// <summary>Version, pad, length and the word of present fields.</summary>
    private const int FixedLength = 8;

    /// <summary>Both fixed-point formats are unsigned with this number for zero.</summary>
    private const double Zero = 1_800_000_000;

    private const int Latitude = 1;
    private const int Longitude = 2;
    private const int Altitude = 3;

    public static void Read(ReadOnlySpan<byte> value, ref RadioHeader header)
    {
        if (value.Length < FixedLength || value[0] is not (1 or 2))
        {
            header.Anomalies |= Anomalies.LinkHeaderMalformed;
            return;
        }
        uint present = BinaryPrimitives.ReadUInt32LittleEndian(value[4..]);
        double latitude = double.NaN;
        double longitude = double.NaN;
        double altitude = double.NaN;
        int position = FixedLength;
        // Fields 0 to 9 have four bytes each; nothing behind altitude is of use here.
        for (uint bits = present & 0x0F; bits != 0; bits &= bits - 1)
        {
            if (position + 4 > value.Length)
            {
                header.Anomalies |= Anomalies.LinkHeaderMalformed;
                return;
            }
            double number = BinaryPrimitives.ReadUInt32LittleEndian(value[position..]) - Zero;
            position += 4;
            switch (BitOperations.TrailingZeroCount(bits))
            {
                case Latitude: latitude = number / 1e7; break;
                case Longitude: longitude = number / 1e7; break;
                case Altitude: altitude = number / 1e4; break;
            }
        }
        if (double.IsNaN(latitude) || double.IsNaN(longitude))
        {
            return;
        }
        if (Math.Abs(latitude) > 90 || Math.Abs(longitude) > 180)
        {
            header.Anomalies |= Anomalies.LinkHeaderMalformed;
            return;
        }
        header.Latitude = latitude;
        header.Longitude = longitude;
        header.Fix = 2;
        if (!double.IsNaN(altitude))
        {
            header.Altitude = (float)altitude;
            header.Fix = 3;
        }
    }
}
