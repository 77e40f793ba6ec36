using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Persistence;

/// <summary>The Wi-Fi part of a device.</summary>
internal static class DeviceCodecDot11
{
    [Flags]
    private enum Parts : uint
    {
        LinkMeasurement = 1,
        NeighborReport = 1 << 1,
        LastBssid = 1 << 2,
        ExtendedCapabilities = 1 << 3,
        SupportedChannels = 1 << 4,
        Advertised = 1 << 5,
        Responded = 1 << 6,
        Probed = 1 << 7,
        Clients = 1 << 8,
        AssociatedClients = 1 << 9,
        Handshakes = 1 << 10,
        Nonces = 1 << 11,
        Anonces = 1 << 12,
        PmkidPacket = 1 << 13,
        BeaconPacket = 1 << 14,
        LastBeaconed = 1 << 15,
        LastProbed = 1 << 16,
        BeaconHash = 1 << 17,
        ResponseHash = 1 << 18,
        ProbeHash = 1 << 19,
        Watch = 1 << 20,
        Announcement = 1 << 21,
        Disclosure = 1 << 22,
        ResponseFingerprint = 1 << 23,
        Clocks = 1 << 24,
        Identities = 1 << 25,
    }

    public static void Write(Dot11Device device, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        writer.UInt((uint)PartsOf(device));
        writer.UInt((uint)device.TypeSet);
        writer.UInt(device.ClientDisconnects);
        writer.Time(device.ClientDisconnectsLast);
        writer.UInt(device.BssTimestamp);
        writer.UInt(device.Fragments);
        writer.UInt(device.Retries);
        writer.UInt(device.DataSize);
        writer.UInt(device.RetryDataSize);
        writer.Time(device.LastBeaconTime);
        writer.UInt(device.WpsM3Count);
        writer.Time(device.WpsM3Last);
        writer.Byte(device.MinTxPower);
        writer.Byte(device.MaxTxPower);
        writer.UInt(device.BeaconFingerprint);
        writer.UInt(device.ProbeFingerprint);
        if (device.LastBssid is { } bssid)
        {
            writer.Address(bssid);
        }
        WriteHash(device.BeaconHash, writer);
        WriteHash(device.ResponseHash, writer);
        WriteHash(device.ProbeHash, writer);
        if (device.ExtendedCapabilities is not null)
        {
            writer.UInt((uint)device.ExtendedCapabilities.Length);
            foreach (string name in device.ExtendedCapabilities)
            {
                writer.Text(name);
            }
        }
        if (device.SupportedChannels is not null)
        {
            writer.Blob(device.SupportedChannels);
        }
        DeviceCodecSsids.Write(device, writer);
        DeviceCodecClients.WriteIf(device.Clients, writer);
        WriteIf(device.AssociatedClients, writer);
        DeviceCodecHandshakes.Write(device, writer);
        DeviceCodecWatch.WriteIf(device.Watch, writer);
        DeviceCodecHandshakes.WriteIf(device.Announcement, writer);
        DeviceCodecHandshakes.WriteIf(device.Disclosure, writer);
        if (device.ResponseFingerprint != 0)
        {
            writer.UInt(device.ResponseFingerprint);
        }
        WriteIf(device.LikeByClock, writer);
        WriteIf(device.LikeByIdentity, writer);
        writer.End(start);
    }

