using System.Globalization;
using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Server;
using KismetOrleans.Packets;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Alerts: kinds, the newest, and commands that define and raise them.</summary>
internal static class AlertsEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder routes, IBackend backend)
    {
        Dialect dialect = Dialects.Of(routes.ServiceProvider.GetRequiredService<IConfiguration>());
        routes.MapRecords("/alerts/definitions", async r => await Answers.ListAsync(
            r.Http, AlertDefinitionTable.Table, await backend.Alerts.DefinitionsAsync(r.Http.RequestAborted), r.Format, r.Fields))
            .GivesList(AlertDefinitionTable.Table, "Kinds of alerts");
        // The shorter path is asked for by clients, and answered by no Kismet.
        foreach (string all in (string[])["/alerts/all_alerts", "/alerts/alerts"])
        {
            routes.MapRecords(all, async r => await Answers.ListAsync(
                r.Http, AlertTable.Table, await backend.Alerts.SinceAsync(-1, r.Http.RequestAborted), r.Format, r.Fields))
                .GivesList(AlertTable.Table, "The newest alerts");
        }
        routes.MapRecords("/alerts/last-time/{time}/alerts", r => LastTimeAsync(r, backend, dialect == Dialect.Seeds && !IsLines(r)))
            .GivesJson("Alerts newer than a time: an object as wrapped gives it, or a list where Api:Dialect is current");
        routes.MapRecords("/alerts/wrapped/last-time/{time}/alerts", r => LastTimeAsync(r, backend, wrapped: true))
            .Gives(AlertListTable.Table, "Alerts newer than a time, with the time of the answer");
        routes.MapRecords("/alerts/alerts_view", r => AlertWindows.AnswerAsync(r, backend))
            .GivesWindow(AlertTable.Table, "Alerts, all or a page");
        routes.MapRecords("/alerts/by-id/{hash}/alert", r => ByHashAsync(r, backend))
            .Gives(AlertTable.Table, "An alert by its hash");
        routes.MapCommandPost("/alerts/definitions/define_alert", r => DefineAsync(r, backend))
            .GivesText("Defines a kind of alerts")
            .Takes("name", ValueForm.Text, "name, made upper case", required: true)
            .Takes("description", ValueForm.Text, "what it means", required: true)
            .Takes("throttle", ValueForm.Text, "limit, as 10/min", required: true)
            .Takes("burst", ValueForm.Text, "limit of a burst, as 1/sec", required: true)
            .Takes("class", ValueForm.Text, "class; CUSTOM without")
            .Takes("severity", ValueForm.Integer, "0, 5, 10, 15 or 20; 0 without")
            .Takes("phyname", ValueForm.Text, "phy that it is about; any without");
        foreach (string raise in (string[])["/alerts/raise_alert", "/alerts/raise_alerts"])
        {
            routes.MapCommandPost(raise, r => RaiseAsync(r, backend))
                .GivesText("Raises an alert")
                .Takes("name", ValueForm.Text, "kind of alert", required: true)
                .Takes("text", ValueForm.Text, "in words", required: true)
                .Takes("bssid", ValueForm.Mac, "network that it is about")
                .Takes("source", ValueForm.Mac, "sender")
                .Takes("dest", ValueForm.Mac, "receiver")
                .Takes("other", ValueForm.Mac, "another device that takes part")
                .Takes("channel", ValueForm.Text, "channel");
        }
    }

    // Lines are a list in both dialects: an object that is one line would be of no use to those who read line by line.
    private static bool IsLines(RecordRequest request) =>
        request.Format is Records.Json.RecordFormat.EkJson or Records.Json.RecordFormat.ItJson;

    private static async Task LastTimeAsync(RecordRequest request, IBackend backend, bool wrapped)
    {
        if (!Times.TryParse(request.Route("time"), out double time))
        {
            await EmptyAsync(request.Http, StatusCodes.Status400BadRequest);
            return;
        }
        long now = backend.Clock.NowMicroseconds();
        long since = Microseconds(time, now);
        IReadOnlyList<AlertRecord> alerts = await backend.Alerts.SinceAsync(Math.Max(since, -1), request.Http.RequestAborted);
        await (wrapped
            ? Answers.RecordAsync(request.Http, AlertListTable.Table, new AlertList(alerts, now), request.Format, request.Fields)
            : Answers.ListAsync(request.Http, AlertTable.Table, alerts, request.Format, request.Fields));
    }

    // Of a unix time, or of so many seconds ago. Rounded: a time that was given out with six digits must not come back as the microsecond before.
    internal static long Microseconds(double time, long now) =>
        (long)Math.Round(Math.Clamp(time, -uint.MaxValue, uint.MaxValue) * 1e6) + (time < 0 ? now : 0);

    private static async Task ByHashAsync(RecordRequest request, IBackend backend)
    {
        IReadOnlyList<AlertRecord> alerts = await backend.Alerts.SinceAsync(-1, request.Http.RequestAborted);
        bool isNumber = uint.TryParse(request.Route("hash"), NumberStyles.None, CultureInfo.InvariantCulture, out uint hash);
        await (isNumber && alerts.LastOrDefault(alert => alert.Hash == hash) is { } found
            ? Answers.RecordAsync(request.Http, AlertTable.Table, found, request.Format, request.Fields)
            : EmptyAsync(request.Http, StatusCodes.Status404NotFound));
    }

    private static async Task DefineAsync(RecordRequest request, IBackend backend)
    {
        Command command = request.Command;
        string? name = Text(command, "name");
        string? description = Text(command, "description");
        if (name is null || description is null || Text(command, "throttle") is not { } throttle || Text(command, "burst") is not { } burst)
        {
            await Answers.ErrorAsync(request.Http, "name, description, throttle and burst are needed");
            return;
        }
        AlertRate limit = Rate("throttle", throttle);
        AlertRate burstLimit = Rate("burst", burst);
        int phy = AlertDefinition.AnyPhy;
        if (Text(command, "phyname") is { } phyName)
        {
            if (Phy.All.FirstOrDefault(known => known.Name == phyName) is not { } known)
            {
                await Answers.BadRequestAsync(request.Http, $"phyname: could not find phy {phyName}");
                return;
            }
            phy = known.Id;
        }
        if (burstLimit.Unit > limit.Unit)
        {
            await Answers.ErrorAsync(request.Http, "burst: its unit is longer than that of throttle", StatusCodes.Status504GatewayTimeout);
            return;
        }
        AlertDefinition definition = new(
            Header(name), Text(command, "class") ?? "CUSTOM", Severity(command["severity"]), phy, limit, burstLimit, description);
        if (!await backend.Alerts.DefineAsync(definition))
        {
            await Answers.ErrorAsync(request.Http, "Could not define alert", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task RaiseAsync(RecordRequest request, IBackend backend)
    {
        Command command = request.Command;
        // As it was defined, in whichever case.
        RaisedAlert alert = new(Needed(command, "name").ToUpperInvariant(), Needed(command, "text"))
        {
            Bssid = Address(command, "bssid"),
            Source = Address(command, "source"),
            Destination = Address(command, "dest"),
            Other = Address(command, "other"),
            Channel = Text(command, "channel") ?? "",
        };
        string? refused = await backend.Alerts.RaiseAsync(alert) switch
        {
            AlertFate.Raised => null,
            AlertFate.Throttled => $"name: alert {alert.Header} is throttled",
            _ => $"name: there is no alert {alert.Header}",
        };
        await (refused is null ? Answers.DoneAsync(request.Http, "Alert raised") : Answers.BadRequestAsync(request.Http, refused));
    }

    private static AlertRate Rate(string key, string text) =>
        AlertRate.TryParse(text, out AlertRate rate) ? rate : throw new CommandException($"{key}: expected a rate such as 10/min, got '{text}'");

    // Names are upper case, as those of the server itself.
    private static string Header(string name) => name.Length <= MaxName && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
        ? name.ToUpperInvariant()
        : throw new CommandException($"name: expected at most {MaxName} letters and digits");

    private const int MaxName = 64;

    private static byte Severity(JsonElement value)
    {
        long? severity = value.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => AlertSeverity.Info,
            JsonValueKind.Number when value.TryGetInt64(out long number) => number,
            JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) => number,
            _ => null,
        };
        return severity is { } known && AlertSeverity.IsKnown(known) ? (byte)known : throw new CommandException("severity: expected 0, 5, 10, 15 or 20");
    }

    internal static MacAddress Address(Command command, string key) => Text(command, key) switch
    {
        null => default,
        { } text when MacAddress.TryParse(text, out MacAddress address) => address,
        { } text => throw new CommandException($"{key}: '{text}' is no address"),
    };

    private static string Needed(Command command, string key) => Text(command, key) ?? throw new CommandException($"{key}: is needed");

    // A key of the command, or a form variable of the same name; null without, and where it is empty.
    internal static string? Text(Command command, string key)
    {
        JsonElement value = command[key];
        string? text = value.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => command.Variable(key),
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw new CommandException($"{key}: expected a text"),
        };
        return text is null || text.Length <= MaxText ? (string.IsNullOrEmpty(text) ? null : text) : throw new CommandException($"{key}: is longer than {MaxText}");
    }

    // An alert is a line or two; fifty of them are kept.
    private const int MaxText = 4096;

    private static Task EmptyAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = Answers.Json;
        return http.Response.WriteAsync("{}", http.RequestAborted);
    }
}
