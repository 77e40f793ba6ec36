using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Persistence;

/// <summary>One SSID that an access point announces.</summary>
internal static class DeviceCodecAdvertised
{
    [Flags]
    private enum Parts : uint
    {
        Beacon = 1,
        ProbeResponse = 1 << 1,
        Cloaked = 1 << 2,
        MfpRequired = 1 << 3,
        MfpSupported = 1 << 4,
        Mobility = 1 << 5,
        Qbss = 1 << 6,
        CiscoClientMfp = 1 << 7,
        Country = 1 << 8,
        BeaconInfo = 1 << 9,
        OweSsid = 1 << 10,
        OweBssid = 1 << 11,
        Wps = 1 << 12,
        Mesh = 1 << 13,
        Location = 1 << 14,
        Crypt = 1 << 15,
        AnnouncedChannel = 1 << 16,
        CountryChannels = 1 << 17,
    }

    [Flags]
    private enum WpsParts : byte
    {
        DeviceName = 1,
        Manufacturer = 2,
        ModelName = 4,
        ModelNumber = 8,
        SerialNumber = 16,
    }

    public static void WriteIf(AdvertisedSsid[]? records, DeviceCodecWriter writer)
    {
        if (records is null)
        {
            return;
        }
        writer.UInt((uint)records.Length);
        foreach (AdvertisedSsid record in records)
        {
            Write(record, writer);
        }
    }

    public static void Write(AdvertisedSsid record, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        Parts parts = PartsOf(record);
        writer.UInt((uint)parts);
        writer.Text(record.Ssid);
        writer.Byte(record.Length);
        writer.Fixed32(record.Hash);
        writer.Text(record.Channel);
        writer.Byte((byte)record.Width);
        writer.UInt(record.Center1);
        writer.UInt(record.Center2);
        writer.Time(record.FirstTime);
        writer.Time(record.LastTime);
        writer.UInt(record.CryptSet);
        writer.Text(record.CryptText);
        writer.Single(record.MaxRate);
        writer.UInt(record.BeaconRate);
        writer.UInt(record.BeaconsSecond);
        writer.Fixed32(record.ElementsChecksum);
        writer.UInt(record.MobilityDomain);
        writer.UInt(record.QbssStations);
        writer.Single(record.QbssUtilization);
        writer.Byte(record.CcxTxPower);
        writer.Byte(record.TxPower);
        writer.Byte(record.OweSsidLength);
        DeviceCodecSsids.WriteIf(record.Country, writer);
        DeviceCodecSsids.WriteIf(record.BeaconInfo, writer);
        DeviceCodecSsids.WriteIf(record.OweSsid, writer);
        if ((parts & Parts.OweBssid) != 0)
        {
            writer.Address(record.OweBssid);
        }
        if ((parts & Parts.Crypt) != 0)
        {
            writer.Fixed64((ulong)record.Crypt);
        }
        WriteIf(record.Wps, writer);
        if (record.Mesh is { } mesh)
        {
            int meshStart = writer.Begin();
            writer.Text(mesh.MeshId);
            writer.Byte((byte)((mesh.Gateway ? 1 : 0) | (mesh.Forwarding ? 2 : 0)));
            writer.Byte(mesh.Peerings);
            writer.End(meshStart);
        }
        DeviceCodecLocation.WriteIf(record.Location, writer);
        if ((parts & Parts.AnnouncedChannel) != 0)
        {
            writer.Byte(record.AnnouncedChannel);
        }
        if ((parts & Parts.CountryChannels) != 0)
        {
            writer.Fixed32(record.CountryChannels);
        }
        writer.End(start);
    }

