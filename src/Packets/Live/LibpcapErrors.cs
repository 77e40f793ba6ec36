using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Live;

/// <summary>What a user can do when an interface does not open.</summary>
internal static class LibpcapErrors
{
    public static PacketSourceException Explain(string name, int status, string detail) => new(status switch
    {
        Libpcap.ErrorPermission or Libpcap.ErrorPromiscuousPermission =>
            $"{name}: this process may not capture. Allow the executable to, once: "
            + $"sudo setcap cap_net_raw,cap_net_admin+eip {Environment.ProcessPath ?? "<executable>"}{Detail(detail)}",
        Libpcap.ErrorNoSuchDevice => $"{name}: there is no such interface. There are: {Known()}{Detail(detail)}",
        Libpcap.ErrorMonitorUnsupported => $"{name}: the interface or its driver has no monitor mode{Detail(detail)}",
        Libpcap.ErrorInterfaceDown => $"{name}: the interface is down. Bring it up: sudo ip link set {name} up{Detail(detail)}",
        _ => $"{name}: libpcap reports error {status}{Detail(detail)}",
    });

    private static string Detail(string detail) => detail.Length == 0 ? "" : $" (libpcap: {detail})";

    private static string Known()
    {
        try
        {
            return string.Join(", ", LibpcapDevices.List().Select(d => d.Name));
        }
        catch (PacketSourceException e)
        {
            return $"unknown, because {e.Message}";
        }
    }
}
