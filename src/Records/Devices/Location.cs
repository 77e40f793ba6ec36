namespace KismetOrleans.Records.Devices;

/// <summary>Where a device was seen: bounds, spherical average and newest position (<c>kismet.common.location.*</c>).</summary>
public sealed class Location
{
    private double _x;
    private double _y;
    private double _z;
    private double _altitude;
    private uint _samples;
    private uint _altitudeSamples;
    private uint _lastAveraged;

    /// <summary>No position yet.</summary>
    public Location()
    {
    }

    /// <summary>What was stored of one. The points are kept; the bounds must be this location's alone.</summary>
    internal Location(in LocationSums sums, byte fix, GeoPoint? min, GeoPoint? max, GeoPoint? average, GeoPoint? last)
    {
        (_x, _y, _z, _altitude, _samples, _altitudeSamples, _lastAveraged) = sums;
        (Fix, Min, Max, Average, Last) = (fix, min, max, average, last);
    }

    /// <summary>Best fix seen.</summary>
    public byte Fix { get; private set; }

    /// <summary>South-west corner.</summary>
    public GeoPoint? Min { get; private set; }

    /// <summary>North-east corner.</summary>
    public GeoPoint? Max { get; private set; }

    /// <summary>Mean of the unit vectors, at most one sample a second.</summary>
    public GeoPoint? Average { get; private set; }

    /// <summary>Newest position.</summary>
    public GeoPoint? Last { get; private set; }

    /// <summary>What the average is made of.</summary>
    internal LocationSums Sums => new(_x, _y, _z, _altitude, _samples, _altitudeSamples, _lastAveraged);

    /// <summary>Takes a position in; one without a fix of at least 2 is ignored.</summary>
    /// <param name="point">The position; kept by reference as <see cref="Last"/>, so the caller must not change it.</param>
    public void Add(GeoPoint point)
    {
        if (point.Fix < 2)
        {
            return;
        }
        Fix = Math.Max(Fix, point.Fix);
        Last = point;
        Min = Bound(Min, point, static (a, b) => a < b);
        Max = Bound(Max, point, static (a, b) => a > b);
        if (_samples > 0 && point.Seconds == _lastAveraged)
        {
            return;
        }
        _lastAveraged = point.Seconds;
        double latitude = point.Latitude * Math.PI / 180;
        double longitude = point.Longitude * Math.PI / 180;
        _x += Math.Cos(latitude) * Math.Cos(longitude);
        _y += Math.Cos(latitude) * Math.Sin(longitude);
        _z += Math.Sin(latitude);
        _samples++;
        if (point.Fix >= 3)
        {
            _altitude += point.Altitude;
            _altitudeSamples++;
        }
        if (_samples == 1)
        {
            Average = PlaceOf(point);
            return;
        }
        // In place: a device that is driven by hears of a position a second.
        Average ??= new();
        Average.Latitude = Math.Atan2(_z, Math.Sqrt((_x * _x) + (_y * _y))) * 180 / Math.PI;
        Average.Longitude = Math.Atan2(_y, _x) * 180 / Math.PI;
        Average.Altitude = _altitudeSamples == 0 ? 0 : (float)(_altitude / _altitudeSamples);
        Average.Fix = (byte)(_altitudeSamples > 0 ? 3 : 2);
        Average.Seconds = point.Seconds;
        Average.Microseconds = point.Microseconds;
    }

    // A corner or a mean moves nowhere, and no GPS told it.
    private static GeoPoint PlaceOf(GeoPoint point) => new()
    {
        Latitude = point.Latitude,
        Longitude = point.Longitude,
        Altitude = point.Altitude,
        Fix = point.Fix,
        Seconds = point.Seconds,
        Microseconds = point.Microseconds,
    };

    private static GeoPoint Bound(GeoPoint? bound, GeoPoint point, Func<double, double, bool> beyond)
    {
        if (bound is null)
        {
            return PlaceOf(point);
        }
        // A coordinate of exactly 0 counts as not set, as in the original.
        if (bound.Latitude == 0 || beyond(point.Latitude, bound.Latitude))
        {
            bound.Latitude = point.Latitude;
        }
        if (bound.Longitude == 0 || beyond(point.Longitude, bound.Longitude))
        {
            bound.Longitude = point.Longitude;
        }
        if (point.Fix >= 3 && (bound.Altitude == 0 || beyond(point.Altitude, bound.Altitude)))
        {
            bound.Altitude = point.Altitude;
        }
        bound.Fix = Math.Max(bound.Fix, point.Fix);
        bound.Seconds = point.Seconds;
        bound.Microseconds = point.Microseconds;
        return bound;
    }
}

/// <summary>Running sums of a <see cref="Location"/>'s average.</summary>
/// <param name="X">Sum of the unit vectors towards 0° east.</param>
/// <param name="Y">Sum of the unit vectors towards 90° east.</param>
/// <param name="Z">Sum of the unit vectors towards the pole.</param>
/// <param name="Altitude">Sum of altitudes, metres.</param>
/// <param name="LastAveraged">Unix second of the newest sample.</param>
internal readonly record struct LocationSums(double X, double Y, double Z, double Altitude, uint Samples, uint AltitudeSamples, uint LastAveraged);
