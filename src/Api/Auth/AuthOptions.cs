using System.Net;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Auth;

/// <summary>Settings of logins (<c>Auth:…</c>) and of pages from elsewhere (<c>Api:AllowCors</c>, <c>Api:AllowedOrigin</c>).</summary>
public sealed record AuthOptions
{
    /// <summary>The administrator; null where the password is set by a command.</summary>
    public (string Username, string Password)? Administrator { get; init; }

    /// <summary>Whether reads need no login; null for: while the server listens on this machine alone.</summary>
    public bool? OpenReads { get; init; }

    /// <summary>How long a session holds.</summary>
    public TimeSpan SessionLife { get; init; } = TimeSpan.FromHours(24);

    /// <summary>File with bytes that sign sessions together with what the store has; null for the store's alone.</summary>
    public string? SecretFile { get; init; }

    /// <summary>How long the key of a sensor that joined holds unless it is renewed.</summary>
    public TimeSpan SensorKeyLife { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Whether sensors that join know the server by its public key, whoever signed its certificate.</summary>
    public bool PinCertificates { get; init; } = true;

    /// <summary>Pins beside that of the own certificate (<see cref="CertificatePins"/>).</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>Whether keys can be made and revoked by commands.</summary>
    public bool AllowKeyCreation { get; init; } = true;

    /// <summary>Whether pages from elsewhere may use the API.</summary>
    public bool AllowCors { get; init; }

    /// <summary>The one origin of such pages, which may use cookies and passwords like the server's own; null for any, with keys of their own.</summary>
    public string? AllowedOrigin { get; init; }

    /// <summary>Names, with a port where it is not the usual one, by which this server is asked beside localhost and loopback addresses.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Folders from which commands may open capture files; none: any while the server listens on this machine alone, else none.</summary>
    public IReadOnlyList<string> SourceFolders { get; init; } = [];

    /// <summary>Proxies whose word on the client's address counts.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ArgumentException">One of them makes no sense; the message names it, and never a secret.</exception>
    internal static AuthOptions Of(IConfiguration configuration)
    {
        string? username = Text(configuration, "Username");
        string? password = Text(configuration, "Password");
        if (username is null != password is null)
        {
            throw new ArgumentException(
                $"Auth:{(username is null ? "Username" : "Password")}: missing; either both of Auth:Username and Auth:Password are set, or neither");
        }
        return new()
        {
            Administrator = username is null ? null : (username, password!),
            OpenReads = Text(configuration, "Reads") switch
            {
                null => null,
                "open" => true,
                "login" => false,
                { } other => throw new ArgumentException($"Auth:Reads: expected open or login, not '{other}'"),
            },
            SessionLife = Hours(Text(configuration, "SessionHours")),
            SecretFile = Text(configuration, "SecretFile"),
            SensorKeyLife = Days(Text(configuration, "SensorKeyDays")),
            PinCertificates = Flag(Text(configuration, "PinCertificates"), "Auth:PinCertificates", true),
            Pins = [.. List(configuration, "Auth:Pins").Select(Pin)],
            AllowKeyCreation = Flag(Text(configuration, "AllowKeyCreation"), "Auth:AllowKeyCreation", true),
            AllowCors = Flag(configuration["Api:AllowCors"], "Api:AllowCors", false),
            AllowedOrigin = configuration["Api:AllowedOrigin"] is { Length: > 0 } origin ? Origin(origin) : null,
            HostNames = [.. List(configuration, "Api:HostNames").Select(Host)],
            SourceFolders = [.. List(configuration, "Api:SourceFolders").Select(Path.GetFullPath)],
            TrustedProxies = [.. List(configuration, "Api:TrustedProxies").Select(Network)],
        };
    }

    // The environment's Kismet__Auth__… reaches us with and without its prefix.
    private static string? Text(IConfiguration configuration, string name) =>
        configuration["Auth:" + name] is { Length: > 0 } text ? text : configuration["Kismet:Auth:" + name] is { Length: > 0 } prefixed ? prefixed : null;

    private static IEnumerable<string> List(IConfiguration configuration, string name) =>
        configuration.GetSection(name).GetChildren().Select(static one => one.Value).OfType<string>().Where(static one => one.Length > 0);

    private static string Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? origin) && origin.Scheme is "http" or "https" && origin.PathAndQuery == "/" ? text
        : throw new ArgumentException($"Api:AllowedOrigin: expected an origin such as https://example.org, not '{text}'");

    private static string Host(string text) =>
        Uri.CheckHostName(new HostString(text).Host.Trim('[', ']')) != UriHostNameType.Unknown ? text
        : throw new ArgumentException($"Api:HostNames: expected a name such as kismet.example.org or kismet.example.org:8443, not '{text}'");

    private static IPNetwork Network(string text) =>
        IPNetwork.TryParse(text, out IPNetwork network) ? network
        : IPAddress.TryParse(text, out IPAddress? address) ? new(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)
        : throw new ArgumentException($"Api:TrustedProxies: expected an address such as 192.0.2.1 or a network such as 10.0.0.0/8, not '{text}'");

    private static TimeSpan Hours(string? text) => text is null ? TimeSpan.FromHours(24)
        : double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double hours) && hours > 0 && hours <= 24 * 366
            ? TimeSpan.FromHours(hours)
            : throw new ArgumentException($"Auth:SessionHours: expected hours, up to a year, not '{text}'");

    // A part of a day is for trying it out.
    private static TimeSpan Days(string? text) => text is null ? TimeSpan.FromDays(90)
        : double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double days) && days > 0 && days <= 3660
            ? TimeSpan.FromDays(days)
            : throw new ArgumentException($"Auth:SensorKeyDays: expected days, up to ten years, not '{text}'");

    private static string Pin(string text) => CertificatePin.IsPin(text) ? text
        : throw new ArgumentException($"Auth:Pins: expected the SHA-256 of a SubjectPublicKeyInfo in base64url, 43 characters, not '{text}'");

    private static bool Flag(string? text, string name, bool otherwise) => string.IsNullOrEmpty(text) ? otherwise
        : bool.TryParse(text, out bool value) ? value
        : throw new ArgumentException($"{name}: expected true or false, not '{text}'");
}
