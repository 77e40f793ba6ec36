namespace KismetOrleans.Records.Ieee802154;

/// <summary>The 802.15.4 part of a device (<c>802154.device</c>), which is empty in Kismet.</summary>
public sealed class Ieee802154Device
{
    /// <summary>Its network's identifier, as last seen; null until one is.</summary>
    public ushort? Pan;

    /// <summary>The short address that it is known by; null where that is an extended one.</summary>
    public ushort? ShortAddress;

    /// <summary>Whether it sends beacons, as coordinators do.</summary>
    public bool IsCoordinator;

    /// <summary>Quality of the link by which it was seen last; null while no receiver told one.</summary>
    public byte? LastLqi;

    /// <summary>The worst.</summary>
    public byte MinLqi;

    /// <summary>The best.</summary>
    public byte MaxLqi;

    /// <summary>Takes note of how well a frame of it was received.</summary>
    public void Hear(byte lqi)
    {
        (MinLqi, MaxLqi) = LastLqi is null ? (lqi, lqi) : (Math.Min(MinLqi, lqi), Math.Max(MaxLqi, lqi));
        LastLqi = lqi;
    }
}
