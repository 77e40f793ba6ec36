using System.Globalization;
using System.Text.Json;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Keys for programs: make, list, revoke.</summary>
internal static partial class KeysEndpoints
{
    private const int MaxText = 128;

    // A hundred years: what is more was meant otherwise.
    private const long MaxSeconds = 100L * 366 * 24 * 3600;

    // Kismet's name for what the administrator's sessions are.
    internal const string Reserved = "web logon";

    internal static void MapKeys(this IEndpointRouteBuilder routes, Logins logins, ILogger logger)
    {
        routes.MapCommandPost("/auth/apikey/generate", r => SessionCommands.AnswerAsync(r, GenerateAsync(r, logins, logger)))
            .GivesJson("Makes an API key; the answer has it, this once")
            .Takes("name", ValueForm.Text, "name", required: true)
            .Takes("role", ValueForm.Text, "role", required: true)
            .Takes("duration", ValueForm.Integer, "seconds that it holds; 0 for ever", required: true)
            .Takes("scope", ValueForm.Uuid, "the one sensor that it may feed");
        routes.MapCommandPost("/auth/apikey/revoke", r => SessionCommands.AnswerAsync(r, RevokeAsync(r, logins, logger)))
            .GivesText("Revokes an API key")
            .Takes("name", ValueForm.Text, "name", required: true);
        routes.MapRecords(
            "/auth/apikey/list", r => Answers.ListAsync(r.Http, ApiKeyTable.Table, logins.Accounts.Keys.Select(Record), r.Format, r.Fields), Role.Admin)
            .GivesList(ApiKeyTable.Table, "API keys without the keys themselves");
    }

    private static async Task GenerateAsync(RecordRequest request, Logins logins, ILogger logger)
    {
        string name = Text(request, "name");
        string role = Text(request, "role");
        long duration = Seconds(request.Command["duration"]);
        Guid? scope = Scope(request.Command["scope"], role);
        if (!logins.Options.AllowKeyCreation)
        {
            await Answers.ErrorAsync(request.Http, "auth creation is disabled in the kismet configuration");
            return;
        }
        if (logins.Accounts.Keys.Count >= Accounts.MaxKeys)
        {
            throw new CommandException($"there are {Accounts.MaxKeys} keys already; revoke some");
        }
        TimeSpan? life = duration == 0 ? null : TimeSpan.FromSeconds(duration);
        string? text = name == Reserved ? null : await logins.Accounts.AddKeyAsync(name, role, scope, life);
        if (text is null)
        {
            await Answers.ErrorAsync(request.Http, "cannot create duplicate auth");
            return;
        }
        KeyMade(logger, name, role, request.Http.RemoteAddress());
        request.Http.Response.ContentType = Answers.Json;
        await request.Http.Response.WriteAsync(text, request.Http.RequestAborted);
    }

    private static async Task RevokeAsync(RecordRequest request, Logins logins, ILogger logger)
    {
        string name = Text(request, "name");
        if (!logins.Options.AllowKeyCreation)
        {
            await Answers.ErrorAsync(request.Http, "auth creation is disabled in the kismet configuration");
            return;
        }
        if (name == Reserved)
        {
            await Answers.ErrorAsync(request.Http, "cannot remove autoprovisioned web logon");
            return;
        }
        if (!await logins.Accounts.RemoveKeyAsync(name))
        {
            await Answers.ErrorAsync(request.Http, "cannot delete unknown auth record");
            return;
        }
        KeyRevoked(logger, name, request.Http.RemoteAddress());
        request.Http.Response.ContentType = Answers.Json;
        await request.Http.Response.WriteAsync("revoked\n", request.Http.RequestAborted);
    }

    private static ApiKeyRecord Record(ApiKey key) => new(key.Name, key.Role, (ulong)key.Expires, key.Scope?.ToString().ToUpperInvariant(), key.Site);

    private static string Text(RecordRequest request, string name) =>
        request.Command[name] is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 and <= MaxText } text
            ? text
            : throw new CommandException($"{name}: expected a text of 1 to {MaxText} characters");

    private static long Seconds(JsonElement value)
    {
        long seconds = -1;
        bool isNumber = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt64(out seconds),
            JsonValueKind.String => long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out seconds),
            _ => false,
        };
        return isNumber && seconds is >= 0 and <= MaxSeconds ? seconds : throw new CommandException("duration: expected seconds, 0 for a key that does not expire");
    }

    private static Guid? Scope(JsonElement value, string role)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.String || !Guid.TryParseExact(value.GetString(), "D", out Guid scope))
        {
            throw new CommandException("scope: expected the UUID of a sensor");
        }
        // A bound that nothing would heed is none.
        return role is Role.Datasource or Role.ScanReport
            ? scope
            : throw new CommandException($"scope: only keys of role {Role.Datasource} and {Role.ScanReport} can be bound to a sensor");
    }

    [LoggerMessage(11, LogLevel.Information, "Key {name} with role {role} was made, from {address}")]
    private static partial void KeyMade(ILogger logger, string name, string role, string address);

    [LoggerMessage(12, LogLevel.Information, "Key {name} was revoked, from {address}")]
    private static partial void KeyRevoked(ILogger logger, string name, string address);
}
