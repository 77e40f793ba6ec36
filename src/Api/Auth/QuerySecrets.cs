using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace KismetOrleans.Api.Auth;

/// <summary>
/// Takes secrets out of a request's address before anything can write the address to a log, a span or a page, and keeps them for
/// <see cref="Credentials"/>.
/// </summary>
internal sealed class QuerySecrets
{
    private const string Redacted = "redacted";
    private static readonly string[] s_names = [Credentials.TokenName, "password", "user", "secret"];
    private readonly Dictionary<string, StringValues> _values;

    private QuerySecrets(Dictionary<string, StringValues> values) => _values = values;

    /// <summary>A variable of the address, whether or not it was taken out; null without.</summary>
    public static string? Variable(HttpContext http, string name) =>
        http.Features.Get<QuerySecrets>() is { } taken
            ? taken._values.TryGetValue(name, out StringValues value) ? value.ToString() : null
            : http.Request.Query.TryGetValue(name, out value) ? value.ToString() : null;

    /// <summary>Puts a word in the place of each secret.</summary>
    public static void TakeOut(IFeatureCollection features)
    {
        IHttpRequestFeature? request = features.Get<IHttpRequestFeature>();
        if (request is null || request.QueryString.Length < 2 || !HasSecret(request.QueryString))
        {
            return;
        }
        features.Set(new QuerySecrets(QueryHelpers.ParseQuery(request.QueryString)));
        request.QueryString = Redact(request.QueryString);
        int mark = request.RawTarget.IndexOf('?', StringComparison.Ordinal);
        request.RawTarget = mark < 0 ? request.RawTarget : request.RawTarget[..mark] + request.QueryString;
    }

    /// <summary>A query without its secrets. A name may be encoded as well.</summary>
    public static string Redact(string query)
    {
        string[] pairs = query.TrimStart('?').Split('&');
        for (int i = 0; i < pairs.Length; i++)
        {
            int equals = pairs[i].IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && IsSecret(Uri.UnescapeDataString(pairs[i][..equals].Replace('+', ' '))))
            {
                pairs[i] = pairs[i][..(equals + 1)] + Redacted;
            }
        }
        return "?" + string.Join('&', pairs);
    }

    // A quick look: nearly all requests have none.
    private static bool HasSecret(string query)
    {
        if (query.Contains('%', StringComparison.Ordinal))
        {
            return true;
        }
        foreach (string name in s_names)
        {
            if (query.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsSecret(string name) => s_names.Contains(name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Makes the contexts of requests without secrets in their addresses: the host writes the address to its log before any middleware runs.</summary>
internal sealed class RedactingContextFactory(IServiceProvider services) : IHttpContextFactory
{
    private readonly DefaultHttpContextFactory _factory = new(services);

    public HttpContext Create(IFeatureCollection featureCollection)
    {
        QuerySecrets.TakeOut(featureCollection);
        return _factory.Create(featureCollection);
    }

    public void Dispose(HttpContext httpContext) => _factory.Dispose(httpContext);
}
