namespace KismetOrleans.Packets.Live;

internal static class InterfaceHardware
{
    /// <summary>The kernel's driver of an interface, "" where it has none or cannot be told.</summary>
    public static string Of(string interfaceName)
    {
        try
        {
            return File.ResolveLinkTarget($"/sys/class/net/{interfaceName}/device/driver", returnFinalTarget: false)?.Name ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }
}
