namespace KismetOrleans.Engine.Places;

/// <summary>Polygons of corners [x, y] in metres, of which the last is joined to the first.</summary>
internal static class Polygon
{
    /// <summary>Corners of one at most: a round wall drawn by hand has some dozen. Comparing each edge with each costs the square.</summary>
    public const int MaxCorners = 200;

    // A millimetre: coordinates are rounded to it.
    private const double Near = 1e-3;

    /// <summary>What keeps corners from being a polygon; null where nothing does.</summary>
    public static string? Fault(IReadOnlyList<double[]> corners)
    {
        if (corners.Count is < 3 or > MaxCorners)
        {
            return $"expected 3 to {MaxCorners} corners, got {corners.Count}";
        }
        for (int i = 0; i < corners.Count; i++)
        {
            if (corners[i][0] == Next(corners, i)[0] && corners[i][1] == Next(corners, i)[1])
            {
                return $"corners {i} and {(i + 1) % corners.Count} are the same";
            }
        }
        for (int i = 0; i < corners.Count; i++)
        {
            double[] a = corners[i], b = Next(corners, i), c = Next(corners, i + 1);
            if (Cross(a, b, c) == 0 && Towards(b, a, c))
            {
                return $"crosses itself: its edge goes back at corner {(i + 1) % corners.Count}";
            }
            for (int j = i + 2; j < corners.Count && j - i < corners.Count - 1; j++)
            {
                if (Meet(a, b, corners[j], Next(corners, j)))
                {
                    return $"crosses itself: the edges behind corners {i} and {j} meet";
                }
            }
        }
        return null;
    }

    /// <summary>Whether a point is in a polygon, or on its edge.</summary>
    public static bool Contains(IReadOnlyList<double[]> corners, double x, double y)
    {
        bool isInside = false;
        double[] point = [x, y];
        for (int i = 0; i < corners.Count; i++)
        {
            double[] a = corners[i], b = Next(corners, i);
            double length = Math.Sqrt(Square(b[0] - a[0]) + Square(b[1] - a[1]));
            if (Math.Abs(Cross(a, b, point)) <= Near * length && IsBetween(a, b, point))
            {
                return true;
            }
            if (a[1] > y != b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])))
            {
                isInside = !isInside;
            }
        }
        return isInside;
    }

    /// <summary>Twice the area, positive where corners go against the clock with y up.</summary>
    public static double Area2(IReadOnlyList<double[]> corners)
    {
        double sum = 0;
        for (int i = 0; i < corners.Count; i++)
        {
            double[] a = corners[i], b = Next(corners, i);
            sum += (a[0] * b[1]) - (b[0] * a[1]);
        }
        return sum;
    }

    private static double[] Next(IReadOnlyList<double[]> corners, int i) => corners[(i + 1) % corners.Count];

    private static double Square(double value) => value * value;

    private static double Cross(double[] a, double[] b, double[] c) => ((b[0] - a[0]) * (c[1] - a[1])) - ((b[1] - a[1]) * (c[0] - a[0]));

    private static bool Towards(double[] from, double[] a, double[] b) => ((a[0] - from[0]) * (b[0] - from[0])) + ((a[1] - from[1]) * (b[1] - from[1])) > 0;

    private static bool IsBetween(double[] a, double[] b, double[] point) =>
        point[0] >= Math.Min(a[0], b[0]) - Near && point[0] <= Math.Max(a[0], b[0]) + Near && point[1] >= Math.Min(a[1], b[1]) - Near && point[1] <= Math.Max(a[1], b[1]) + Near;

    // Also where they only touch.
    private static bool Meet(double[] a, double[] b, double[] c, double[] d)
    {
        int first = Math.Sign(Cross(a, b, c)), second = Math.Sign(Cross(a, b, d)), third = Math.Sign(Cross(c, d, a)), fourth = Math.Sign(Cross(c, d, b));
        return (first != second && third != fourth)
            || (first == 0 && IsOn(a, b, c)) || (second == 0 && IsOn(a, b, d)) || (third == 0 && IsOn(c, d, a)) || (fourth == 0 && IsOn(c, d, b));
    }

    private static bool IsOn(double[] a, double[] b, double[] point) =>
        point[0] >= Math.Min(a[0], b[0]) && point[0] <= Math.Max(a[0], b[0]) && point[1] >= Math.Min(a[1], b[1]) && point[1] <= Math.Max(a[1], b[1]);
}
