using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Persistence;

/// <summary>SSIDs that a device has in its maps, and which of them were the newest.</summary>
internal static class DeviceCodecSsids
{
    // The newest is one of the maps': those are numbered from 1, and 0 is one that stands by itself.
    private const uint OwnRecord = 0;

    [Flags]
    private enum Parts : byte
    {
        MfpRequired = 1,
        MfpSupported = 2,
        Mobility = 4,
        Bssid = 8,
        Wps = 16,
        Location = 32,
        Crypt = 64,
    }

    public static void Write(Dot11Device device, DeviceCodecWriter writer)
    {
        DeviceCodecAdvertised.WriteIf(device.Advertised, writer);
        DeviceCodecAdvertised.WriteIf(device.Responded, writer);
        WriteIf(device.Probed, writer);
        if (device.LastBeaconed is { } beaconed)
        {
            uint number = NumberOf(beaconed, device.Advertised);
            uint answered = number == OwnRecord ? NumberOf(beaconed, device.Responded) : OwnRecord;
            number = answered == OwnRecord ? number : answered + (uint)(device.Advertised?.Length ?? 0);
            writer.UInt(number);
            if (number == OwnRecord)
            {
                DeviceCodecAdvertised.Write(beaconed, writer);
            }
        }
        if (device.LastProbed is { } probed)
        {
            uint number = NumberOf(probed, device.Probed);
            writer.UInt(number);
            if (number == OwnRecord)
            {
                Write(probed, writer);
            }
        }
    }

    public static AdvertisedSsid[] ReadAdvertised(ref DeviceCodecReader reader)
    {
        AdvertisedSsid[] records = new AdvertisedSsid[reader.Count()];
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = DeviceCodecAdvertised.Read(ref reader);
        }
        return records;
    }

    public static ProbedSsid[] ReadProbed(ref DeviceCodecReader reader)
    {
        ProbedSsid[] records = new ProbedSsid[reader.Count()];
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = ReadOne(ref reader);
        }
        return records;
    }

    public static AdvertisedSsid ReadLastBeaconed(Dot11Device device, ref DeviceCodecReader reader)
    {
        uint number = reader.UInt32();
        uint advertised = (uint)(device.Advertised?.Length ?? 0);
        return number == OwnRecord ? DeviceCodecAdvertised.Read(ref reader)
            : number <= advertised ? device.Advertised![number - 1]
            : number - advertised <= (uint)(device.Responded?.Length ?? 0) ? device.Responded![number - advertised - 1]
            : throw DeviceCodecReader.Spoiled($"there is no SSID {number}");
    }

    public static ProbedSsid ReadLastProbed(Dot11Device device, ref DeviceCodecReader reader)
    {
        uint number = reader.UInt32();
        return number == OwnRecord ? ReadOne(ref reader)
            : number <= (uint)(device.Probed?.Length ?? 0) ? device.Probed![number - 1]
            : throw DeviceCodecReader.Spoiled($"there is no SSID {number} asked for");
    }

    /// <summary>Writes a text that a flag says is there.</summary>
    public static void WriteIf(string? text, DeviceCodecWriter writer)
    {
        if (text is not null)
        {
            writer.Text(text);
        }
    }

    private static uint NumberOf<T>(T record, T[]? map)
        where T : class
    {
        for (int i = 0; i < (map?.Length ?? 0); i++)
        {
            if (ReferenceEquals(map![i], record))
            {
                return (uint)i + 1;
            }
        }
        return OwnRecord;
    }

    private static void WriteIf(ProbedSsid[]? records, DeviceCodecWriter writer)
    {
        if (records is null)
        {
            return;
        }
        writer.UInt((uint)records.Length);
        foreach (ProbedSsid record in records)
        {
            Write(record, writer);
        }
    }

    private static void Write(ProbedSsid record, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        Parts parts = (record.MfpRequired ? Parts.MfpRequired : 0)
            | (record.MfpSupported ? Parts.MfpSupported : 0)
            | (record.Mobility ? Parts.Mobility : 0)
            | (record.Bssid.IsZero ? 0 : Parts.Bssid)
            | (record.Wps is null ? 0 : Parts.Wps)
            | (record.Location is null ? 0 : Parts.Location)
            | (record.Crypt == 0 ? 0 : Parts.Crypt);
        writer.Byte((byte)parts);
        writer.Text(record.Ssid);
        writer.Byte(record.Length);
        writer.Fixed32(record.Hash);
        writer.Time(record.FirstTime);
        writer.Time(record.LastTime);
        writer.Text(record.CryptText);
        writer.UInt(record.MobilityDomain);
        if ((parts & Parts.Bssid) != 0)
        {
            writer.Address(record.Bssid);
        }
        if ((parts & Parts.Crypt) != 0)
        {
            writer.Fixed64((ulong)record.Crypt);
        }
        DeviceCodecAdvertised.WriteIf(record.Wps, writer);
        DeviceCodecLocation.WriteIf(record.Location, writer);
        writer.End(start);
    }

    private static ProbedSsid ReadOne(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Parts parts = (Parts)reader.Byte();
        return new()
        {
            MfpRequired = (parts & Parts.MfpRequired) != 0,
            MfpSupported = (parts & Parts.MfpSupported) != 0,
            Mobility = (parts & Parts.Mobility) != 0,
            Ssid = reader.Text(),
            Length = reader.Byte(),
            Hash = reader.Fixed32(),
            FirstTime = reader.Time(),
            LastTime = reader.Time(),
            CryptText = reader.Shared(),
            MobilityDomain = reader.UInt16(),
            Bssid = (parts & Parts.Bssid) == 0 ? default : reader.Address(),
            Crypt = (parts & Parts.Crypt) == 0 ? 0 : (CryptBits)reader.Fixed64(),
            Wps = (parts & Parts.Wps) == 0 ? null : DeviceCodecAdvertised.ReadWps(ref reader),
            Location = (parts & Parts.Location) == 0 ? null : DeviceCodecLocation.Read(ref reader),
        };
    }
}
