using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Sensors join: the administrator makes tokens, a sensor exchanges one for a key of its own, and renews that.</summary>
internal static partial class JoinEndpoints
{
    private const int MaxSite = 64;

    // Of a sensor's name; the key's has room for what is appended.
    private const int MaxName = 64;
    private const int MaxToken = 128;
    private const int MaxUses = 1000;

    // A token is for the day on which sensors are put up, or for a delivery of them.
    private const long MaxSeconds = 366L * 24 * 3600;

    /// <summary>Maps the group of endpoints.</summary>
    internal static void MapJoining(this IEndpointRouteBuilder routes, Logins logins, ILogger logger)
    {
        IServiceProvider services = routes.ServiceProvider;
        Context context = new(logins, services.GetRequiredService<SensorKeys>(), services.GetRequiredService<IngestKeys>(), services.GetRequiredService<CertificatePins>(), logger);
        routes.MapCommandPost("/auth/jointoken/generate", r => SessionCommands.AnswerAsync(r, GenerateAsync(r, context)))
            .Gives(JoinTokenTable.Table, "Makes a token by which sensors join; the answer has it, this once")
            .Takes("duration", ValueForm.Integer, "seconds in which sensors may join", required: true)
            .Takes("uses", ValueForm.Integer, "sensors that may; 1 without it")
            .Takes("site", ValueForm.Text, "where they stand");
        routes.MapRecords(
            "/auth/jointoken/list", r => Answers.ListAsync(r.Http, JoinTokenTable.Table, context.Keys.Tokens.Select(static t => Record(t, null)), r.Format, r.Fields), Role.Admin)
            .GivesList(JoinTokenTable.Table, "Tokens by which sensors join, without the tokens themselves, newest first");
        routes.MapCommandPost("/auth/jointoken/revoke", r => SessionCommands.AnswerAsync(r, RevokeAsync(r, context)))
            .GivesText("Revokes a join token; who joined by it keeps his key")
            .Takes("id", ValueForm.Text, "number of the token", required: true);
        routes.MapRecordsPost("/auth/join", r => SessionCommands.AnswerAsync(r, JoinAsync(r, context)), Role.None)
            .Gives(SensorKeyTable.Table, "Exchanges a join token for a key of the sensor's own")
            .Takes("token", ValueForm.Text, "the join token", required: true)
            .Takes("name", ValueForm.Text, "name of the sensor; something is appended where a key has it", required: true);
        routes.MapRecordsPost("/auth/renew", r => SessionCommands.AnswerAsync(r, RenewAsync(r, context)), Role.Datasource)
            .Gives(SensorKeyTable.Table, "Replaces the key that it comes with, of a sensor that joined; the old one holds a day longer");
    }

    private static async Task GenerateAsync(RecordRequest request, Context context)
    {
        long seconds = request.Command.Whole("duration", 1, MaxSeconds);
        int uses = (int)request.Command.Whole("uses", 1, MaxUses, otherwise: 1);
        string site = Words(request, "site", 0, MaxSite);
        if (!context.Logins.Options.AllowKeyCreation)
        {
            await Answers.ErrorAsync(request.Http, "auth creation is disabled in the kismet configuration");
            return;
        }
        if (context.Keys.Tokens.Count >= SensorKeys.MaxTokens)
        {
            throw new CommandException($"there are {SensorKeys.MaxTokens} tokens already; revoke some");
        }
        (string text, JoinToken token) = await context.Keys.AddTokenAsync(site, request.Http.Login()?.Name ?? "", TimeSpan.FromSeconds(seconds), uses);
        TokenMade(context.Logger, token.Id, uses, request.Http.RemoteAddress());
        await AnswerAsync(request, JoinTokenTable.Table, Record(token, string.Join('.', [text, .. context.Pins.For(request.Http)])));
    }

    private static async Task RevokeAsync(RecordRequest request, Context context)
    {
        string id = request.Command.Text("id") ?? "";
        if (!await context.Keys.RemoveTokenAsync(id))
        {
            await Answers.ErrorAsync(request.Http, "no such token", StatusCodes.Status404NotFound);
            return;
        }
        TokenRevoked(context.Logger, id, request.Http.RemoteAddress());
        await Answers.DoneAsync(request.Http, "Token revoked");
    }

