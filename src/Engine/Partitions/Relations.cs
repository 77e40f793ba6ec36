using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;

namespace KismetOrleans.Engine.Partitions;

/// <summary>How Wi-Fi devices belong together.</summary>
public enum Relation : byte
{
    /// <summary>Clients of an access point.</summary>
    Clients,

    /// <summary>Clients of an access point, and networks of a client.</summary>
    Both,
}

/// <summary>Devices that belong together.</summary>
internal static class Relations
{
    /// <summary>Adds the devices that a device belongs together with.</summary>
    public static void Add(Dot11Device device, Relation relation, HashSet<DeviceId> related)
    {
        for (int i = 0; i < (device.AssociatedClients?.Count ?? 0); i++)
        {
            _ = related.Add(device.AssociatedClients!.Value(i));
        }
        for (int i = 0; relation == Relation.Both && i < (device.Clients?.Count ?? 0); i++)
        {
            _ = related.Add(new(Phy.Dot11, device.Clients!.Key(i)));
        }
    }
}
