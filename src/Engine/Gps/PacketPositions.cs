using KismetOrleans.Packets;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Gps;

/// <summary>From where packets were seen to what records hold.</summary>
public static class PacketPositions
{
    /// <summary>The position at a time.</summary>
    /// <param name="timeNs">Nanoseconds since 1970 UTC.</param>
    public static GeoPoint ToPoint(this in PacketPosition place, long timeNs) => new()
    {
        Latitude = place.Latitude,
        Longitude = place.Longitude,
        Altitude = (float)place.Altitude,
        Fix = place.Fix,
        TimeNs = timeNs,
    };
}