    private static async Task JoinAsync(RecordRequest request, Context context)
    {
        string name = Words(request, "name", 1, MaxName);
        string token = Words(request, "token", 1, MaxToken);
        if (!context.Logins.Options.AllowKeyCreation)
        {
            await Answers.ErrorAsync(request.Http, "this server makes no keys by command (Auth:AllowKeyCreation)", StatusCodes.Status403Forbidden);
            return;
        }
        if (context.Ingest.MustWait(request.Http) is { } wait)
        {
            Answers.RetryAfter(request.Http.Response, wait);
            await Answers.ErrorAsync(request.Http, "too many wrong tokens or keys", StatusCodes.Status429TooManyRequests);
            return;
        }
        (JoinOutcome outcome, string? text, ApiKey? key) = await context.Keys.JoinAsync(token, name, taken => taken == KeysEndpoints.Reserved || context.Ingest.IsOfSettings(taken));
        if (key is null)
        {
            Meters.JoinsRefused.Add(1);
            JoinRefused(context.Logger, name, outcome, request.Http.RemoteAddress());
            if (outcome == JoinOutcome.Unknown)
            {
                context.Ingest.NoteWrong(request.Http, token);
            }
            (int status, string reason) = Refusal(outcome);
            await Answers.ErrorAsync(request.Http, reason, status);
            return;
        }
        Joined(context.Logger, key.Name, key.Site ?? "", request.Http.RemoteAddress());
        await AnswerAsync(request, SensorKeyTable.Table, Record(key, text!, request.Http, context));
    }

    private static async Task RenewAsync(RecordRequest request, Context context)
    {
        if (request.Http.Login()?.Key is not { } old || await context.Keys.RenewAsync(old) is not { } renewed)
        {
            await Answers.ErrorAsync(request.Http, "only the key of a sensor that joined can be renewed", StatusCodes.Status403Forbidden);
            return;
        }
        Renewed(context.Logger, old.Name, request.Http.RemoteAddress());
        await AnswerAsync(request, SensorKeyTable.Table, Record(renewed.Key, renewed.Text, request.Http, context));
    }

    private static (int Status, string Reason) Refusal(JoinOutcome outcome) => outcome switch
    {
        JoinOutcome.Unknown => (StatusCodes.Status401Unauthorized, "no such join token: it was revoked, or is mistyped"),
        JoinOutcome.Expired => (StatusCodes.Status403Forbidden, "the join token has expired"),
        JoinOutcome.Spent => (StatusCodes.Status403Forbidden, "the join token is spent: as many sensors have joined by it as may"),
        JoinOutcome.Full => (StatusCodes.Status403Forbidden, $"there are {Accounts.MaxKeys} keys already; revoke some"),
        _ => (StatusCodes.Status409Conflict, "the name is taken"),
    };

    // Secrets are for who asked.
    private static Task AnswerAsync<T>(RecordRequest request, RecordTable<T> table, T record)
    {
        request.Http.Response.Headers.CacheControl = "no-store";
        return Answers.RecordAsync(request.Http, table, record, request.Format, request.Fields);
    }

    private static JoinTokenRecord Record(JoinToken token, string? text) =>
        new(token.Id, text, token.Site, token.Maker, (ulong)token.Made, (ulong)token.Expires, (ulong)token.Uses, (ulong)Math.Max(0, token.UsesLeft));

    private static SensorKeyRecord Record(ApiKey key, string text, HttpContext http, Context context) =>
        new(key.Name, text, (ulong)key.Expires, (ulong)(key.Expires - key.Created), key.Site ?? "", string.Join(' ', context.Pins.For(http)));

    private static string Words(RecordRequest request, string name, int least, int most) =>
        (request.Command.Text(name) ?? "").Trim() is { } text && text.Length >= least && text.Length <= most && !text.Any(char.IsControl)
            ? text
            : throw new CommandException($"{name}: expected a text of {least} to {most} characters");

    [LoggerMessage(16, LogLevel.Information, "Join token {id} for {uses} sensors was made, from {address}")]
    private static partial void TokenMade(ILogger logger, string id, int uses, string address);

    [LoggerMessage(17, LogLevel.Information, "Join token {id} was revoked, from {address}")]
    private static partial void TokenRevoked(ILogger logger, string id, string address);

    [LoggerMessage(18, LogLevel.Information, "Sensor {name} joined, site '{site}', from {address}")]
    private static partial void Joined(ILogger logger, string name, string site, string address);

    [LoggerMessage(19, LogLevel.Warning, "Sensor {name} may not join ({outcome}), from {address}")]
    private static partial void JoinRefused(ILogger logger, string name, JoinOutcome outcome, string address);

    [LoggerMessage(23, LogLevel.Information, "Sensor {name} renewed its key, from {address}")]
    private static partial void Renewed(ILogger logger, string name, string address);

    private sealed record Context(Logins Logins, SensorKeys Keys, IngestKeys Ingest, CertificatePins Pins, ILogger Logger);
}
