using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Logins: whether one is valid, who asks, the first password and the next ones.</summary>
internal static partial class SessionsEndpoints
{
    private const int MaxLength = 256;
    private static readonly string[] s_get = ["GET"];
    private static readonly string[] s_post = ["POST"];

    /// <summary>Maps the group of endpoints, and those of keys and of joining.</summary>
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        Logins logins = services.GetRequiredService<Logins>();
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Logins");
        Map("/session/check_session", "Whether the session or key holds", s_get, Role.Any, static http => TextAsync(http, StatusCodes.Status200OK, "Session valid\n"));
        // Looks at the password itself, whatever session there is.
        Map("/session/check_login", "Whether the password is right", s_get, Role.None, http => CheckLoginAsync(http, logins));
        Map("/session/check_setup_ok", "Whether there is an administrator: 200, 406 or 500", s_get, Role.None, http => CheckSetupAsync(http, logins.Accounts));
        Map("/session/set_password", "Sets the administrator's password", s_post, Role.None, http => SetPasswordAsync(http, logins, logger));
        // Ours: a page's own.
        OpenReads open = services.GetRequiredService<OpenReads>();
        routes.MapRecords("/session/who", r => Answers.RecordAsync(r.Http, SessionTable.Table, Who(r.Http, logins, open), r.Format, r.Fields), Role.None)
            .Gives(SessionTable.Table, "Who asks, as the server sees it");
        Map("/session/login", "Makes a session of a key, or of user and password, and gives it as a cookie", s_post, Role.Any, EnterAsync);
        SessionCommands.Map(routes, logins, logger);
        routes.MapKeys(logins, logger);
        routes.MapJoining(logins, logger);

