namespace KismetOrleans.Records.Ieee802154;

/// <summary>The 802.15.4 part of a device (<c>802154.device</c>), which is empty in Kismet.</summary>
public sealed class Ieee802154Device
{
    /// <summary>Its network's identifier, as last heard; null until one is.</summary>
    public ushort? Pan;

    /// <summary>The short address that it is known by; null where that is an extended one.</summary>
    public ushort? ShortAddress;

    /// <summary>Whether it sends beacons, as coordinators do.</summary>
    public bool IsCoordinator;
}
