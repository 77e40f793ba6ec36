using System.Text.Json;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Uav;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Records.Tests;

/// <summary>Small records that the tests share, and the way to print them.</summary>
internal static class Samples
{
    /// <summary>A clock that is 31 seconds into minute 54 of hour 7.</summary>
    public const uint Now = 1795247671;

    public static readonly Guid Server = Guid.Parse("c62213e6-e580-11f1-a31f-4b49534d4554");
    public static readonly Guid Sensor = Guid.Parse("4e1d07c3-0000-0000-0000-00006dae08c7");

    public static RecordContext Context() => new() { Now = Now, ServerUuid = Server, Sources = new Directory(Source()) };

    public static DatasourceRecord Source() => new()
    {
        Number = 1,
        Uuid = Sensor,
        Name = "roof",
        Definition = "wlan0:name=roof",
        Interface = "wlan0",
        Driver = new("linuxwifi", "Wi-Fi", true, false, true, false, true, false, true, false, true, true),
        Channels = ["1", "6"],
        PacketsRrd = new(),
        DataRrd = new(),
    };

    /// <summary>A device that has nothing optional.</summary>
    public static Device Bare() => new(new(Phy.Dot11, new(0x001122334406)));

    /// <summary>An access point with one SSID, one client and one source.</summary>
    public static Device AccessPoint()
    {
        AdvertisedSsid ssid = new() { Ssid = "café \"1\"", Length = 9, Hash = 7, Beacon = true, Country = "FR" };
        Device device = new(new(Phy.Dot11, new(0xAABBCCDDEE01)))
        {
            FirstTime = 1700000000,
            LastTime = 1700000295,
            Type = "Wi-Fi AP",
            Name = ssid.Ssid,
            Channel = "6",
            FrequencyKhz = 2437000,
            Packets = 54,
            Manufacturer = "Example",
            PacketsRrd = new(),
            Signal = new() { Kind = SignalKind.Dbm, Last = -82, Min = -85, Max = -79, History = new(RrdAggregate.Peak, minuteOnly: true) },
            SeenBy = [new() { SourceNumber = 1, FirstTime = 1700000000, LastTime = 1700000288, Packets = 144 }],
            Dot11 = new()
            {
                TypeSet = Dot11TypeSet.BeaconAp,
                Advertised = [ssid],
                LastBeaconed = ssid,
                Clients = new(),
                AssociatedClients = new(),
                ExtendedCapabilities = ["BSS transition"],
                SupportedChannels = [1, 11],
            },
            Tags = new() { ["room"] = "A.1" },
        };
        device.Frequencies.Add(2437000, 54);
        device.PacketsRrd.Add(Now - 4, 54);
        device.Dot11.AssociatedClients.Add(new(0x569F84768B8C), new(Phy.Dot11, new(0x569F84768B8C)));
        device.Dot11.Clients.Add(new(0xE8DE27F3FE39), new() { Bssid = new(0xE8DE27F3FE39), DhcpHost = "printer-7" });
        return device;
    }

    /// <summary>A device with every optional record there is.</summary>
    public static Device Full()
    {
        Device device = AccessPoint();
        GeoPoint point = new() { Latitude = 47.6, Longitude = 8.5, Altitude = 410.5f, Fix = 3, Seconds = Now, Speed = 3, Heading = 90 };
        Location location = new();
        location.Add(point);
        PacketRecord packet = new(1700000001_150000000, 105, [0x08, 0x02]);
        WpsInfo wps = new(0x10, 2, 0x0680, "device", "maker", "model", "number", "serial");
        ProbedSsid probed = new() { Ssid = "home", Mobility = true, Wps = wps, Location = location };
        Dot11Device dot11 = device.Dot11!;
        device.Username = "printer";
        device.TxRrd = device.RxRrd = device.DataRrd = device.PacketsRrd;
        device.Location = location;
        device.Signal!.PeakLocation = point;
        device.SeenBy[0].Signal = device.Signal;
        device.SeenBy[0].Frequencies.Add(2437000, 144);
        AdvertisedSsid ssid = dot11.Advertised![0];
        ssid.BeaconInfo = "ap-1";
        ssid.OweSsid = "open";
        ssid.Wps = wps;
        ssid.Mesh = new("mesh", true, true, 3);
        ssid.Location = location;
        dot11.Responded = [ssid];
        dot11.Probed = [probed];
        dot11.LastProbed = probed;
        dot11.Handshakes = new();
        dot11.Handshakes.Add(new(0x64700230D767), [new(packet.TimeNs, 1, 1, 8, false, new byte[32], [], packet)]);
        dot11.Nonces = [new(packet.TimeNs, 3, 9, true, new byte[32])];
        dot11.Anonces = [new(packet.TimeNs, 1, 8, false, new byte[32])];
        dot11.PmkidPacket = dot11.BeaconPacket = packet;
        Dot11Client client = dot11.Clients!.Value(0);
        client.DhcpVendor = client.EapIdentity = client.CdpDevice = client.CdpPort = "x";
        client.Ip = new() { Kind = 3, Address = 0x0100A8C0 };
        client.Location = location;
        device.Bluetooth = new() { ServiceUuids = ["180f"], ScanData = [1, 0xAB], ServiceData = new() { ["180f"] = [0x64] } };
        device.Btle = new() { GeneralDiscoverable = true };
        UavTelemetry telemetry = new() { Location = point, Timestamp = 1700000001.5 };
        device.Uav = new() { LastTelemetry = telemetry, History = [telemetry], Match = new("id", "maker", "model", default, 24, "", true) };
        return device;
    }

    public static string Print(Action<JsonOut> write)
    {
        using JsonOut json = new() { Context = Context() };
        write(json);
        return System.Text.Encoding.UTF8.GetString(json.WrittenSpan);
    }

    public static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    public static JsonElement Json(Device device, RecordFormat format = RecordFormat.Json) =>
        Parse(Print(json => DeviceTable.Table.Writer(format).Write(device, json)));

    /// <summary>Names of an object's members.</summary>
    public static HashSet<string> Names(JsonElement element) => [.. element.EnumerateObject().Select(static p => p.Name)];

    private sealed class Directory(DatasourceRecord source) : ISourceDirectory
    {
        public IReadOnlyList<DatasourceRecord> All => [source];

        public DatasourceRecord? Find(ushort number) => number == source.Number ? source : null;
    }
}
