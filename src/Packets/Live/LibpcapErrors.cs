using KismetOrleans.Packets.Sources;
using SharpPcap;

namespace KismetOrleans.Packets.Live;

/// <summary>What a user can do when an interface does not open.</summary>
internal static class LibpcapErrors
{
    public static PacketSourceException Explain(string name, PcapError status, string detail, Exception? inner = null) => new(status switch
    {
        PcapError.PermissionDenied or PcapError.PromiscuousPermissionDenied =>
            $"{name}: this process may not capture. Allow the executable to, once: "
            + $"sudo setcap cap_net_raw,cap_net_admin+eip {Environment.ProcessPath ?? "<executable>"}{Detail(detail)}",
        PcapError.NoSuchDevice => $"{name}: there is no such interface. There are: {Known()}{Detail(detail)}",
        PcapError.RfmonNotSupported => $"{name}: the interface or its driver has no monitor mode{Detail(detail)}",
        PcapError.InterfaceNotUp => $"{name}: the interface is down. Bring it up: sudo ip link set {name} up{Detail(detail)}",
        _ => $"{name}: libpcap reports error {(int)status}{Detail(detail)}",
    }, inner);

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