    public static Dot11Device Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Parts parts = (Parts)reader.UInt32();
        Dot11Device device = new()
        {
            LinkMeasurement = (parts & Parts.LinkMeasurement) != 0,
            NeighborReport = (parts & Parts.NeighborReport) != 0,
            TypeSet = (Dot11TypeSet)reader.UInt32(),
            ClientDisconnects = reader.UInt32(),
            ClientDisconnectsLast = reader.Time(),
            BssTimestamp = reader.UInt64(),
            Fragments = reader.UInt32(),
            Retries = reader.UInt32(),
            DataSize = reader.UInt64(),
            RetryDataSize = reader.UInt64(),
            LastBeaconTime = reader.Time(),
            WpsM3Count = reader.UInt32(),
            WpsM3Last = reader.Time(),
            MinTxPower = reader.Byte(),
            MaxTxPower = reader.Byte(),
            BeaconFingerprint = reader.UInt32(),
            ProbeFingerprint = reader.UInt32(),
            LastBssid = (parts & Parts.LastBssid) == 0 ? null : reader.Address(),
            BeaconHash = (parts & Parts.BeaconHash) == 0 ? 0 : reader.Fixed64(),
            ResponseHash = (parts & Parts.ResponseHash) == 0 ? 0 : reader.Fixed64(),
            ProbeHash = (parts & Parts.ProbeHash) == 0 ? 0 : reader.Fixed64(),
        };
        if ((parts & Parts.ExtendedCapabilities) != 0)
        {
            device.ExtendedCapabilities = new string[reader.Count()];
            for (int i = 0; i < device.ExtendedCapabilities.Length; i++)
            {
                device.ExtendedCapabilities[i] = reader.Shared();
            }
        }
        device.SupportedChannels = (parts & Parts.SupportedChannels) == 0 ? null : reader.Bytes();
        device.Advertised = (parts & Parts.Advertised) == 0 ? null : DeviceCodecSsids.ReadAdvertised(ref reader);
        device.Responded = (parts & Parts.Responded) == 0 ? null : DeviceCodecSsids.ReadAdvertised(ref reader);
        device.Probed = (parts & Parts.Probed) == 0 ? null : DeviceCodecSsids.ReadProbed(ref reader);
        device.LastBeaconed = (parts & Parts.LastBeaconed) == 0 ? null : DeviceCodecSsids.ReadLastBeaconed(device, ref reader);
        device.LastProbed = (parts & Parts.LastProbed) == 0 ? null : DeviceCodecSsids.ReadLastProbed(device, ref reader);
        device.Clients = (parts & Parts.Clients) == 0 ? null : DeviceCodecClients.Read(ref reader);
        device.AssociatedClients = (parts & Parts.AssociatedClients) == 0 ? null : ReadAssociated(ref reader);
        device.Handshakes = (parts & Parts.Handshakes) == 0 ? null : DeviceCodecHandshakes.Read(ref reader);
        device.Nonces = (parts & Parts.Nonces) == 0 ? null : DeviceCodecHandshakes.ReadNonces(ref reader);
        device.Anonces = (parts & Parts.Anonces) == 0 ? null : DeviceCodecHandshakes.ReadNonces(ref reader);
        device.PmkidPacket = (parts & Parts.PmkidPacket) == 0 ? null : DeviceCodecHandshakes.ReadPmkid(device, ref reader);
        device.BeaconPacket = (parts & Parts.BeaconPacket) == 0 ? null : DeviceCodecHandshakes.ReadPacket(ref reader);
        device.Watch = (parts & Parts.Watch) == 0 ? null : DeviceCodecWatch.Read(ref reader);
        device.Announcement = (parts & Parts.Announcement) == 0 ? null : DeviceCodecHandshakes.ReadPacket(ref reader);
        device.Disclosure = (parts & Parts.Disclosure) == 0 ? null : DeviceCodecHandshakes.ReadPacket(ref reader);
        device.ResponseFingerprint = (parts & Parts.ResponseFingerprint) == 0 ? 0 : reader.UInt32();
        device.LikeByClock = (parts & Parts.Clocks) == 0 ? null : ReadAddresses(ref reader);
        device.LikeByIdentity = (parts & Parts.Identities) == 0 ? null : ReadAddresses(ref reader);
        return device;
    }

    private static Parts PartsOf(Dot11Device device) =>
        (device.LinkMeasurement ? Parts.LinkMeasurement : 0)
        | (device.NeighborReport ? Parts.NeighborReport : 0)
        | (device.LastBssid is null ? 0 : Parts.LastBssid)
        | (device.ExtendedCapabilities is null ? 0 : Parts.ExtendedCapabilities)
        | (device.SupportedChannels is null ? 0 : Parts.SupportedChannels)
        | (device.Advertised is null ? 0 : Parts.Advertised)
        | (device.Responded is null ? 0 : Parts.Responded)
        | (device.Probed is null ? 0 : Parts.Probed)
        | (device.Clients is null ? 0 : Parts.Clients)
        | (device.AssociatedClients is null ? 0 : Parts.AssociatedClients)
        | (device.Handshakes is null ? 0 : Parts.Handshakes)
        | (device.Nonces is null ? 0 : Parts.Nonces)
        | (device.Anonces is null ? 0 : Parts.Anonces)
        | (device.PmkidPacket is null ? 0 : Parts.PmkidPacket)
        | (device.BeaconPacket is null ? 0 : Parts.BeaconPacket)
        | (device.LastBeaconed is null ? 0 : Parts.LastBeaconed)
        | (device.LastProbed is null ? 0 : Parts.LastProbed)
        | (device.BeaconHash == 0 ? 0 : Parts.BeaconHash)
        | (device.ResponseHash == 0 ? 0 : Parts.ResponseHash)
        | (device.ProbeHash == 0 ? 0 : Parts.ProbeHash)
        | (device.Watch is null ? 0 : Parts.Watch)
        | (device.Announcement is null ? 0 : Parts.Announcement)
        | (device.Disclosure is null ? 0 : Parts.Disclosure)
        | (device.ResponseFingerprint == 0 ? 0 : Parts.ResponseFingerprint)
        | (device.LikeByClock is null ? 0 : Parts.Clocks)
        | (device.LikeByIdentity is null ? 0 : Parts.Identities);

    private static void WriteHash(ulong hash, DeviceCodecWriter writer)
    {
        if (hash != 0)
        {
            writer.Fixed64(hash);
        }
    }

    private static void WriteIf(List<MacAddress>? addresses, DeviceCodecWriter writer)
    {
        if (addresses is null)
        {
            return;
        }
        writer.UInt((uint)addresses.Count);
        foreach (MacAddress address in addresses)
        {
            writer.Address(address);
        }
    }

    private static List<MacAddress> ReadAddresses(ref DeviceCodecReader reader)
    {
        List<MacAddress> addresses = [];
        for (int left = reader.Count(); left > 0; left--)
        {
            addresses.Add(reader.Address());
        }
        return addresses;
    }

    // A client goes by its own address, as a rule: then the key says it all.
    private static void WriteIf(SmallMap<DeviceId>? clients, DeviceCodecWriter writer)
    {
        if (clients is null)
        {
            return;
        }
        writer.UInt((uint)clients.Count);
        for (int i = 0; i < clients.Count; i++)
        {
            DeviceId id = clients.Value(i);
            bool own = id == new DeviceId(Phy.Dot11, clients.Key(i));
            writer.Address(clients.Key(i));
            writer.Byte(own ? (byte)0 : (byte)1);
            if (!own)
            {
                writer.Byte((byte)id.Phy.Id);
                writer.Address(id.Address);
            }
        }
    }

    private static SmallMap<DeviceId> ReadAssociated(ref DeviceCodecReader reader)
    {
        int count = reader.Count(7);
        SmallMap<DeviceId> clients = new(count);
        for (int i = 0; i < count; i++)
        {
            MacAddress address = reader.Address();
            DeviceCodecClients.Add(clients, address, reader.Byte() == 0 ? new(Phy.Dot11, address) : reader.DeviceId());
        }
        return clients;
    }
}
