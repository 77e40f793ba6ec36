using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace KismetOrleans.Api.Auth;

/// <summary>
/// Whether a request may read without a login: as <c>Auth:Reads</c> says; where it says nothing, while every address that the server listens on is of this
/// machine alone, the request asks by a name that is this machine's, and nobody speaks for others.
/// </summary>
internal sealed class OpenReads(AuthOptions options, RequestOrigins origins, IServer server, IHostApplicationLifetime lifetime)
{
    private bool? _isLocal;

    public bool May(HttpRequest request) => options.OpenReads ?? (ListensLocally() && origins.IsLocalHost(request) && !RequestOrigins.IsForwarded(request.Headers));

    /// <summary>Whether an address to listen on is reached from this machine alone.</summary>
    public static bool IsLoopback(string address)
    {
        BindingAddress binding = BindingAddress.Parse(address);
        return binding.IsUnixPipe || binding.IsNamedPipe || string.Equals(binding.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(binding.Host, out IPAddress? ip) && IPAddress.IsLoopback(ip));
    }

    /// <summary>Whether the server is reached from this machine alone.</summary>
    public bool ListensLocally()
    {
        if (_isLocal is { } known)
        {
            return known;
        }
        ICollection<string> addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        bool isLocal = addresses.Count > 0 && addresses.All(IsLoopback);
        // While the server starts, addresses may still come.
        if (lifetime.ApplicationStarted.IsCancellationRequested)
        {
            _isLocal = isLocal;
        }
        return isLocal;
    }
}
