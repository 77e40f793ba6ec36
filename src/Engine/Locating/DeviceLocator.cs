using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Locating;

/// <summary>
/// Estimates where the devices of a partition are, from what their records say of each source: its newest signal, and where it was then. Works when it is asked, so that
/// packets pay nothing; the partition's worker alone asks it.
/// </summary>
/// <param name="places">Where each source was when it last saw something.</param>
internal sealed class DeviceLocator(IReadOnlyDictionary<ushort, (GeoPoint Place, uint Seconds)> places, TrackingOptions options) : ILocator
{
    // A sensor that saw nothing at all for longer, of any device here, may be off: its silence says nothing.
    private const uint ListeningSeconds = 60;
    private const uint HighBandKhz = 4_000_000;

    // Farther away from the loudest nothing says anything, and the earth is flat.
    private const double FarMetres = 2000;
    private readonly PositionEstimator _estimator = new();
    private readonly List<(SensorSignal Signal, ushort Source)> _heard = [];
    private readonly List<SensorSignal> _signals = [];
    private readonly List<SensorPoint> _silent = [];
    private (Device Device, uint ModTime, RecordContext Context, LocationEstimate? Estimate)? _last;

    public LocationEstimate? Find(Device device, RecordContext context)
    {
        // Several paths of one device follow each other.
        if (_last is { } last && last.Device == device && last.ModTime == device.ModTime && last.Context == context)
        {
            return last.Estimate;
        }
        LocationEstimate? estimate = Estimate(device, context);
        _last = (device, device.ModTime, context, estimate);
        return estimate;
    }

    private LocationEstimate? Estimate(Device device, RecordContext context)
    {
        bool stands = (device.BasicTypeSet & 1) != 0;
        uint window = (uint)(stands ? options.LocateStandingWithin : options.LocateWithin).TotalSeconds;
        if (Loudest(device, window) is not { } origin)
        {
            return null;
        }
        _heard.Clear();
        _silent.Clear();
        uint newest = 0;
        bool knowsFloor = false;
        foreach (SeenBy seen in device.SeenBy)
        {
            if (IsOfUse(seen, device, window) && PointOf(seen.SourceNumber, seen.SensorPlace!, origin, context) is { } point)
            {
                _heard.Add((new(point.At, seen.Signal!.Last, device.FrequencyKhz > HighBandKhz), seen.SourceNumber));
                newest = Math.Max(newest, seen.LastTime);
                knowsFloor |= point.KnowsFloor;
            }
        }
        foreach ((ushort source, (GeoPoint place, uint seconds)) in places)
        {
            if (seconds + ListeningSeconds >= device.LastTime && !_heard.Exists(one => one.Source == source)
                && PointOf(source, place, origin, context) is { } point)
            {
                _silent.Add(point.At);
            }
        }
        _heard.Sort(static (a, b) => b.Signal.Dbm.CompareTo(a.Signal.Dbm));
        _signals.Clear();
        _signals.AddRange(_heard.Select(static one => one.Signal));
        if (_estimator.Estimate(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_signals), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_silent)) is not { } found)
        {
            return null;
        }
        GeoPoint at = new()
        {
            Latitude = origin.Latitude + (found.North / Earth.MetresPerDegree),
            Longitude = origin.Longitude + (found.East / Earth.MetresPerDegreeEast(origin.Latitude)),
            Fix = 2,
            Seconds = newest,
        };
        return new(
            found.Kind switch { PositionKind.Near => "near", PositionKind.Area => "area", _ => "point" }, at, knowsFloor ? found.Floor : null,
            [.. _heard.Select(one => context.Sources.Find(one.Source)?.Uuid.ToString().ToUpperInvariant()).OfType<string>()],
            (found.Within68.SemiMajor, found.Within68.SemiMinor), (found.Within95.SemiMajor, found.Within95.SemiMinor), found.Within68.Angle);
    }

    // Where the sensor was that saw it best.
    private static GeoPoint? Loudest(Device device, uint window)
    {
        SeenBy? loudest = null;
        foreach (SeenBy seen in device.SeenBy)
        {
            if (IsOfUse(seen, device, window) && (loudest is null || seen.Signal!.Last > loudest.Signal!.Last))
            {
                loudest = seen;
            }
        }
        return loudest?.SensorPlace;
    }

    private static bool IsOfUse(SeenBy seen, Device device, uint window) =>
        seen.SensorPlace is { HasFix: true } && seen.Signal is { Kind: SignalKind.Dbm, Last: not 0 } && seen.LastTime + (long)window >= device.LastTime;

    // Metres from an origin; null for what is too far away.
    private static (SensorPoint At, bool KnowsFloor)? PointOf(ushort source, GeoPoint place, GeoPoint origin, RecordContext context)
    {
        double east = (place.Longitude - origin.Longitude) * Earth.MetresPerDegreeEast(origin.Latitude);
        double north = (place.Latitude - origin.Latitude) * Earth.MetresPerDegree;
        if (Math.Abs(east) > FarMetres || Math.Abs(north) > FarMetres)
        {
            return null;
        }
        int? floor = context.Sources.Find(source)?.Floor;
        return (new(east, north, floor ?? 0), floor is not null);
    }
}
