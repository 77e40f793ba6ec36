using Microsoft.AspNetCore.HttpOverrides;

namespace KismetOrleans.Api.Auth;

/// <summary>Has a client count by its own address where a proxy that the settings trust tells it (<c>Api:TrustedProxies</c>).</summary>
internal static class TrustedProxies
{
    /// <summary>Adds it, before whatever looks at addresses.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app, AuthOptions options)
    {
        if (options.TrustedProxies.Count == 0)
        {
            return;
        }
        ForwardedHeadersOptions forwarded = new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (System.Net.IPNetwork network in options.TrustedProxies)
        {
            forwarded.KnownIPNetworks.Add(network);
        }
        app.UseForwardedHeaders(forwarded);
    }
}
