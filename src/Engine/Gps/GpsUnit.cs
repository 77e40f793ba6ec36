using KismetOrleans.Packets.Gps;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Gps;

/// <summary>One GPS: what it reported last, and for how long that holds. Written by its reader alone, read by any thread.</summary>
public sealed class GpsUnit(GpsDefinition definition, TimeProvider clock) : IGpsListener
{
    /// <summary>How long a position holds that was posted. Browsers report when somebody moves, or when their page is looked at.</summary>
    internal static readonly TimeSpan PostedHolds = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private volatile State _state = new(null, null, 0, 0, 0);
    private volatile string _error = "";
    private volatile bool _connected;

    /// <summary>What it was made from.</summary>
    public GpsDefinition Definition => definition;

    public GpsDriver Driver { get; } = GpsDrivers.Of(definition.Kind);

    /// <summary>The definition's UUID, else one that is the same for the same definition.</summary>
    public Guid Uuid { get; } = definition.Uuid ?? UuidOf(GpsDefinition.WordOf(definition.Kind), definition.Text);

    /// <summary>The definition's priority, else the kind's; the lowest number wins.</summary>
    public int Priority => definition.Priority ?? Driver.Priority;

    /// <summary>Completes when the first attempt to reach it has ended, well or not.</summary>
    public TaskCompletionSource Tried { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where it is; null without a fix, or when it has been silent for too long.</summary>
    public GeoPoint? Current
    {
        get
        {
            State state = _state;
            if (state.Point is not { HasFix: true } point)
            {
                return null;
            }
            if (definition.Kind == GpsKind.Virtual)
            {
                return Now(point);
            }
            TimeSpan holds = definition.Kind is GpsKind.Web or GpsKind.Meta ? PostedHolds : GpsReader.Holds;
            return clock.GetElapsedTime(state.At) <= holds ? point : null;
        }
    }

    /// <summary>The newest snapshot for the outside.</summary>
    public GpsRecord Record
    {
        get
        {
            State state = _state;
            return new()
            {
                Name = definition.Name,
                Description = Driver.Description,
                Driver = Driver,
                Uuid = Uuid,
                Definition = definition.Text,
                Priority = Priority,
                Reconnect = definition.Reconnect,
                DataOnly = definition.DataOnly,
                Connected = _connected,
                Location = Current ?? GeoPoint.Unknown,
                LastLocation = state.Before ?? GeoPoint.Unknown,
                DataTime = state.DataTime,
                SignalTime = state.SignalTime,
                Error = _error,
            };
        }
    }

    public void Connected()
    {
        _connected = true;
        _error = "";
        _ = Tried.TrySetResult();
    }

    public void Lost(string reason)
    {
        _connected = false;
        _error = reason;
        _ = Tried.TrySetResult();
    }

    public void Report(in GpsFix fix) => Report(new GeoPoint
    {
        Latitude = fix.Latitude,
        Longitude = fix.Longitude,
        Altitude = fix.Altitude,
        Fix = fix.Fix,
        Speed = fix.Speed,
        Heading = fix.Heading,
        MagneticHeading = fix.MagneticHeading,
        TimeNs = fix.TimeNs,
    });

    /// <summary>It reported where it is, or that it does not know.</summary>
    /// <param name="point">Where; kept by reference. Without a time it gets the server's, and this GPS's UUID in any case.</param>
    internal void Report(GeoPoint point)
    {
        DateTimeOffset now = clock.GetUtcNow();
        point.Source = Uuid;
        if (point.Seconds == 0)
        {
            (point.Seconds, point.Microseconds) = ((uint)now.ToUnixTimeSeconds(), (uint)now.Microsecond + ((uint)now.Millisecond * 1000));
        }
        lock (_lock)
        {
            uint second = (uint)now.ToUnixTimeSeconds();
            State state = _state;
            _state = new(
                point, state.Point is { HasFix: true } before ? before : state.Before, clock.GetTimestamp(), second, point.HasFix ? second : state.SignalTime);
        }
    }

    public void Touch()
    {
        lock (_lock)
        {
            _state = _state with { DataTime = (uint)clock.GetUtcNow().ToUnixTimeSeconds() };
        }
    }

    // A fixed place is always now; one object a second, as of a receiver.
    private GeoPoint Now(GeoPoint point)
    {
        uint second = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
        if (point.Seconds == second)
        {
            return point;
        }
        GeoPoint now = point.Copy();
        (now.Seconds, now.Microseconds) = (second, 0);
        lock (_lock)
        {
            _state = _state with { Point = now, DataTime = second, SignalTime = second };
        }
        return now;
    }

    private static Guid UuidOf(string kind, string text) =>
        new($"{DeviceKey.Adler32("gps_" + kind):X8}-0000-0000-0000-0000{DeviceKey.Adler32(text):X8}");

    private sealed record State(GeoPoint? Point, GeoPoint? Before, long At, uint DataTime, uint SignalTime);
}
