using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text;

namespace KismetOrleans.Capture.Edge;

/// <summary>Which host this is, and which of its sources is which, the same at every start.</summary>
internal static class HostIdentity
{
    // machine-id(5): two places where it is, the second of systems without systemd.
    private static readonly string[] s_files = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    /// <summary>
    /// This host's identity: its machine-id, else its name and lowest hardware address. In containers, which may have neither of their own,
    /// the option <c>--host-id</c> takes its place.
    /// </summary>
    public static string Read()
    {
        foreach (string file in s_files)
        {
            try
            {
                string id = File.ReadAllText(file).Trim();
                if (id.Length > 0)
                {
                    return id;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next one then.
            }
        }
        string? address = NetworkInterface.GetAllNetworkInterfaces().Where(static i => i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .Select(static i => i.GetPhysicalAddress().ToString()).Where(static a => a.Length > 0).Order(StringComparer.Ordinal).FirstOrDefault();
        return $"{Environment.MachineName} {address}";
    }

    /// <summary>The UUID of a source of a host: a hash (version 8), since a machine-id is not to be shown to others.</summary>
    /// <param name="source">Interface, or full path of a file.</param>
    public static Guid UuidOf(string host, string source)
    {
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"KismetOrleans edge\n{host}\n{source}")).AsSpan(0, 16);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x80);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new(bytes, bigEndian: true);
    }
}
