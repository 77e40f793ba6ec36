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

    /// <summary>Whether keys can be made and revoked by commands.</summary>
    public bool AllowKeyCreation { get; init; } = true;

    /// <summary>Whether pages from elsewhere may use the API.</summary>
    public bool AllowCors { get; init; }

    /// <summary>The one origin of such pages; null for any.</summary>
    public string? AllowedOrigin { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ArgumentException">One of them makes no sense; the message names it, and never a secret.</exception>
    public static AuthOptions Of(IConfiguration configuration)
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
            AllowKeyCreation = Flag(Text(configuration, "AllowKeyCreation"), "Auth:AllowKeyCreation", true),
            AllowCors = Flag(configuration["Api:AllowCors"], "Api:AllowCors", false),
            AllowedOrigin = configuration["Api:AllowedOrigin"] is { Length: > 0 } origin ? origin : null,
        };
    }

    // The environment's Kismet__Auth__… reaches us with and without its prefix.
    private static string? Text(IConfiguration configuration, string name) =>
        configuration["Auth:" + name] is { Length: > 0 } text ? text : configuration["Kismet:Auth:" + name] is { Length: > 0 } prefixed ? prefixed : null;

    private static TimeSpan Hours(string? text) => text is null ? TimeSpan.FromHours(24)
        : double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double hours) && hours > 0 && hours <= 24 * 366
            ? TimeSpan.FromHours(hours)
            : throw new ArgumentException($"Auth:SessionHours: expected hours, up to a year, not '{text}'");

    private static bool Flag(string? text, string name, bool otherwise) => string.IsNullOrEmpty(text) ? otherwise
        : bool.TryParse(text, out bool value) ? value
        : throw new ArgumentException($"{name}: expected true or false, not '{text}'");
}
