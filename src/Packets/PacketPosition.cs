namespace KismetOrleans.Packets;

/// <summary>Where a batch's packets were seen.</summary>
/// <param name="Latitude">Degrees north, −90 to 90.</param>
/// <param name="Longitude">Degrees east, −180 to 180.</param>
/// <param name="Altitude">Metres; of meaning with <paramref name="Fix"/> 3.</param>
/// <param name="Fix">2 for a place, 3 with its altitude.</param>
public readonly record struct PacketPosition(double Latitude, double Longitude, double Altitude, byte Fix)
{
    /// <summary>Whether it is a place on Earth.</summary>
    public bool IsValid => Fix is 2 or 3 && Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 180 && double.IsFinite(Altitude);
}