        void Map(string path, string summary, string[] methods, string role, RequestDelegate handler) =>
            routes.MapMethods(path, methods, handler).NeedsRole(role).GivesText(summary, "text/plain");
    }

    private static async Task CheckLoginAsync(HttpContext http, Logins logins)
    {
        // A password that is given decides; without one a session that was made by one does.
        LoginAttempt attempt = await logins.ByPasswordAsync(http);
        if ((attempt.Login ?? (attempt.RetryAfter is null && Credentials.Password(http) is null ? SessionLogin(http, logins) : null)) is not { } login)
        {
            await LoginHandler.RefuseAsync(http, attempt);
            return;
        }
        LoginCookie.Give(http, login);
        await TextAsync(http, StatusCodes.Status200OK, "Login valid\n");
    }

    private static Login? SessionLogin(HttpContext http, Logins logins) => logins.ByToken(http) is { Key: null } login ? login : null;

    private static SessionRecord Who(HttpContext http, Logins logins, OpenReads open)
    {
        Accounts accounts = logins.Accounts;
        Login? login = logins.ByToken(http);
        long ends = login is null ? 0 : login.Key?.Expires ?? accounts.FindSession(login.Token)?.Expires ?? 0;
        return new(
            login?.Role ?? "", login?.Name ?? "", (ulong)ends, open.May(http.Request) || login?.May(Role.ReadOnly) == true, accounts.HasAdministrator,
            accounts.IsConfigured);
    }

    private static Task EnterAsync(HttpContext http)
    {
        // What came otherwise has its cookie already.
        if (http.Login() is { Source: LoginSource.Bearer or LoginSource.Cookie } login)
        {
            LoginCookie.Set(http, login.Token);
        }
        return TextAsync(http, StatusCodes.Status200OK, "Login valid\n");
    }

    // Statuses as in Kismet, whose web page asks for them. To the page 200 means the same as 406, of which the browser would complain on its console.
    private static Task CheckSetupAsync(HttpContext http, Accounts accounts) =>
        accounts.IsConfigured ? TextAsync(http, IsPage(http.Request) ? StatusCodes.Status200OK : StatusCodes.Status406NotAcceptable, "Login configured in global config\n")
        : accounts.HasAdministrator ? TextAsync(http, StatusCodes.Status200OK, "Login configured in user config\n")
        : TextAsync(http, StatusCodes.Status500InternalServerError, "Login not configured\n");

    // jQuery, by which the page asks, says so.
    private static bool IsPage(HttpRequest request) => request.Headers.XRequestedWith == "XMLHttpRequest";

    private static async Task SetPasswordAsync(HttpContext http, Logins logins, ILogger logger)
    {
        try
        {
            using Command command = await Command.ReadAsync(http.Request);
            await SetPasswordAsync(http, command, logins, logger);
        }
        catch (CommandException e)
        {
            await Answers.BadRequestAsync(http, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await Answers.PageAsync(http, e.StatusCode);
        }
        catch (TimeoutException e)
        {
            await TextAsync(http, StatusCodes.Status503ServiceUnavailable, $"{e.Message}\n");
        }
    }

    private static async Task SetPasswordAsync(HttpContext http, Command command, Logins logins, ILogger logger)
    {
        Accounts accounts = logins.Accounts;
        if (accounts.IsConfigured)
        {
            await TextAsync(http, StatusCodes.Status403Forbidden, "The login stands in the server's settings and is changed there\n");
            return;
        }
        bool replace = accounts.HasAdministrator;
        if (replace && !await MayReplaceAsync(http, command, logins))
        {
            return;
        }
        if (Text(command, "username") is not { Length: > 0 } username || Text(command, "password") is not { Length: > 0 } password)
        {
            await TextAsync(http, StatusCodes.Status400BadRequest, "Missing username or password in request\n");
            return;
        }
        if (username.Length > MaxLength || password.Length > MaxLength || username.Contains(':', StringComparison.Ordinal))
        {
            // RFC 7617, 2: a user's name ends at the first colon.
            await TextAsync(http, StatusCodes.Status400BadRequest, $"Invalid request: username, password: up to {MaxLength} characters, and no colon in the former\n");
            return;
        }
        if (!replace && !await HasSecretAsync(http, command, logins))
        {
            return;
        }
        if (!await accounts.SetAdministratorAsync(username, password, replace))
        {
            await TextAsync(http, StatusCodes.Status403Forbidden, "There is a password already; only the administrator can change it\n");
            return;
        }
        PasswordSet(logger, username, http.RemoteAddress());
        await TextAsync(http, StatusCodes.Status200OK, "Login configured\n");
    }

    // The administrator, who knows the present password: a session may be left open on a screen. Answers when it is not so.
    private static async Task<bool> MayReplaceAsync(HttpContext http, Command command, Logins logins)
    {
        LoginAttempt attempt = await logins.AuthenticateAsync(http);
        string refusal = "There is a password already; only the administrator can change it\n";
        if (attempt.Login is { Role: Role.Admin } login && !http.RequestServices.GetRequiredService<RequestOrigins>().IsForged(http, login))
        {
            attempt = login.Source is LoginSource.Basic or LoginSource.QueryPassword ? attempt : await logins.ByOldPasswordAsync(http, Text(command, "old_password") ?? "");
            if (attempt.Login is not null)
            {
                return true;
            }
            refusal = "old_password: expected the present password\n";
        }
        await (attempt.RetryAfter is null ? TextAsync(http, StatusCodes.Status403Forbidden, refusal) : LoginHandler.RefuseAsync(http, attempt));
        return false;
    }

    // Answers when it is not there.
    private static async Task<bool> HasSecretAsync(HttpContext http, Command command, Logins logins)
    {
        if (logins.Failures.Wait(logins.GuesserOf(http)) is { } wait)
        {
            await LoginHandler.RefuseAsync(http, new(null, wait));
            return false;
        }
        if (logins.Accounts.IsSetupSecret(Text(command, "secret") ?? ""))
        {
            return true;
        }
        logins.Failures.Fail(logins.GuesserOf(http));
        await TextAsync(
            http, StatusCodes.Status403Forbidden, "secret: the first password needs the one-time secret that the server printed on its console when it started\n");
        return false;
    }

    private static string? Text(Command command, string name) =>
        command.Variable(name) ?? (command[name] is { ValueKind: System.Text.Json.JsonValueKind.String } text ? text.GetString() : null);

    private static Task TextAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    [LoggerMessage(10, LogLevel.Information, "The administrator's password was set: user {username}, from {address}")]
    private static partial void PasswordSet(ILogger logger, string username, string address);
}
