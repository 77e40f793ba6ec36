using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using System.Text;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>A host that an agent may connect to: a server's address and, where its name has several addresses, one of these.</summary>
/// <param name="Server">The address as it was given.</param>
/// <param name="Address">The host's own; null where the name has no other.</param>
internal sealed record ServerHost(Uri Server, IPAddress? Address)
{
    /// <summary>The websocket's address.</summary>
    public Uri Endpoint => new UriBuilder(Server)
    {
        Scheme = Server.Scheme is "https" or "wss" ? "wss" : "ws",
        Path = Server.AbsolutePath.TrimEnd('/') + EdgeProtocol.Path,
    }.Uri;

    /// <summary>
    /// The hosts of some servers in the order in which a source tries them. Each source has an order of its own (rendezvous hashing): of a thousand each host
    /// gets its share, and when one dies all others get a part of what it had.
    /// </summary>
    /// <exception cref="SocketException">No name is known.</exception>
    public static async Task<ServerHost[]> ResolveAsync(IReadOnlyList<Uri> servers, Guid source, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellation)
    {
        List<(ServerHost Host, bool Second)> hosts = [];
        SocketException? unknown = null;
        foreach (Uri server in servers)
        {
            // This machine is one host, by whatever protocol.
            if (server.HostNameType != UriHostNameType.Dns || server.IsLoopback)
            {
                hosts.Add((new(server, null), false));
                continue;
            }
            try
            {
                IPAddress[] addresses = await resolve(server.IdnHost, cancellation);
                // The system puts the protocol first that gets there. The other's addresses are mostly the same hosts: for when that fails.
                hosts.AddRange(addresses.Select(address => (new ServerHost(server, addresses.Length == 1 ? null : address), address.AddressFamily != addresses[0].AddressFamily)));
            }
            catch (SocketException e)
            {
                unknown = e;
            }
        }
        return hosts.Count == 0 && unknown is not null
            ? throw unknown
            : [.. hosts.OrderBy(static host => host.Second).ThenByDescending(host => host.Host.Score(source)).Select(static host => host.Host)];
    }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Where there is a proxy, that is who is asked for.
            bool direct = Address is not null && string.Equals(context.DnsEndPoint.Host, Server.IdnHost, StringComparison.OrdinalIgnoreCase);
            await (direct ? socket.ConnectAsync(new IPEndPoint(Address!, context.DnsEndPoint.Port), cancellation) : socket.ConnectAsync(context.DnsEndPoint, cancellation));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override string ToString() => Address is null ? Server.ToString() : $"{Server} ({Address})";

    private ulong Score(Guid source)
    {
        byte[] text = Encoding.UTF8.GetBytes(ToString());
        byte[] key = [.. source.ToByteArray(bigEndian: true), .. text];
        return XxHash3.HashToUInt64(key);
    }
}
