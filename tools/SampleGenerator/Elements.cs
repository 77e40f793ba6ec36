// IEEE Std 802.11-2020, clause 9.4.2: elements.
using System.Text;
using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator;

/// <summary>Elements of management frames, each as its bytes with identifier and length.</summary>
public static class Elements
{
    /// <summary>Any element by its number.</summary>
    public static byte[] Of(byte id, ReadOnlySpan<byte> body) => [id, checked((byte)body.Length), .. body];

    /// <summary>Any element with an extension number (255, then <paramref name="extension"/>).</summary>
    public static byte[] Extended(byte extension, ReadOnlySpan<byte> body) => [255, checked((byte)(body.Length + 1)), extension, .. body];

    /// <summary>0, SSID.</summary>
    public static byte[] Ssid(ReadOnlySpan<byte> ssid) => Of(0, ssid);

    /// <summary>0, SSID in UTF-8.</summary>
    public static byte[] Ssid(string ssid) => Ssid(Encoding.UTF8.GetBytes(ssid));

    /// <summary>1, supported rates: those of 802.11b and g at 2.4 GHz, of 802.11a elsewhere; basic ones have the high bit.</summary>
    public static byte[] Rates(Band band) => band == Band.Ghz2
        ? Of(1, [0x82, 0x84, 0x8B, 0x96, 0x0C, 0x12, 0x18, 0x24])
        : Of(1, [0x8C, 0x12, 0x98, 0x24, 0xB0, 0x48, 0x60, 0x6C]);

    /// <summary>1, supported rates of 802.11b only.</summary>
    public static byte[] RatesB() => Of(1, [0x82, 0x84, 0x8B, 0x96]);

    /// <summary>50, extended supported rates of 802.11g.</summary>
    public static byte[] ExtendedRates() => Of(50, [0x30, 0x48, 0x60, 0x6C]);

    /// <summary>3, DS parameter set.</summary>
    public static byte[] DsParameter(byte channel) => Of(3, [channel]);

    /// <summary>5, traffic indication map without a station in it.</summary>
    public static byte[] Tim(byte count, byte period) => Of(5, [count, period, 0, 0]);

    /// <summary>6, IBSS parameter set.</summary>
    public static byte[] IbssParameter(ushort window) => Of(6, [(byte)window, (byte)(window >> 8)]);

    /// <summary>7, country: three bytes of string, then triplets of first channel, channels, dBm.</summary>
    public static byte[] Country(string country, params byte[] triplets)
    {
        FrameBuilder body = new FrameBuilder().Text(country, 3).Raw(triplets);
        return Of(7, body.Align(2).ToArray());
    }

    /// <summary>11, BSS load.</summary>
    /// <param name="stations">Associated stations.</param>
    /// <param name="utilization">Busy share of the channel, 255 is all.</param>
    public static byte[] BssLoad(ushort stations, byte utilization) =>
        Of(11, [(byte)stations, (byte)(stations >> 8), utilization, 0x12, 0x7A]);

    /// <summary>32, power constraint in dB.</summary>
    public static byte[] PowerConstraint(byte decibels) => Of(32, [decibels]);

    /// <summary>33, power capability in dBm.</summary>
    public static byte[] PowerCapability(sbyte minimum, sbyte maximum) => Of(33, [(byte)minimum, (byte)maximum]);

    /// <summary>35, TPC report in dBm.</summary>
    public static byte[] TpcReport(sbyte power) => Of(35, [(byte)power, 0]);

    /// <summary>36, supported channels: pairs of first channel and number.</summary>
    public static byte[] SupportedChannels(params byte[] pairs) => Of(36, pairs);

    /// <summary>42, ERP.</summary>
    public static byte[] Erp() => Of(42, [0]);

    /// <summary>54, mobility domain.</summary>
    /// <param name="domain">The domain's identifier.</param>
    /// <param name="overDs">Whether transition over the distribution system is possible.</param>
    public static byte[] MobilityDomain(ushort domain, bool overDs) =>
        Of(54, [(byte)domain, (byte)(domain >> 8), overDs ? (byte)1 : (byte)0]);

    /// <summary>70, RM enabled capabilities: link measurement, neighbour report, beacon reports.</summary>
    public static byte[] RmEnabled() => Of(70, [0x73, 0xD0, 0x00, 0x00, 0x0C]);

    /// <summary>107, interworking: a private network with internet.</summary>
    public static byte[] Interworking() => Of(107, [0x12]);

    /// <summary>113, mesh configuration: HWMP, airtime metric; connected to a gate, forwarding.</summary>
    public static byte[] MeshConfiguration(byte peerings) => Of(113, [1, 1, 0, 1, 0, (byte)(1 | (peerings << 1)), 0x09]);

    /// <summary>114, mesh identifier.</summary>
    public static byte[] MeshId(string id) => Of(114, Encoding.UTF8.GetBytes(id));

    /// <summary>127, extended capabilities: extended channel switching, BSS transition, operating mode notification.</summary>
    public static byte[] ExtendedCapabilities() => Of(127, [0x04, 0x00, 0x08, 0x00, 0x00, 0x00, 0x00, 0x40]);

    /// <summary>201, reduced neighbour report: one access point by channel, with its BSSID's offset and short SSID.</summary>
    public static byte[] ReducedNeighborReport(byte operatingClass, Channel channel, MacAddress bssid, uint shortSsid) => Of(201,
        new FrameBuilder().U16(0x0C00).U8(operatingClass).U8(channel.Number).U8(255).Address(bssid).U32(shortSsid).U8(0x42).ToArray());

    /// <summary>240, FILS indication: HLP and one realm.</summary>
    public static byte[] FilsIndication(ushort realm) => Of(240, [0x08, 0x00, (byte)realm, (byte)(realm >> 8)]);

    /// <summary>244, RSN extension: SAE hash to element.</summary>
    public static byte[] RsnExtension() => Of(244, [0x20]);
}
