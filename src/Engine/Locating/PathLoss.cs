namespace KismetOrleans.Engine.Locating;

/// <summary>
/// What is believed of radio waves in buildings before anything is seen. Chosen for both buildings of <c>bench/locating.sh</c>, on points of the one and of the other (docs/locating.md).
/// </summary>
internal static class PathLoss
{
    /// <summary>Signal a metre away, dBm: what a device sends is not known.</summary>
    public const float Power = -46;

    /// <summary>How far off that may be.</summary>
    public const float PowerSpread = 4;

    /// <summary>Decibels that ten times the distance cost.</summary>
    public const float Decade = 22;

    /// <summary>Decibels that a metre of walls and furniture costs; none along a corridor.</summary>
    public const float Wall = 0.35f;

    /// <summary>How far off that may be; each device's surroundings are their own.</summary>
    public const float WallSpread = 0.25f;

    public const float Ceiling = 15;

    /// <summary>Metres from floor to floor.</summary>
    public const float FloorHeight = 3.5f;

    /// <summary>Metres that a sensor hangs above devices.</summary>
    public const float Height = 2;

    /// <summary>Decibels that 5 GHz loses against 2.4 GHz.</summary>
    public const float HighBand = 3;

    /// <summary>Decibels by which a signal differs from all that.</summary>
    public const float Spread = 6.5f;

    /// <summary>Half the degrees of freedom of the residuals: the fewer, the more a signal may be off without carrying the estimate away.</summary>
    public const float Robustness = 5;

    /// <summary>A signal this many decibels weaker than the strongest weighs a tenth: it came through more that nobody knows.</summary>
    public const float WeightDecade = 36;

    public const float LeastWeight = 0.01f;

    /// <summary>What all signals together weigh: this, times their number to the power of <see cref="WeightGrowth"/>, since neighbours share the same walls.</summary>
    public const float Weight = 2.2f;

    /// <summary>See <see cref="Weight"/>.</summary>
    public const float WeightGrowth = 0.6f;

    /// <summary>Signal that is seen half of the time, dBm.</summary>
    public const float Threshold = -84;

    /// <summary>Decibels around it within which that changes.</summary>
    public const float ThresholdSpread = 7;

    /// <summary>How likely a sensor misses even what it should hear: it was on another channel.</summary>
    public const float Missed = 0.37f;

    /// <summary>Metres around a sensor where devices are most likely: sensors are put where people are.</summary>
    public const float Crowd = 2.4f;

    /// <summary>How likely they are elsewhere, against that.</summary>
    public const float Elsewhere = 0.035f;
}
