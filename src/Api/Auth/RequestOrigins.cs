using System.Collections.Frozen;
using System.Net;
using Microsoft.Extensions.Primitives;

namespace KismetOrleans.Api.Auth;

/// <summary>
/// Where a request comes from: this machine or not, a page or not, and whose page. A browser adds its cookies and Basic to whatever any page asks of it, and a
/// name of any page may resolve to this machine, so that neither they nor an address says who is behind a request.
/// </summary>
internal sealed class RequestOrigins(AuthOptions options)
{
    // Beside X-Forwarded-…, and X-Original-… which ASP.NET leaves of it.
    private static readonly FrozenSet<string> s_proxyHeaders = new[]
    {
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "CF-Connecting-IPv6", "Fastly-Client-IP", "Client-IP",
        "Fly-Client-IP", "Proxy-Client-IP", "WL-Proxy-Client-IP", "Incap-Client-IP", "X-Sucuri-ClientIP", "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Appengine-User-IP", "X-ProxyUser-IP",
        "X-Envoy-External-Address", "X-Vercel-Forwarded-For", "X-Forward-For", "X-Originating-IP", "X-Remote-IP", "X-Remote-Addr", "Cdn-Src-IP", "CDN-Loop", "X-Nginx-Proxy",
        "Tailscale-User-Login",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a program on this machine asks: by loopback, by a name that is this machine's, for nobody else and for no page of another site.</summary>
    public bool IsLocal(HttpContext http) =>
        (http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address)) && IsLocalHost(http.Request) && !IsForwarded(http.Request.Headers)
        && !IsFromElsewhere(http.Request);

    /// <summary>Whether a request asks this machine by a name that only this machine has. Browsers always say which; some programs say none.</summary>
    public bool IsLocalHost(HttpRequest request)
    {
        string name = request.Host.Host.Trim('[', ']');
        return name.Length == 0 || name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out IPAddress? address) && IPAddress.IsLoopback(address))
            || options.HostNames.Any(own => new HostString(own).Host.Trim('[', ']').Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a proxy speaks for somebody, who may be anywhere.</summary>
    public static bool IsForwarded(IHeaderDictionary headers)
    {
        foreach ((string name, _) in headers)
        {
            if (s_proxyHeaders.Contains(name) || name.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Whether a page asks that is not this server's, nor the one that the settings name. Another port of the same host is elsewhere, too: to a cookie that is
    /// the same site (Fetch Metadata, 2.4).
    /// </summary>
    public bool IsFromElsewhere(HttpRequest request)
    {
        // Browsers let no page write this one; over plain HTTP to a name they leave it out.
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is "same-origin" or "none")
        {
            return false;
        }
        bool isOther = site is "same-site" or "cross-site";
        return PageOf(request) is { } page ? !IsNamed(page) && (isOther || !IsOwn(page, request)) : isOther;
    }

    /// <summary>Whether a page from elsewhere asks with what is not for it, or without a login.</summary>
    public bool IsForeign(HttpRequest request, Login? login) => IsFromElsewhere(request) && login is not { IsForPages: true };

    /// <summary>
    /// Whether a page from elsewhere asks with what is not for it, or may have the browser do so: a GET of a browser that tells neither page nor site, with what
    /// the browser adds by itself, is taken for one, since a page can have its name left out.
    /// </summary>
    public bool IsForged(HttpContext http, Login login) =>
        IsForeign(http.Request, login)
        || (login.IsBrowsers && HttpMethods.IsGet(http.Request.Method) && IsBrowser(http.Request.Headers) && http.Request.Headers["Sec-Fetch-Site"].Count == 0
            && PageOf(http.Request) is null);

    /// <summary>Whether a browser asks, and no program: those that call themselves Mozilla, too, name no languages.</summary>
    public static bool IsBrowser(IHeaderDictionary headers) =>
        headers.ContainsKey("Sec-Fetch-Site") || headers.ContainsKey("Sec-Fetch-Dest")
        || (headers.AcceptLanguage.Count > 0 && headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal));

    /// <summary>Whether the client has TLS, if only as far as a proxy.</summary>
    public static bool IsSecure(HttpRequest request) =>
        request.IsHttps || request.Headers["X-Forwarded-Proto"].ToString().StartsWith("https", StringComparison.OrdinalIgnoreCase)
        || request.Headers["Forwarded"].ToString().Contains("proto=https", StringComparison.OrdinalIgnoreCase);

    /// <summary>Asks for user and password as browsers and programs know it; a browser's own dialogue would keep them for every page that asks.</summary>
    public static void Challenge(HttpContext http)
    {
        if (!IsBrowser(http.Request.Headers))
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"Kismet\"";
        }
    }

    // What it is called: "null" is a page without an address.
    private static string? PageOf(HttpRequest request) =>
        request.Headers.Origin is { Count: > 0 } origin ? origin.ToString()
        : request.Headers.Referer is { Count: > 0 } referer && !StringValues.IsNullOrEmpty(referer) ? referer.ToString()
        : null;

    private bool IsNamed(string page) =>
        options is { AllowCors: true, AllowedOrigin: { } named } && Uri.TryCreate(page, UriKind.Absolute, out Uri? address)
        && string.Equals(address.GetLeftPart(UriPartial.Authority), named.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

    // A proxy may ask by another name than the page did, and says so; browsers let no page of another site say that.
    private bool IsOwn(string page, HttpRequest request) =>
        Uri.TryCreate(page, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
        && (IsHost(address, request.Host, request.IsHttps ? 443 : null) || IsHost(address, new(request.Headers["X-Forwarded-Host"].ToString()), null)
            || options.HostNames.Any(own => IsHost(address, new(own), null)));

    private static bool IsHost(Uri page, HostString host, int? port) =>
        host.HasValue && string.Equals(page.Host.Trim('[', ']'), host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && page.Port == (host.Port ?? port ?? (page.Scheme == "https" ? 443 : 80));
}
