using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Persistence;

/// <summary>A device's part in networks.</summary>
internal static class DeviceCodecClients
{
    [Flags]
    private enum Parts : byte
    {
        DhcpHost = 1,
        DhcpVendor = 2,
        EapIdentity = 4,
        CdpDevice = 8,
        CdpPort = 16,
        Ip = 32,
        Location = 64,

        // The client's network is the one that it stands under, as a rule.
        OtherBssid = 128,
    }

    public static void WriteIf(SmallMap<Dot11Client>? clients, DeviceCodecWriter writer)
    {
        if (clients is null)
        {
            return;
        }
        writer.UInt((uint)clients.Count);
        for (int i = 0; i < clients.Count; i++)
        {
            writer.Address(clients.Key(i));
            Write(clients.Key(i), clients.Value(i), writer);
        }
    }

    public static SmallMap<Dot11Client> Read(ref DeviceCodecReader reader)
    {
        int count = reader.Count(7);
        SmallMap<Dot11Client> clients = new(count);
        for (int i = 0; i < count; i++)
        {
            MacAddress key = reader.Address();
            Add(clients, key, ReadClient(key, ref reader));
        }
        return clients;
    }

    /// <summary>Adds an entry, whose address must be new.</summary>
    public static void Add<T>(SmallMap<T> map, MacAddress key, T value)
    {
        if (map.TryGet(key, out _))
        {
            throw DeviceCodecReader.Spoiled($"{key} stands twice in a map");
        }
        map.Add(key, value);
    }

    private static void Write(MacAddress key, Dot11Client client, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        writer.Byte((byte)((client.DhcpHost is null ? 0 : Parts.DhcpHost)
            | (client.DhcpVendor is null ? 0 : Parts.DhcpVendor)
            | (client.EapIdentity is null ? 0 : Parts.EapIdentity)
            | (client.CdpDevice is null ? 0 : Parts.CdpDevice)
            | (client.CdpPort is null ? 0 : Parts.CdpPort)
            | (client.Ip is null ? 0 : Parts.Ip)
            | (client.Location is null ? 0 : Parts.Location)
            | (client.Bssid == key ? 0 : Parts.OtherBssid)));
        if (client.Bssid != key)
        {
            writer.Address(client.Bssid);
        }
        writer.Time(client.FirstTime);
        writer.Time(client.LastTime);
        writer.UInt(client.RetryDataSize);
        writer.UInt(client.Fragments);
        writer.UInt(client.Retries);
        DeviceCodecSsids.WriteIf(client.DhcpHost, writer);
        DeviceCodecSsids.WriteIf(client.DhcpVendor, writer);
        DeviceCodecSsids.WriteIf(client.EapIdentity, writer);
        DeviceCodecSsids.WriteIf(client.CdpDevice, writer);
        DeviceCodecSsids.WriteIf(client.CdpPort, writer);
        if (client.Ip is { } ip)
        {
            int ipStart = writer.Begin();
            writer.Byte(ip.Kind);
            writer.UInt(ip.Address);
            writer.UInt(ip.Netmask);
            writer.UInt(ip.Gateway);
            writer.End(ipStart);
        }
        DeviceCodecLocation.WriteIf(client.Location, writer);
        writer.End(start);
    }

    private static Dot11Client ReadClient(MacAddress key, ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Parts parts = (Parts)reader.Byte();
        return new()
        {
            Bssid = (parts & Parts.OtherBssid) == 0 ? key : reader.Address(),
            FirstTime = reader.Time(),
            LastTime = reader.Time(),
            RetryDataSize = reader.UInt64(),
            Fragments = reader.UInt32(),
            Retries = reader.UInt32(),
            DhcpHost = (parts & Parts.DhcpHost) == 0 ? null : reader.Text(),
            DhcpVendor = (parts & Parts.DhcpVendor) == 0 ? null : reader.Shared(),
            EapIdentity = (parts & Parts.EapIdentity) == 0 ? null : reader.Text(),
            CdpDevice = (parts & Parts.CdpDevice) == 0 ? null : reader.Shared(),
            CdpPort = (parts & Parts.CdpPort) == 0 ? null : reader.Shared(),
            Ip = (parts & Parts.Ip) == 0 ? null : ReadIp(ref reader),
            Location = (parts & Parts.Location) == 0 ? null : DeviceCodecLocation.Read(ref reader),
        };
    }

    private static IpData ReadIp(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        return new()
        {
            Kind = reader.Byte(),
            Address = reader.UInt32(),
            Netmask = reader.UInt32(),
            Gateway = reader.UInt32(),
        };
    }
}
