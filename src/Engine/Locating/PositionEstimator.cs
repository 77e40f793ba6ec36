using System.Numerics;
using System.Runtime.CompilerServices;

namespace KismetOrleans.Engine.Locating;

/// <summary>
/// Estimates where a device is from who saw it, how well, and who did not. For each cell of a grid around the strongest places the signals are fitted by a
/// Bayesian regression of two unknowns, what the device sends and what a metre of walls costs, whose residuals have long tails; how well that fits is the cell's
/// likelihood, in closed form. A silent sensor that the fit would have seen makes the cell less likely. Keeps its buffers: one thread at a time. Allocates nothing
/// once they are large enough.
/// </summary>
public sealed class PositionEstimator
{
    // What is weaker than the sixteen strongest places weighs nothing, and what is silent farther away than these says nothing.
    private const int MaxSeen = 16;
    private const int MaxSilent = 24;

    // Metres: radios nearer than that are one place.
    private const double SamePlace = 0.75;

    // Metres of a cell where sensors are as near to each other as in offices; four were worse (bench/locating.sh).
    private const float Cell = 2.5f;
    private const float Reach = 20;
    private const float Dense = 10;

    // A grid for each floor has as many cells at most; beyond that cells grow.
    private const int MaxCells = 1200;

    // A cell that is e to the power of this less likely than the best counts for nothing.
    private const float Hopeless = 12;

    // How many of the strongest places a device may be near to.
    private const int Anchors = 3;
    private const int MaxFloors = 5;

    // Reaches between the strongest place and another that a device may be near to: cells stay smaller than a reach.
    private const float Farthest = 4;

    // Weiszfeld's iteration towards the median: later steps are of centimetres.
    private const int MedianSteps = 8;

    // An ellipse is a share of the posterior's spread, which knows its direction, a share of the distance to the strongest places, in which nobody knows the walls, and what
    // is left beside a sensor, square metres. Found on the points of both buildings of bench/locating.sh together.
    private const double SpreadShare = 0.1;
    private const double DistanceShare = 0.1;
    private const double LeastVariance = 6.5;

    // -2 ln(1 - p) of an ellipse that holds a share p of a normal distribution, with 95 % a little wider for the long tails.
    private const double Scale68 = 2.279;
    private const double Scale95 = 7.2;
    private readonly Place[] _seen = new Place[MaxSeen];
    private readonly Place[] _silent = new Place[MaxSilent];
    private readonly double[] _silentDistance = new double[MaxSilent];
    private readonly int[] _floors = new int[MaxFloors];
    private float[] _x = [];
    private float[] _y = [];
    private float[] _density = [];
    private float[] _best = [];
    private float[] _likelihood = [];
    private int _seenCount;
    private int _silentCount;
    private int _cells;
    private int _inside;
    private float _highest;

    /// <summary>Estimates a position.</summary>
    /// <param name="seen">Who saw the device, and how well; in any order, radios of one place beside each other or not.</param>
    /// <param name="silent">Sensors that listened and did not hear it.</param>
    /// <returns>Null without any signal.</returns>
    public PositionEstimate? Estimate(ReadOnlySpan<SensorSignal> seen, ReadOnlySpan<SensorPoint> silent)
    {
        Merge(seen);
        if (_seenCount == 0)
        {
            return null;
        }
        // Near the strongest place, so that single precision is enough.
        SensorPoint origin = _seen[0].At;
        Choose(silent, origin);
        if (_seenCount == 1)
        {
            return Near(_seen[0]);
        }
        float scale = Lay(origin);
        int floor = WeighFloors(origin, scale);
        return Summarise(origin, floor, scale);
    }

    // One sensor: as far as a device that sends more than most may be.
    private static PositionEstimate Near(in Place place)
    {
        double likely = DistanceOf(place.Dbm, 0.47);
        double most = Math.Max(DistanceOf(place.Dbm, 1.64), 1.5 * likely);
        return new(PositionKind.Near, place.At.East, place.At.North, place.At.Floor, 1, new(likely, likely, 0), new(most, most, 0));
    }

