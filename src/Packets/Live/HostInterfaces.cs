namespace KismetOrleans.Packets.Live;

/// <summary>The network interfaces of this host, as the kernel lists them.</summary>
public static class HostInterfaces
{
    private const string Folder = "/sys/class/net";

    // As many as one message has room for; container hosts have hundreds.
    private const int Most = Protocol.EdgeProtocol.MaxListLength;

    /// <summary>Lists them, radios first, by name; empty where the kernel does not tell.</summary>
    public static IReadOnlyList<HostInterface> List()
    {
        try
        {
            return [.. new DirectoryInfo(Folder).EnumerateFileSystemInfos()
                // bonding_masters and the like are files between them.
                .Where(static entry => entry.LinkTarget is not null)
                .Select(static entry => Read(entry.Name))
                .OrderBy(static i => !i.IsWireless).ThenBy(static i => i.Name, StringComparer.Ordinal)
                .Take(Most)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The kernel's driver of an interface, "" where it has none or cannot be told.</summary>
    public static string HardwareOf(string name) => InterfaceHardware.Of(name);

    private static HostInterface Read(string name) => new(
        name,
        InterfaceHardware.Of(name),
        Directory.Exists($"{Folder}/{name}/phy80211") || Directory.Exists($"{Folder}/{name}/wireless"));
}

/// <summary>A network interface of a host.</summary>
/// <param name="Name">Name.</param>
/// <param name="Hardware">Driver of the kernel, "" when it has none.</param>
/// <param name="IsWireless">Whether it is a Wi-Fi radio.</param>
public sealed record HostInterface(string Name, string Hardware, bool IsWireless)
{
    private const char Separator = '\t';

    /// <summary>As one text, for an agent to tell (docs/edge-protocol.md).</summary>
    public string ToText() => string.Join(Separator, Name, Hardware, IsWireless ? "1" : "0");

    /// <summary>Reads what <see cref="ToText"/> wrote; parts that are not there are empty.</summary>
    public static HostInterface FromText(string text)
    {
        string[] parts = text.Split(Separator);
        return new(parts[0], parts.Length > 1 ? parts[1] : "", parts.Length > 2 && parts[2] == "1");
    }
}