    public static AdvertisedSsid Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Parts parts = (Parts)reader.UInt32();
        return new()
        {
            Beacon = (parts & Parts.Beacon) != 0,
            ProbeResponse = (parts & Parts.ProbeResponse) != 0,
            Cloaked = (parts & Parts.Cloaked) != 0,
            MfpRequired = (parts & Parts.MfpRequired) != 0,
            MfpSupported = (parts & Parts.MfpSupported) != 0,
            Mobility = (parts & Parts.Mobility) != 0,
            Qbss = (parts & Parts.Qbss) != 0,
            CiscoClientMfp = (parts & Parts.CiscoClientMfp) != 0,
            Ssid = reader.Text(),
            Length = reader.Byte(),
            Hash = reader.Fixed32(),
            Channel = reader.Shared(),
            Width = (ChannelWidth)reader.Byte(),
            Center1 = reader.UInt16(),
            Center2 = reader.UInt16(),
            FirstTime = reader.Time(),
            LastTime = reader.Time(),
            CryptSet = reader.UInt64(),
            CryptText = reader.Shared(),
            MaxRate = reader.Single(),
            BeaconRate = reader.UInt32(),
            BeaconsSecond = reader.UInt32(),
            ElementsChecksum = reader.Fixed32(),
            MobilityDomain = reader.UInt16(),
            QbssStations = reader.UInt16(),
            QbssUtilization = reader.Single(),
            CcxTxPower = reader.Byte(),
            TxPower = reader.Byte(),
            OweSsidLength = reader.Byte(),
            Country = (parts & Parts.Country) == 0 ? null : reader.Shared(),
            BeaconInfo = (parts & Parts.BeaconInfo) == 0 ? null : reader.Text(),
            OweSsid = (parts & Parts.OweSsid) == 0 ? null : reader.Text(),
            OweBssid = (parts & Parts.OweBssid) == 0 ? default : reader.Address(),
            Crypt = (parts & Parts.Crypt) == 0 ? 0 : (CryptBits)reader.Fixed64(),
            Wps = (parts & Parts.Wps) == 0 ? null : ReadWps(ref reader),
            Mesh = (parts & Parts.Mesh) == 0 ? null : ReadMesh(ref reader),
            Location = (parts & Parts.Location) == 0 ? null : DeviceCodecLocation.Read(ref reader),
            AnnouncedChannel = (parts & Parts.AnnouncedChannel) == 0 ? (byte)0 : reader.Byte(),
            CountryChannels = (parts & Parts.CountryChannels) == 0 ? 0 : reader.Fixed32(),
        };
    }

    public static void WriteIf(WpsInfo? wps, DeviceCodecWriter writer)
    {
        if (wps is null)
        {
            return;
        }
        int start = writer.Begin();
        writer.Byte((byte)((wps.DeviceName is null ? 0 : WpsParts.DeviceName)
            | (wps.Manufacturer is null ? 0 : WpsParts.Manufacturer)
            | (wps.ModelName is null ? 0 : WpsParts.ModelName)
            | (wps.ModelNumber is null ? 0 : WpsParts.ModelNumber)
            | (wps.SerialNumber is null ? 0 : WpsParts.SerialNumber)));
        writer.Byte(wps.Version);
        writer.Byte(wps.State);
        writer.UInt(wps.ConfigMethods);
        DeviceCodecSsids.WriteIf(wps.DeviceName, writer);
        DeviceCodecSsids.WriteIf(wps.Manufacturer, writer);
        DeviceCodecSsids.WriteIf(wps.ModelName, writer);
        DeviceCodecSsids.WriteIf(wps.ModelNumber, writer);
        DeviceCodecSsids.WriteIf(wps.SerialNumber, writer);
        writer.End(start);
    }

    public static WpsInfo ReadWps(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        WpsParts parts = (WpsParts)reader.Byte();
        return new(
            reader.Byte(),
            reader.Byte(),
            reader.UInt16(),
            (parts & WpsParts.DeviceName) == 0 ? null : reader.Shared(),
            (parts & WpsParts.Manufacturer) == 0 ? null : reader.Shared(),
            (parts & WpsParts.ModelName) == 0 ? null : reader.Shared(),
            (parts & WpsParts.ModelNumber) == 0 ? null : reader.Shared(),
            (parts & WpsParts.SerialNumber) == 0 ? null : reader.Text());
    }

    private static MeshInfo ReadMesh(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        string id = reader.Shared();
        byte flags = reader.Byte();
        return new(id, (flags & 1) != 0, (flags & 2) != 0, reader.Byte());
    }

    private static Parts PartsOf(AdvertisedSsid record) =>
        (record.Beacon ? Parts.Beacon : 0)
        | (record.ProbeResponse ? Parts.ProbeResponse : 0)
        | (record.Cloaked ? Parts.Cloaked : 0)
        | (record.MfpRequired ? Parts.MfpRequired : 0)
        | (record.MfpSupported ? Parts.MfpSupported : 0)
        | (record.Mobility ? Parts.Mobility : 0)
        | (record.Qbss ? Parts.Qbss : 0)
        | (record.CiscoClientMfp ? Parts.CiscoClientMfp : 0)
        | (record.Country is null ? 0 : Parts.Country)
        | (record.BeaconInfo is null ? 0 : Parts.BeaconInfo)
        | (record.OweSsid is null ? 0 : Parts.OweSsid)
        | (record.OweBssid.IsZero ? 0 : Parts.OweBssid)
        | (record.Wps is null ? 0 : Parts.Wps)
        | (record.Mesh is null ? 0 : Parts.Mesh)
        | (record.Location is null ? 0 : Parts.Location)
        | (record.Crypt == 0 ? 0 : Parts.Crypt)
        | (record.AnnouncedChannel == 0 ? 0 : Parts.AnnouncedChannel)
        | (record.CountryChannels == 0 ? 0 : Parts.CountryChannels);
}
