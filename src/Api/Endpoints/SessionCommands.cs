using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>The administrator's sessions: listed and ended.</summary>
internal static partial class SessionCommands
{
    public static void Map(IEndpointRouteBuilder routes, Logins logins, ILogger logger)
    {
        Context context = new(logins, routes.ServiceProvider.GetRequiredService<OpenRequests>(), routes.ServiceProvider.GetRequiredService<RequestOrigins>(), logger);
        routes.MapMethods("/session/logout", ["POST"], (RequestDelegate)(http => LeaveAsync(http, context)))
            .AllowAnonymous()
            .GivesText("Ends the session that it came with, and takes the cookie away", "text/plain");
        routes.MapRecords("/session/sessions", r => AnswerAsync(r, ListAsync(r, context)), Role.Admin)
            .GivesList(LoginSessionTable.Table, "The administrator's sessions, newest first");
        routes.MapCommandPost("/session/end", r => AnswerAsync(r, EndAsync(r, context)))
            .GivesText("Ends a session")
            .Takes("id", ValueForm.Text, "its number", required: true);
        routes.MapCommandPost("/session/end_all", r => AnswerAsync(r, EndOthersAsync(r, context)))
            .GivesText("Ends all sessions but the one that asks");
    }

    /// <summary>Says so where what keeps logins does not answer.</summary>
    public static async Task AnswerAsync(RecordRequest request, Task work)
    {
        try
        {
            await work;
        }
        catch (TimeoutException e)
        {
            await Answers.ErrorAsync(request.Http, e.Message, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task ListAsync(RecordRequest request, Context context)
    {
        ulong? current = Current(request.Http, context)?.Id;
        IReadOnlyList<LoginSession> sessions = await context.Logins.Sessions.LoadAsync();
        await Answers.ListAsync(request.Http, LoginSessionTable.Table, sessions.Select(session => Record(session, current)), request.Format, request.Fields);
    }

    private static async Task EndAsync(RecordRequest request, Context context)
    {
        if (!SessionToken.TryParseId(request.Command.Text("id"), out ulong id))
        {
            throw new CommandException($"id: expected the {SessionToken.Digits} hexadecimal digits of a session");
        }
        CutAfter(request.Http, context);
        if (!await context.Logins.Sessions.EndAsync(id))
        {
            await Answers.ErrorAsync(request.Http, "no such session", StatusCodes.Status404NotFound);
            return;
        }
        Ended(context.Logger, SessionToken.Print(id), request.Http.RemoteAddress());
        await Answers.DoneAsync(request.Http, "Session ended");
    }

    private static async Task EndOthersAsync(RecordRequest request, Context context)
    {
        CutAfter(request.Http, context);
        await context.Logins.Sessions.EndOthersAsync(Current(request.Http, context));
        AllEnded(context.Logger, request.Http.RemoteAddress());
        await Answers.DoneAsync(request.Http, "All other sessions ended");
    }

    private static async Task LeaveAsync(HttpContext http, Context context)
    {
        // Else any page could log its visitors out.
        if (context.Origins.IsFromElsewhere(http.Request))
        {
            await Answers.PageAsync(http, StatusCodes.Status403Forbidden);
            return;
        }
        if (context.Logins.SessionOf(http) is { } session)
        {
            CutAfter(http, context);
            try
            {
                await context.Logins.Sessions.EndAsync(session);
                Ended(context.Logger, SessionToken.Print(session.Id), http.RemoteAddress());
            }
            catch (TimeoutException e)
            {
                // It is over for the client and here; other servers hear of it when they can, as they do of everything.
                NotKept(context.Logger, SessionToken.Print(session.Id), e);
            }
        }
        LoginCookie.Take(http);
        http.Response.ContentType = "text/plain";
        await http.Response.WriteAsync("Logged out\n", http.RequestAborted);
    }

    // The session of the request, which may have come as user and password.
    private static SessionToken? Current(HttpContext http, Context context) =>
        http.Login() is { Key: null } login ? context.Logins.Accounts.FindSession(login.Token) : null;

    // Not before the answer is out: the request may be one of the session that it ends.
    private static void CutAfter(HttpContext http, Context context) => http.Response.OnCompleted(() =>
    {
        context.Requests.CutInvalid();
        return Task.CompletedTask;
    });

    private static LoginSessionRecord Record(LoginSession session, ulong? current) => new(
        SessionToken.Print(session.Token.Id), (ulong)session.Token.Made, (ulong)session.Token.Expires, session.Client.Address, session.Client.Agent,
        session.Token.Id == current);

    [LoggerMessage(13, LogLevel.Information, "Session {id} was ended, from {address}")]
    private static partial void Ended(ILogger logger, string id, string address);

    [LoggerMessage(14, LogLevel.Information, "All other sessions were ended, from {address}")]
    private static partial void AllEnded(ILogger logger, string address);

    [LoggerMessage(15, LogLevel.Warning, "Session {id} was ended on this server; others will know later.")]
    private static partial void NotKept(ILogger logger, string id, Exception e);

    private sealed record Context(Logins Logins, OpenRequests Requests, RequestOrigins Origins, ILogger Logger);
}
