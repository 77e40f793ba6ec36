using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace KismetOrleans.Silo.Hosting;

/// <summary>A port that the server needs belongs to another process.</summary>
public sealed class PortInUseException(string message) : IOException(message);

/// <summary>
/// Sees to it, before anything starts, that nobody has the ports that this server needs. Orleans shares a port silently with another silo, and one of the same cluster that joins
/// at the same address votes the one that is there out.
/// </summary>
internal static class Ports
{
    private const string Listening = "0A";
    private const int MaxShown = 120;

    /// <summary>Checks the addresses of a server.</summary>
    /// <exception cref="PortInUseException">One is in use; the message says which, and by whom where this machine tells.</exception>
    public static void Check(WebApplication server)
    {
        foreach (string url in (server.Configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress address = BindingAddress.Parse(url);
            if (!address.IsUnixPipe && !address.IsNamedPipe)
            {
                Check(url, "--Urls", HostOf(address.Host), address.Port);
            }
        }
        if (server.Services.GetService<ClusterSettings>() is { } silo)
        {
            IPAddress at = silo.AdvertisedIp is null ? IPAddress.Loopback : IPAddress.Any;
            Check($"silo port {silo.SiloPort}", "--Silo:Port", at, silo.SiloPort);
            Check($"gateway port {silo.GatewayPort}", "--Silo:GatewayPort", at, silo.GatewayPort);
        }
    }

    private static IPAddress HostOf(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) ? address : host == "localhost" ? IPAddress.Loopback : IPAddress.IPv6Any;

    private static void Check(string what, string setting, IPAddress host, int port)
    {
        if (port == 0)
        {
            return;
        }
        try
        {
            using Socket socket = new(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(host, port));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new PortInUseException($"{what} is in use{OwnerOf(port)}; {setting} chooses another one");
        }
        catch (SocketException)
        {
            // No such address here, or no right to it: the server says so when it binds.
        }
    }

    // Linux alone tells, and of other users' processes only root.
    private static string OwnerOf(int port)
    {
        try
        {
            string at = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
            HashSet<string> sockets = [.. new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
                .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 9 && fields[1].EndsWith(at, StringComparison.Ordinal) && fields[3] == Listening)
                .Select(static fields => $"socket:[{fields[9]}]")];
            foreach (string process in Directory.EnumerateDirectories("/proc").Where(static path => int.TryParse(Path.GetFileName(path), out _)))
            {
                if (Holds(process, sockets))
                {
                    string command = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ').Trim();
                    return $" by process {Path.GetFileName(process)} ({(command.Length > MaxShown ? command[..MaxShown] + "…" : command)})";
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it is not known.
        }
        return "";
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(fd => new FileInfo(fd).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
