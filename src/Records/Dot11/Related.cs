using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Dot11;

/// <summary>In what devices are alike.</summary>
public enum Likeness : ushort
{
    /// <summary>Access points whose timers began together.</summary>
    Clock = 1,

    /// <summary>One WPS identity (UUID-E).</summary>
    Identity = 2,
}

/// <summary>Devices that seem to be the same hardware (<c>kismet.device.base.related_devices</c>).</summary>
public static class Related
{
    /// <summary>Devices of each kind that one keeps: as many networks as an access point announces, and some more.</summary>
    public const int Most = 32;

    private static readonly KeyValuePair<string, List<DeviceId>>[] s_none = [];

    /// <summary>Adds another device to those that are like one; the oldest makes room.</summary>
    /// <returns>Whether it is new.</returns>
    public static bool Add(Dot11Device device, Likeness likeness, MacAddress other) => likeness switch
    {
        Likeness.Clock => Add(device.LikeByClock ??= [], other),
        Likeness.Identity => Add(device.LikeByIdentity ??= [], other),
        _ => false,
    };

    internal static IEnumerable<KeyValuePair<string, List<DeviceId>>> Of(Device device) =>
        device.Dot11 is { } dot11 && (dot11.LikeByClock ?? dot11.LikeByIdentity) is not null ? ByName(dot11) : s_none;

    private static IEnumerable<KeyValuePair<string, List<DeviceId>>> ByName(Dot11Device device)
    {
        if (device.LikeByClock is { } clocks)
        {
            yield return new("dot11_bssts_similar", [.. clocks.Select(static address => new DeviceId(Phy.Dot11, address))]);
        }
        if (device.LikeByIdentity is { } identities)
        {
            yield return new("dot11_uuid_e", [.. identities.Select(static address => new DeviceId(Phy.Dot11, address))]);
        }
    }

    private static bool Add(List<MacAddress> list, MacAddress other)
    {
        if (list.Contains(other))
        {
            return false;
        }
        if (list.Count >= Most)
        {
            list.RemoveAt(0);
        }
        list.Add(other);
        return true;
    }
}
