using System.Net;
using KismetOrleans.Engine.Operations;
using Microsoft.AspNetCore.Connections;

namespace KismetOrleans.Silo.Hosting;

/// <summary>Bounds of connections: settings <c>Connections:…</c>.</summary>
public sealed record ConnectionOptions
{
    /// <summary>Connections that may be open at once; more are closed at once. 0 for any number.</summary>
    public int Most { get; init; } = 16_384;

    /// <summary>Those of one address, of <c>Api:TrustedProxies</c> apart; 0 for any number. A proxy that is not named there needs all.</summary>
    public int Each { get; init; } = 4096;
}

/// <summary>Counts open connections, and closes those of who has too many.</summary>
public sealed class ConnectionCount(ConnectionOptions options, IReadOnlyList<IPNetwork> exempt)
{
    private readonly Shares<IPAddress> _shares = new(Bound(options.Most), Bound(options.Each));

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ArgumentException">One of them makes no sense.</exception>
    public static ConnectionCount Of(IConfiguration configuration)
    {
        ConnectionOptions options = configuration.GetSection("Connections").Get<ConnectionOptions>() ?? new();
        return options.Most >= 0 && options.Each >= 0
            ? new(options, [.. configuration.GetSection("Api:TrustedProxies").GetChildren().Select(static one => one.Value).OfType<string>().Select(Network).OfType<IPNetwork>()])
            : throw new ArgumentException("Connections: Most and Each must not be negative; 0 is for any number");
    }

    public int Open => _shares.Open;

    internal ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        IPAddress address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!TryEnter(address))
        {
            connection.Abort();
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(address);
        }
    };

    // Where there is no address, as of a pipe, nobody has a share.
    internal bool TryEnter(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _shares.TryEnter(Callers.NetworkOf(address), address.Equals(IPAddress.None) || exempt.Any(network => network.Contains(address)));
    }

    internal void Leave(IPAddress address) => _shares.Leave(Callers.NetworkOf(address));

    private static int Bound(int setting) => setting > 0 ? setting : int.MaxValue;

    // What is none is refused where the setting is used.
    private static IPNetwork? Network(string text) => IPNetwork.TryParse(text, out IPNetwork network) ? network
        : IPAddress.TryParse(text, out IPAddress? one) ? new(one, one.GetAddressBytes().Length * 8) : null;
}
