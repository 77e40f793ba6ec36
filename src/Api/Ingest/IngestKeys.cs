using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace KismetOrleans.Api.Ingest;

/// <summary>Whether a request may feed the server.</summary>
/// <param name="Key">Whose request it is; null when it may not.</param>
/// <param name="RetryAfter">How long it has to wait, when that is what keeps it.</param>
public readonly record struct IngestAdmission(IngestKey? Key, TimeSpan? RetryAfter)
{
    /// <summary>Status that tells the client: 200, 401, or 429 with <c>Retry-After</c>.</summary>
    public int Status => Key is null ? StatusCodes.Status401Unauthorized : RetryAfter is null ? StatusCodes.Status200OK : StatusCodes.Status429TooManyRequests;

    /// <summary>Adds the headers that belong to a refusal.</summary>
    public void Explain(HttpResponse response)
    {
        if (Key is null)
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"Kismet\"";
        }
        else if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>
/// Who may feed the server: sensors and scanners with a key of the settings (<c>Ingest:Keys</c>). While there is none in the settings, programs on
/// this machine, without a key. Safe for use by several threads.
/// </summary>
public sealed class IngestKeys
{
    private const string CookieName = "KISMET";
    private readonly Dictionary<Digest, IngestKey> _keys = [];
    private readonly IngestKey _local;

    /// <summary>The keys of the settings.</summary>
    /// <exception cref="ArgumentException">A key of the settings is not one.</exception>
    public IngestKeys(IEnumerable<IngestKeyOptions> keys, TimeProvider clock)
    {
        _local = new("this machine", 0, 0, clock);
        foreach (IngestKeyOptions options in keys)
        {
            if (!_keys.TryAdd(DigestOf(options), new(options.Name, options.Rate, options.OctetRate, clock)))
            {
                throw new ArgumentException($"Ingest:Keys: {options.Name}: the key of another");
            }
        }
    }

    /// <summary>The keys of a configuration.</summary>
    /// <exception cref="ArgumentException">A key of the settings is not one.</exception>
    public static IngestKeys Of(IConfiguration configuration, TimeProvider clock) =>
        new(configuration.GetSection("Ingest:Keys").Get<IngestKeyOptions[]>() ?? [], clock);

    /// <summary>Looks at who asks.</summary>
    public IngestAdmission Admit(HttpContext http)
    {
        IngestKey? key = _keys.Count == 0 ? IsLocal(http) ? _local : null : Find(http.Request);
        return new(key, key?.Wait());
    }

    private IngestKey? Find(HttpRequest request)
    {
        foreach (string? header in request.Headers.Authorization)
        {
            if (AuthenticationHeaderValue.TryParse(header, out AuthenticationHeaderValue? authorization) && Find(KeyOf(authorization)) is { } key)
            {
                return key;
            }
        }
        return Find(request.Cookies[CookieName]) ?? Find(request.Query[CookieName]);
    }

    private IngestKey? Find(StringValues text) =>
        string.IsNullOrEmpty(text) ? null : _keys.GetValueOrDefault(Digest.Of(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));

    // Bearer: the key. Basic: any user, the key as password, for clients that know nothing else.
    private static string? KeyOf(AuthenticationHeaderValue authorization)
    {
        if (string.Equals(authorization.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return authorization.Parameter;
        }
        Span<byte> octets = new byte[authorization.Parameter?.Length ?? 0];
        if (!string.Equals(authorization.Scheme, "Basic", StringComparison.OrdinalIgnoreCase)
            || !Convert.TryFromBase64String(authorization.Parameter ?? "", octets, out int length))
        {
            return null;
        }
        string pair = Encoding.UTF8.GetString(octets[..length]);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }

    // A browser on this machine may speak for a page from elsewhere, and a proxy for anybody.
    private static bool IsLocal(HttpContext http)
    {
        IHeaderDictionary headers = http.Request.Headers;
        bool isForeign = headers["Sec-Fetch-Site"].ToString() is "cross-site"
            || headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded");
        return !isForeign && (http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address));
    }

    private static Digest DigestOf(IngestKeyOptions options)
    {
        if (!string.IsNullOrEmpty(options.Key) && options.KeySha256 is null)
        {
            return Digest.Of(SHA256.HashData(Encoding.UTF8.GetBytes(options.Key)));
        }
        byte[] octets = new byte[SHA256.HashSizeInBytes];
        return options.Key is null && options.KeySha256?.Length == 2 * octets.Length
            && Convert.FromHexString(options.KeySha256, octets, out _, out int written) == System.Buffers.OperationStatus.Done && written == octets.Length
            ? Digest.Of(octets)
            : throw new ArgumentException($"Ingest:Keys: {options.Name}: expected either Key, or KeySha256 with 64 hexadecimal digits");
    }

    // Compared as a digest, so that the time of a look-up tells nothing of a key.
    private readonly record struct Digest(UInt128 High, UInt128 Low)
    {
        public static Digest Of(ReadOnlySpan<byte> octets) => MemoryMarshal.Read<Digest>(octets);
    }
}