    // Metres at which a signal arrives from a device that is louder, and has fewer walls around it, than a share of all.
    private static double DistanceOf(float dbm, double quantile)
    {
        double loss = PathLoss.Power + (quantile * Math.Sqrt((PathLoss.PowerSpread * PathLoss.PowerSpread) + (PathLoss.Spread * PathLoss.Spread))) - dbm;
        double wall = Math.Max(0.02, PathLoss.Wall - (quantile * PathLoss.WallSpread / 2));
        double low = 1;
        double high = 1000;
        for (int i = 0; i < 30; i++)
        {
            double middle = Math.Sqrt(low * high);
            (low, high) = (PathLoss.Decade * Math.Log10(middle)) + (wall * middle) < loss ? (middle, high) : (low, middle);
        }
        return high;
    }

    // Strongest first, one for each place: of several radios the best is the nearest to what the place could hear.
    private void Merge(ReadOnlySpan<SensorSignal> seen)
    {
        _seenCount = 0;
        foreach (ref readonly SensorSignal signal in seen)
        {
            Place place = new(signal.Sensor, signal.Dbm + (signal.IsHighBand ? PathLoss.HighBand : 0));
            int at = Find(_seen.AsSpan(0, _seenCount), signal.Sensor);
            if (at >= 0 && _seen[at].Dbm >= place.Dbm)
            {
                continue;
            }
            if (at < 0)
            {
                if (_seenCount == MaxSeen && _seen[^1].Dbm >= place.Dbm)
                {
                    continue;
                }
                at = _seenCount == MaxSeen ? MaxSeen - 1 : _seenCount++;
            }
            while (at > 0 && _seen[at - 1].Dbm < place.Dbm)
            {
                _seen[at] = _seen[--at];
            }
            _seen[at] = place;
        }
    }

