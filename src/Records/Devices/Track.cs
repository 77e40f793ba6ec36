namespace KismetOrleans.Records.Devices;

/// <summary>
/// Where a device was seen over time, oldest first: a point whenever the place has changed. When it is full every second point is left out and from
/// then on they are twice as far apart in time, so that a track covers all of a device's life in a bounded room.
/// </summary>
public sealed class Track
{
    /// <summary>Most points that are kept.</summary>
    public const int MaxPoints = 64;

    // What a receiver that stands still wanders about.
    private const double MinMetres = 10;
    private TrackPoint[] _points = [];
    private int _count;

    /// <summary>Nothing yet.</summary>
    public Track()
    {
    }

    /// <summary>What was stored of one. The points are kept.</summary>
    internal Track(TrackPoint[] points, uint interval) => (_points, _count, Interval) = (points, points.Length, interval);

    public IReadOnlyList<TrackPoint> Points => new ArraySegment<TrackPoint>(_points, 0, _count);

    /// <summary>Unix second of the newest point; 0 without any.</summary>
    public uint LastTime => _count == 0 ? 0 : _points[_count - 1].At.Seconds;

    /// <summary>The same, to go through without a list.</summary>
    internal ReadOnlySpan<TrackPoint> Kept => _points.AsSpan(0, _count);

    /// <summary>Least seconds between two points.</summary>
    internal uint Interval { get; private set; } = 1;

    /// <summary>Takes a position in, unless it is too near to the one before in place or time, or has no fix of at least 2.</summary>
    /// <param name="at">The position; kept by reference, so the caller must not change it.</param>
    /// <param name="signal">Signal there, 0 when unknown.</param>
    /// <param name="frequencyKhz">Frequency in kHz, 0 when unknown.</param>
    public void Add(GeoPoint at, short signal, uint frequencyKhz)
    {
        if (!at.HasFix || (_count > 0 && (at.Seconds < LastTime + Interval || IsNear(at, _points[_count - 1].At))))
        {
            return;
        }
        if (_count == MaxPoints)
        {
            Thin();
        }
        else if (_count == _points.Length)
        {
            Array.Resize(ref _points, Math.Min(MaxPoints, Math.Max(1, 2 * _count)));
        }
        _points[_count++] = new(at, signal, frequencyKhz);
    }

    // The first one stays: it is where the device was seen first.
    private void Thin()
    {
        for (int i = 1; i < MaxPoints / 2; i++)
        {
            _points[i] = _points[2 * i];
        }
        _count = MaxPoints / 2;
        Array.Clear(_points, _count, MaxPoints - _count);
        Interval *= 2;
    }

    // On so short a way the earth is flat.
    private static bool IsNear(GeoPoint a, GeoPoint b)
    {
        double north = (a.Latitude - b.Latitude) * Earth.MetresPerDegree;
        double east = (a.Longitude - b.Longitude) * Earth.MetresPerDegree * Math.Cos(a.Latitude * Math.PI / 180);
        return (north * north) + (east * east) < MinMetres * MinMetres;
    }
}

/// <summary>A point of a track.</summary>
/// <param name="At">Position and time. Not to be changed.</param>
/// <param name="Signal">Signal there, 0 when unknown.</param>
/// <param name="FrequencyKhz">Frequency in kHz, 0 when unknown.</param>
public readonly record struct TrackPoint(GeoPoint At, short Signal, uint FrequencyKhz);
