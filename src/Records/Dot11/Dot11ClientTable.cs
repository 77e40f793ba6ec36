using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.Dot11Client>;
using IpField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.IpData>;

namespace KismetOrleans.Records.Dot11;

/// <summary>Fields of a device's part in one network.</summary>
internal static class Dot11ClientTable
{
    /// <summary>A device's part in one network.</summary>
    public static readonly RecordTable<Dot11Client> Table = new("client",
    [
        Field.Mac("dot11.client.bssid", "the network", static c => c.Bssid),
        Field.Key("dot11.client.bssid_key", "the network's device", static c => new(Phy.Dot11, c.Bssid)),
        Field.UInt64("dot11.client.first_time", "unix second of its first frame there", static c => c.FirstTime),
        Field.UInt64("dot11.client.last_time", "unix second of its newest frame there", static c => c.LastTime),
        Field.UInt32("dot11.client.type", "always 0, kept for older clients", static _ => 0),
        Field.Flag("dot11.client.decrypted", "always 0: nothing is decrypted", static _ => false),
        Field.UInt64("dot11.client.datasize", "always 0, kept for older clients", static _ => 0),
        Field.UInt64("dot11.client.datasize_retry", "payload bytes sent again", static c => c.RetryDataSize),
        Field.UInt64("dot11.client.num_fragments", "fragments of frames", static c => c.Fragments),
        Field.UInt64("dot11.client.num_retries", "frames sent again", static c => c.Retries),
        Field.Text("dot11.client.dhcp_host", "host name in its DHCP requests", static c => c.DhcpHost),
        Field.Text("dot11.client.dhcp_vendor", "vendor class in its DHCP requests", static c => c.DhcpVendor),
        Field.Text("dot11.client.eap_identity", "identity that it gave to EAP", static c => c.EapIdentity),
        Field.Text("dot11.client.cdp_device", "device in its Cisco discovery frames", static c => c.CdpDevice),
        Field.Text("dot11.client.cdp_port", "port in its Cisco discovery frames", static c => c.CdpPort),
        Field.Record("dot11.client.ipdata", "its IPv4 addresses", static c => c.Ip, IpDataTable.Table),
        Field.Record("dot11.client.location", "where it was seen", static c => c.Location, LocationTable.Table),
    ]);
}

/// <summary>Fields of IPv4 addresses learnt from data frames.</summary>
internal static class IpDataTable
{
    /// <summary>IPv4 addresses, each as the number that its bytes in network order are in a little-endian register.</summary>
    public static readonly RecordTable<IpData> Table = new("ipdata",
    [
        IpField.Int32(
            "kismet.common.ipdata.type", "how they are known: guessed 1, UDP or TCP 2, ARP 3, DHCP 4, group 5",
            static i => i.Kind),
        IpField.UInt64("kismet.common.ipdata.address", "address", static i => i.Address),
        IpField.UInt64("kismet.common.ipdata.netmask", "netmask", static i => i.Netmask),
        IpField.UInt64("kismet.common.ipdata.gateway", "gateway", static i => i.Gateway),
    ]);
}