    private static int Find(ReadOnlySpan<Place> places, in SensorPoint at)
    {
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i].At.Floor == at.Floor && Math.Abs(places[i].At.East - at.East) < SamePlace && Math.Abs(places[i].At.North - at.North) < SamePlace)
            {
                return i;
            }
        }
        return -1;
    }

    // The nearest to the strongest place, nearest first.
    private void Choose(ReadOnlySpan<SensorPoint> silent, in SensorPoint origin)
    {
        _silentCount = 0;
        foreach (ref readonly SensorPoint sensor in silent)
        {
            double distance = Squared(sensor.East - origin.East, sensor.North - origin.North);
            if ((_silentCount == MaxSilent && distance >= _silentDistance[^1]) || Find(_seen.AsSpan(0, _seenCount), sensor) >= 0
                || Find(_silent.AsSpan(0, _silentCount), sensor) >= 0)
            {
                continue;
            }
            int at = _silentCount == MaxSilent ? MaxSilent - 1 : _silentCount++;
            while (at > 0 && _silentDistance[at - 1] > distance)
            {
                (_silent[at], _silentDistance[at]) = (_silent[at - 1], _silentDistance[at - 1]);
                at--;
            }
            (_silent[at], _silentDistance[at]) = (new(sensor, 0), distance);
        }
    }

    // Lays the cells of one floor around the strongest places; the same for all floors.
    private float Lay(in SensorPoint origin)
    {
        // Where sensors are a hundred metres apart a device may be as far from them.
        double nearest = double.MaxValue;
        for (int i = 1; i < _seenCount; i++)
        {
            nearest = Math.Min(nearest, Squared(_seen[i].At.East - origin.East, _seen[i].At.North - origin.North));
        }
        nearest = _silentCount > 0 ? Math.Min(nearest, _silentDistance[0]) : nearest;
        float scale = Math.Max(1, (float)Math.Sqrt(nearest) / Dense);
        float reach = Reach * scale;
        int anchors = 0;
        Span<(float X, float Y)> near = stackalloc (float, float)[Anchors];
        foreach (ref readonly Place place in _seen.AsSpan(0, Math.Min(Anchors, _seenCount)))
        {
            // What is farther away was seen by mistake, or stands elsewhere by now.
            (float x, float y) = place.From(origin);
            if (Squared(x, y) <= Squared(Farthest * reach, 0))
            {
                near[anchors++] = (x, y);
            }
        }
        near = near[..anchors];
        (float left, float right, float low, float high) = (0, 0, 0, 0);
        foreach ((float x, float y) in near)
        {
            (left, right, low, high) = (Math.Min(left, x), Math.Max(right, x), Math.Min(low, y), Math.Max(high, y));
        }
        (left, right, low, high) = (left - reach, right + reach, low - reach, high + reach);
        float cell = Math.Max(Cell * scale, MathF.Sqrt((right - left) * (high - low) / MaxCells));
        int columns = (int)((right - left) / cell) + 1;
        int rows = (int)((high - low) / cell) + 1;
        Grow((columns * rows) + Vector<float>.Count);
        _cells = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                (float x, float y) = (left + (column * cell), low + (row * cell));
                foreach ((float px, float py) in near)
                {
                    if (Squared(x - px, y - py) <= reach * reach)
                    {
                        (_x[_cells], _y[_cells]) = (x, y);
                        _cells++;
                        break;
                    }
                }
            }
        }
        // To whole vectors, with cells that never count.
        _inside = _cells;
        while (_cells % Vector<float>.Count > 0)
        {
            (_x[_cells], _y[_cells]) = (0, 0);
            _cells++;
        }
        return scale;
    }

    private void Grow(int cells)
    {
        if (_x.Length < cells)
        {
            (_x, _y, _density, _best, _likelihood) = (new float[cells], new float[cells], new float[cells], new float[cells], new float[cells]);
        }
    }

    // Leaves the likelihoods of the most likely floor in _best, relative to its best cell.
    private int WeighFloors(in SensorPoint origin, float scale)
    {
        int floors = Floors(origin.Floor);
        int chosen = origin.Floor;
        double most = double.NegativeInfinity;
        _highest = float.NegativeInfinity;
        for (int i = 0; i < floors; i++)
        {
            float highest = WeighFloor(_floors[i], origin, scale);
            Vector<float> sum = default;
            for (int cell = 0; cell < _cells; cell += Vector<float>.Count)
            {
                Vector<float> share = Vector.Exp(new Vector<float>(_likelihood, cell) - new Vector<float>(highest));
                share.CopyTo(_likelihood, cell);
                sum += share;
            }
            double evidence = highest + Math.Log(Vector.Sum(sum));
            if (evidence > most)
            {
                (most, chosen) = (evidence, _floors[i]);
                (_best, _likelihood) = (_likelihood, _best);
            }
        }
        return chosen;
    }

    // Those with sensors, the strongest place's first.
    private int Floors(int first)
    {
        _floors[0] = first;
        int count = 1;
        Add(_seen.AsSpan(0, _seenCount));
        Add(_silent.AsSpan(0, _silentCount));
        return count;

        void Add(ReadOnlySpan<Place> places)
        {
            foreach (ref readonly Place place in places)
            {
                if (count < MaxFloors && !_floors.AsSpan(0, count).Contains(place.At.Floor))
                {
                    _floors[count++] = place.At.Floor;
                }
            }
        }
    }

    // The logarithm of each cell's likelihood on a floor into _likelihood; gives the highest.
    private float WeighFloor(int floor, in SensorPoint origin, float scale)
    {
        Spread(floor, origin, scale);
        Span<float> weights = stackalloc float[MaxSeen];
        float total = Weights(weights[.._seenCount]);
        Span<PlaceTerms> seen = stackalloc PlaceTerms[MaxSeen];
        Span<PlaceTerms> silent = stackalloc PlaceTerms[MaxSilent];
        Terms(_seen.AsSpan(0, _seenCount), seen, floor, origin);
        Terms(_silent.AsSpan(0, _silentCount), silent, floor, origin);
        const float variance = PathLoss.Spread * PathLoss.Spread;
        Vector<float> powerPrior = new((variance / (PathLoss.PowerSpread * PathLoss.PowerSpread)) + total);
        Vector<float> wallPrior = new(variance / (PathLoss.WallSpread * PathLoss.WallSpread));
        Vector<float> tails = new(1 / (2 * PathLoss.Robustness * variance));
        Vector<float> exponent = new(PathLoss.Robustness + (total / 2));
        for (int cell = 0; cell < _cells; cell += Vector<float>.Count)
        {
            Vector<float> x = new(_x, cell);
            Vector<float> y = new(_y, cell);
            // Sums of a weighted regression of (signal + expected loss - expected power) on distance.
            Vector<float> d1 = default;
            Vector<float> d2 = wallPrior;
            Vector<float> r1 = default;
            Vector<float> rd = default;
            Vector<float> rr = default;
            for (int i = 0; i < _seenCount; i++)
            {
                ref readonly PlaceTerms place = ref seen[i];
                Vector<float> distance = Distance(x, y, place);
                Vector<float> residual = Loss(distance, place) + new Vector<float>(place.Dbm - PathLoss.Power);
                Vector<float> weight = new(weights[i]);
                Vector<float> weighted = weight * distance;
                d1 += weighted;
                d2 += weighted * distance;
                rd += weighted * residual;
                weighted = weight * residual;
                r1 += weighted;
                rr += weighted * residual;
            }
            Vector<float> determinant = (powerPrior * d2) - (d1 * d1);
            // Power beyond the expected, and what a metre costs beyond the expected (with its sign turned, as the residual falls with distance).
            Vector<float> power = ((d2 * r1) - (d1 * rd)) / determinant;
            Vector<float> slope = ((powerPrior * rd) - (d1 * r1)) / determinant;
            Vector<float> misfit = Vector.Max(Vector<float>.Zero, rr - (power * r1) - (slope * rd));
            Vector<float> log = -(exponent * Vector.Log(Vector<float>.One + (misfit * tails))) - (new Vector<float>(0.5f) * Vector.Log(determinant));
            log += new Vector<float>(_density, cell);
            if (Vector.LessThanAll(log, new(_highest - Hopeless)))
            {
                // Silence makes it no likelier.
                log.CopyTo(_likelihood, cell);
                continue;
            }
            Vector<float> quiet = Vector<float>.One;
            for (int i = 0; i < _silentCount; i++)
            {
                ref readonly PlaceTerms place = ref silent[i];
                Vector<float> distance = Distance(x, y, place);
                Vector<float> expected = new Vector<float>(PathLoss.Power) + power + (slope * distance) - Loss(distance, place);
                Vector<float> below = (new Vector<float>(PathLoss.Threshold) - expected) * new Vector<float>(1 / PathLoss.ThresholdSpread);
                Vector<float> unheard = new Vector<float>(0.5f) + (new Vector<float>(0.5f) * below / Vector.SquareRoot(Vector<float>.One + (below * below)));
                quiet *= new Vector<float>(PathLoss.Missed) + (new Vector<float>(1 - PathLoss.Missed) * unheard);
            }
            log += Vector.Log(quiet);
            log.CopyTo(_likelihood, cell);
            if (Vector.GreaterThanAny(log, new(_highest)))
            {
                _highest = Highest(cell, Math.Min(cell + Vector<float>.Count, _inside));
            }
        }
        _likelihood.AsSpan(_inside, _cells - _inside).Fill(float.NegativeInfinity);
        return Highest(0, _inside);
    }

    private float Highest(int from, int to)
    {
        float highest = _highest;
        foreach (float likelihood in _likelihood.AsSpan(from, Math.Max(0, to - from)))
        {
            highest = Math.Max(highest, likelihood);
        }
        return highest;
    }

    // How likely devices are at each cell before anything is seen.
    private void Spread(int floor, in SensorPoint origin, float scale)
    {
        float crowd = PathLoss.Crowd * scale;
        Vector<float> narrow = new(-1 / (2 * crowd * crowd));
        Array.Clear(_density, 0, _cells);
        Add(_seen.AsSpan(0, _seenCount), origin);
        Add(_silent.AsSpan(0, _silentCount), origin);
        for (int cell = 0; cell < _cells; cell += Vector<float>.Count)
        {
            Vector.Log(new Vector<float>(PathLoss.Elsewhere) + Vector.Min(Vector<float>.One, new(_density, cell))).CopyTo(_density, cell);
        }

        void Add(ReadOnlySpan<Place> places, in SensorPoint origin)
        {
            foreach (ref readonly Place place in places)
            {
                if (place.At.Floor != floor)
                {
                    continue;
                }
                (float px, float py) = place.From(origin);
                for (int cell = 0; cell < _cells; cell += Vector<float>.Count)
                {
                    Vector<float> x = new Vector<float>(_x, cell) - new Vector<float>(px);
                    Vector<float> y = new Vector<float>(_y, cell) - new Vector<float>(py);
                    (new Vector<float>(_density, cell) + Vector.Exp(((x * x) + (y * y)) * narrow)).CopyTo(_density, cell);
                }
            }
        }
    }

    private float Weights(Span<float> weights)
    {
        float sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Max(PathLoss.LeastWeight, MathF.Pow(10, (_seen[i].Dbm - _seen[0].Dbm) / PathLoss.WeightDecade));
            sum += weights[i];
        }
        float total = PathLoss.Weight * MathF.Pow(weights.Length, PathLoss.WeightGrowth);
        foreach (ref float weight in weights)
        {
            weight *= total / sum;
        }
        return total;
    }

    private static void Terms(ReadOnlySpan<Place> places, Span<PlaceTerms> terms, int floor, in SensorPoint origin)
    {
        for (int i = 0; i < places.Length; i++)
        {
            (float x, float y) = places[i].From(origin);
            int ceilings = Math.Abs(places[i].At.Floor - floor);
            terms[i] = new(
                x, y, (PathLoss.Height * PathLoss.Height) + (ceilings * ceilings * PathLoss.FloorHeight * PathLoss.FloorHeight),
                ceilings * PathLoss.Ceiling, places[i].Dbm);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Distance(Vector<float> x, Vector<float> y, in PlaceTerms place)
    {
        Vector<float> east = x - new Vector<float>(place.X);
        Vector<float> north = y - new Vector<float>(place.Y);
        return Vector.SquareRoot((east * east) + (north * north) + new Vector<float>(place.Above));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Loss(Vector<float> distance, in PlaceTerms place) =>
        (Vector.Log2(distance) * new Vector<float>(PathLoss.Decade * 0.30103f)) + (distance * new Vector<float>(PathLoss.Wall)) + new Vector<float>(place.Ceilings);

    private PositionEstimate Summarise(in SensorPoint origin, int floor, float scale)
    {
        (float x, float y) = Median();
        double sum = 0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < _cells; i++)
        {
            (double east, double north, double share) = (_x[i] - x, _y[i] - y, _best[i]);
            sum += share;
            xx += share * east * east;
            yy += share * north * north;
            xy += share * east * north;
        }
        int anchors = Math.Min(Anchors, _seenCount);
        double away = 0;
        for (int i = 0; i < anchors; i++)
        {
            (float px, float py) = _seen[i].From(origin);
            away += Math.Sqrt(Squared(px - x, py - y)) / anchors;
        }
        double unknown = (LeastVariance * scale * scale) + Squared(DistanceShare * away, 0);
        xx = (SpreadShare * xx / sum) + unknown;
        yy = (SpreadShare * yy / sum) + unknown;
        xy = SpreadShare * xy / sum;
        double middle = (xx + yy) / 2;
        double half = Math.Sqrt(Squared((xx - yy) / 2, xy));
        double angle = 90 * Math.Atan2(xy, (xx - yy) / 2) / Math.PI;
        angle = angle < 0 ? angle + 180 : angle;
        double major = Math.Sqrt(middle + half);
        double minor = Math.Sqrt(middle - half);
        return new(
            _seenCount == 2 ? PositionKind.Area : PositionKind.Point, origin.East + x, origin.North + y, floor, _seenCount,
            new(major * Math.Sqrt(Scale68), minor * Math.Sqrt(Scale68), angle), new(major * Math.Sqrt(Scale95), minor * Math.Sqrt(Scale95), angle));
    }

    // The point with the least expected error: half of two equally likely places is neither.
    private (float X, float Y) Median()
    {
        Vector<float> one = Vector<float>.One;
        (float mx, float my) = (0, 0);
        for (int step = 0; step <= MedianSteps; step++)
        {
            Vector<float> sum = default;
            Vector<float> xs = default;
            Vector<float> ys = default;
            for (int cell = 0; cell < _cells; cell += Vector<float>.Count)
            {
                Vector<float> x = new(_x, cell);
                Vector<float> y = new(_y, cell);
                Vector<float> share = new(_best, cell);
                if (step > 0)
                {
                    Vector<float> east = x - new Vector<float>(mx);
                    Vector<float> north = y - new Vector<float>(my);
                    share /= Vector.SquareRoot((east * east) + (north * north) + one);
                }
                sum += share;
                xs += share * x;
                ys += share * y;
            }
            float total = Vector.Sum(sum);
            (mx, my) = (Vector.Sum(xs) / total, Vector.Sum(ys) / total);
        }
        return (mx, my);
    }

    private static double Squared(double x, double y) => (x * x) + (y * y);

    /// <summary>A place of sensors with the best signal of its radios.</summary>
    private readonly record struct Place(SensorPoint At, float Dbm)
    {
        public (float X, float Y) From(in SensorPoint origin) => ((float)(At.East - origin.East), (float)(At.North - origin.North));
    }

    /// <summary>A place as a floor sees it.</summary>
    /// <param name="Above">Square of the metres between its height and the floor's.</param>
    /// <param name="Ceilings">Decibels that are lost in ceilings.</param>
    private readonly record struct PlaceTerms(float X, float Y, float Above, float Ceilings, float Dbm);
}
