using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire.Network;

namespace KismetOrleans.Engine.Detection;

/// <summary>Clients that give themselves other names, systems or addresses than before.</summary>
internal sealed class NetworkDetector(AlertCollector alerts)
{
    // RFC 3927: what a client takes that was given nothing; it is no conflict.
    private const uint LinkLocal = 0xA9FE;

    /// <summary>Learns from a frame that the client sent in clear, and looks at what it learns.</summary>
    public void Learn(Device device, Dot11Client client, in Observation o, ObservationBatch batch)
    {
        string? host = client.DhcpHost;
        string? vendor = client.DhcpVendor;
        bool leased = client.Ip is { Kind: Dot11Network.DhcpKind };
        uint address = client.Ip?.Address ?? 0;
        Dot11Network.Learn(client, o, batch, out DhcpSeen seen);
        if (seen.IdMac is { IsZero: false } id && id != o.Frame.Source && seen.MessageType == Dhcp.Discover && alerts.Wants(AlertKind.DhcpClientId))
        {
            alerts.Raise(AlertKind.DhcpClientId, device, o, batch, $"{o.Frame.Source} asks for an address by DHCP as {id}", other: id);
        }
        if (!string.IsNullOrEmpty(host) && host != client.DhcpHost && alerts.Wants(AlertKind.DhcpNameChange))
        {
            alerts.Raise(AlertKind.DhcpNameChange, device, o, batch, $"{o.Frame.Source} is called \"{client.DhcpHost}\" in DHCP, before \"{host}\"");
        }
        if (!string.IsNullOrEmpty(vendor) && vendor != client.DhcpVendor && alerts.Wants(AlertKind.DhcpOsChange))
        {
            alerts.Raise(AlertKind.DhcpOsChange, device, o, batch, $"{o.Frame.Source} is of \"{client.DhcpVendor}\" in DHCP, before of \"{vendor}\"");
        }
        // What comes from the distribution system has its sender's network address, not its own.
        if (leased && o.Frame.IsToDs && seen.SenderIp != 0 && seen.SenderIp != address && seen.SenderIp >> 16 != LinkLocal && alerts.Wants(AlertKind.DhcpConflict))
        {
            alerts.Raise(
                AlertKind.DhcpConflict, device, o, batch, $"{o.Frame.Source} uses {Text(seen.SenderIp)} and asked for {Text(address)} by DHCP");
        }
    }

    private static string Text(uint ip) => $"{ip >> 24}.{(ip >> 16) & 255}.{(ip >> 8) & 255}.{ip & 255}";
}
