using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;

namespace KismetOrleans.Engine.Tracking;

[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceView")]
public abstract record DeviceView
{
    public static readonly DeviceView All = new AllDevices();

    /// <summary>Whether a device belongs to it.</summary>
    public abstract bool Contains(Device device);
}

/// <summary>All devices; asked for as <see cref="DeviceView.All"/>.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.AllDevices")]
internal sealed record AllDevices : DeviceView
{
    public override bool Contains(Device device) => true;
}

/// <summary>The devices of a phy.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PhyView")]
public sealed record PhyView([property: Id(0)] Phy Phy) : DeviceView
{
    public override bool Contains(Device device) => device.Id.Phy == Phy;
}

/// <summary>Wi-Fi access points.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.AccessPointView")]
public sealed record AccessPointView : DeviceView
{
    /// <summary>Its id, in paths.</summary>
    public const string Name = "phydot11_accesspoints";

    public override bool Contains(Device device) => device.Dot11 is { } dot11 && DeviceViews.IsAccessPoint(dot11);
}

/// <summary>The devices that a source saw.</summary>
/// <param name="SourceNumber">The source's number.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SeenByView")]
public sealed record SeenByView([property: Id(0)] ushort SourceNumber) : DeviceView
{
    public override bool Contains(Device device)
    {
        foreach (SeenBy seen in device.SeenBy)
        {
            if (seen.SourceNumber == SourceNumber)
            {
                return true;
            }
        }
        return false;
    }
}

internal static class DeviceViews
{
    /// <summary>Whether a Wi-Fi device is in the access point view: it beacons, answers probes, or is ad-hoc.</summary>
    public static bool IsAccessPoint(Dot11Device device) =>
        (device.TypeSet & (Dot11TypeSet.BeaconAp | Dot11TypeSet.ProbeAp | Dot11TypeSet.Adhoc)) != 0;
}
