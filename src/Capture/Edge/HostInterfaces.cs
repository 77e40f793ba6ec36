using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Capture.Edge;

/// <summary>The network interfaces of this host, as the kernel lists them.</summary>
public static class HostInterfaces
{
    private const string Folder = "/sys/class/net";

    // As many as one message has room for; container hosts have hundreds.
    private const int Most = Protocol.EdgeProtocol.MaxListLength;

    /// <summary>Lists them, radios first, by name; empty where the kernel does not tell.</summary>
    public static IReadOnlyList<CaptureInterface> List()
    {
        try
        {
            return [.. new DirectoryInfo(Folder).EnumerateFileSystemInfos()
                // bonding_masters and the like are files between them.
                .Where(static entry => entry.LinkTarget is not null)
                .Select(static entry => Read(entry.Name))
                .OrderBy(static i => !i.IsWireless).ThenBy(static i => i.Interface, StringComparer.Ordinal)
                .Take(Most)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The kernel's driver of an interface, "" where it has none or cannot be told.</summary>
    public static string HardwareOf(string name) => InterfaceHardware.Of(name);

    private static CaptureInterface Read(string name) => new()
    {
        Interface = name,
        Hardware = InterfaceHardware.Of(name),
        IsWireless = Directory.Exists($"{Folder}/{name}/phy80211") || Directory.Exists($"{Folder}/{name}/wireless"),
    };
}
