using System.Text.Json.Serialization;

namespace KismetOrleans.Engine.Places;

/// <summary>A picture of a floor, and where some of its points are.</summary>
public sealed record FloorPlan
{
    /// <summary>Name of the picture, as it got it when it came (<see cref="PlanPicture.Id"/>).</summary>
    public string Picture { get; init; } = "";

    /// <summary>Pixels of the picture.</summary>
    public int Width { get; init; }

    /// <summary>Pixels of the picture.</summary>
    public int Height { get; init; }

    /// <summary>Two or more points whose places are known.</summary>
    public IReadOnlyList<ReferencePoint> Points { get; init; } = [];

    /// <summary>What follows of the points; what a client sends of it is not looked at.</summary>
    public PlanFit? Fit { get; init; }
}

/// <summary>A point of a picture whose place is known.</summary>
public sealed record ReferencePoint
{
    /// <summary>Pixels from the left edge.</summary>
    [JsonPropertyName("px")]
    public double Right { get; init; } = double.NaN;

    /// <summary>Pixels from the upper edge.</summary>
    [JsonPropertyName("py")]
    public double Down { get; init; } = double.NaN;

    /// <summary>Metres along the building's x.</summary>
    public double X { get; init; } = double.NaN;

    /// <summary>Metres along the building's y.</summary>
    public double Y { get; init; } = double.NaN;
}

/// <summary>
/// From a picture to metres, as its points say: x = <c>matrix[0]</c> px + <c>matrix[1]</c> py + <c>matrix[2]</c>, and y by the other three. Of two points, or more on one line, turned, moved and of
/// one scale; of three or more also stretched and sheared, with the least squares of what is left.
/// </summary>
public sealed record PlanFit
{
    // Less than a pixel between points says nothing; a pixel of a plan is between a tenth of a millimetre and ten metres.
    private const double LeastSpread = 1;
    private const double LeastScale = 1e-4;
    private const double MostScale = 10;

    // Points whose spread across their line is less than a hundredth of that along it are on one.
    private const double Flat = 1e-4;

    public IReadOnlyList<double> Matrix { get; init; } = [];

    /// <summary>Metres of a pixel, the mean of all directions.</summary>
    public double Scale { get; init; }

    /// <summary>How far the points are from where they should be, root mean square, metres.</summary>
    public double Error { get; init; }

    /// <summary>Finds it; null where the points do not say it.</summary>
    public static PlanFit? Of(IReadOnlyList<ReferencePoint> points)
    {
        if (points.Count < 2)
        {
            return null;
        }
        (double mu, double mv) = (points.Average(static p => p.Right), points.Average(static p => p.Down));
        (double mx, double my) = (points.Average(static p => p.X), points.Average(static p => p.Y));
        double uu = 0, uv = 0, vv = 0, ux = 0, uy = 0, vx = 0, vy = 0;
        foreach (ReferencePoint p in points)
        {
            (double u, double v, double x, double y) = (p.Right - mu, p.Down - mv, p.X - mx, p.Y - my);
            (uu, uv, vv) = (uu + (u * u), uv + (u * v), vv + (v * v));
            (ux, uy, vx, vy) = (ux + (u * x), uy + (u * y), vx + (v * x), vy + (v * y));
        }
        double spread = uu + vv;
        if (spread < LeastSpread)
        {
            return null;
        }
        double determinant = (uu * vv) - (uv * uv);
        double a, b, c, d;
        if (determinant > Flat * spread * spread)
        {
            (a, b) = (((ux * vv) - (vx * uv)) / determinant, ((vx * uu) - (ux * uv)) / determinant);
            (c, d) = (((uy * vv) - (vy * uv)) / determinant, ((vy * uu) - (uy * uv)) / determinant);
        }
        else
        {
            // Pixels go down where metres go up.
            (a, b) = ((ux - vy) / spread, (uy + vx) / spread);
            (c, d) = (b, -a);
        }
        double scale = Math.Sqrt(Math.Abs((a * d) - (b * c)));
        if (!(scale is >= LeastScale and <= MostScale))
        {
            return null;
        }
        PlanFit fit = new() { Matrix = [a, b, mx - (a * mu) - (b * mv), c, d, my - (c * mu) - (d * mv)], Scale = scale };
        return fit with { Error = Math.Sqrt(points.Average(fit.Left2)) };
    }

    /// <summary>Metres of a point of the picture.</summary>
    public (double X, double Y) ToMetres(double right, double down) =>
        ((Matrix[0] * right) + (Matrix[1] * down) + Matrix[2], (Matrix[3] * right) + (Matrix[4] * down) + Matrix[5]);

    private double Left2(ReferencePoint point)
    {
        (double x, double y) = ToMetres(point.Right, point.Down);
        return ((x - point.X) * (x - point.X)) + ((y - point.Y) * (y - point.Y));
    }
}
