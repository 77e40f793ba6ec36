using System.Globalization;
using System.Text.Json;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Server;
using KismetOrleans.Packets;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Alerts of the past, the incidents that they make, and what people do about these.</summary>
internal static class IncidentsEndpoints
{
    private const int MostChanged = 1000;
    private const int MaxOwner = 128;

    public static void MapIncidents(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords("/alerts/kept/alerts", async r => await Answers.ListAsync(
            r.Http, AlertTable.Table, await backend.Alerts.KeptAsync(Alerts(r.Command, backend), r.Http.RequestAborted), r.Format, r.Fields))
            .GivesList(AlertTable.Table, "Alerts of the past, newest first")
            .Takes("from", ValueForm.Text, "from this unix time on; negative: that many seconds ago")
            .Takes("until", ValueForm.Text, "before this unix time: with the time of the last alert of an answer, those before it")
            .Takes("header", ValueForm.Text, "of this kind")
            .Takes("severity", ValueForm.Integer, "of this weight at least")
            .Takes("mac", ValueForm.Mac, "those that name this address")
            .Takes("limit", ValueForm.Integer, "how many at most, 1000 without, 10000 at most");
        routes.MapRecords("/incidents/incidents", async r => await Answers.ListAsync(
            r.Http, IncidentTable.Table, await backend.Alerts.IncidentsAsync(Incidents(r.Command, backend), r.Http.RequestAborted), r.Format, r.Fields))
            .GivesList(IncidentTable.Table, "Incidents, those with the newest alerts first")
            .Takes("from", ValueForm.Text, "those with an alert from this unix time on; negative: that many seconds ago")
            .Takes("until", ValueForm.Text, "those that began before this unix time")
            .Takes("state", ValueForm.Text, "in this state: new, acknowledged, resolved or muted")
            .Takes("header", ValueForm.Text, "of this kind of alert")
            .Takes("severity", ValueForm.Integer, "of this weight at least")
            .Takes("mac", ValueForm.Mac, "those of this transmitter or network")
            .Takes("owner", ValueForm.Text, "those of this owner; empty: of nobody")
            .Takes("limit", ValueForm.Integer, "how many at most, 1000 without, 10000 at most");
        routes.MapRecords("/incidents/by-id/{id}/incident", r => OneAsync(r, backend))
            .Gives(IncidentTable.Table, "An incident by its number");
        routes.MapRecords("/incidents/by-id/{id}/alerts", r => AlertsOfAsync(r, backend))
            .GivesList(AlertTable.Table, "The alerts of an incident, newest first");
        routes.MapCommandPost("/incidents/change", r => ChangeAsync(r, backend))
            .GivesList(IncidentTable.Table, "Changes incidents, and gives those that were changed")
            .Takes("ids", ValueForm.List, "numbers of the incidents, 1000 at most", required: true)
            .Takes("state", ValueForm.Text, "new, acknowledged, resolved or muted")
            .Takes("muted_until", ValueForm.Text, "with state muted: until this unix time; for good without")
            .Takes("owner", ValueForm.Text, "who works on it; empty: nobody")
            .Takes("comment", ValueForm.Text, "a comment, which is added");
    }

    private static AlertQuery Alerts(Command command, IBackend backend) => new()
    {
        From = Time(command, "from", backend) ?? 0,
        Until = Time(command, "until", backend) ?? long.MaxValue,
        Header = AlertsEndpoints.Text(command, "header")?.ToUpperInvariant(),
        Severity = Severity(command),
        Address = AlertsEndpoints.Address(command, "mac"),
        Limit = Limit(command),
    };

    private static IncidentQuery Incidents(Command command, IBackend backend) => new()
    {
        From = Time(command, "from", backend) ?? 0,
        Until = Time(command, "until", backend) ?? long.MaxValue,
        State = State(command),
        Header = AlertsEndpoints.Text(command, "header")?.ToUpperInvariant(),
        Severity = Severity(command),
        Address = AlertsEndpoints.Address(command, "mac"),
        Owner = Owner(command),
        Limit = Limit(command),
    };

    private static async Task OneAsync(RecordRequest request, IBackend backend)
    {
        if (await FindAsync(request, backend) is { } incident)
        {
            await Answers.RecordAsync(request.Http, IncidentTable.Table, incident, request.Format, request.Fields);
        }
    }

    private static async Task AlertsOfAsync(RecordRequest request, IBackend backend)
    {
        if (await FindAsync(request, backend) is not { } incident)
        {
            return;
        }
        IReadOnlyList<AlertRecord> alerts = await backend.Alerts.KeptAsync(
            new() { From = incident.First, Until = incident.Last + 1, Header = incident.Header, Address = incident.Transmitter }, request.Http.RequestAborted);
        await Answers.ListAsync(request.Http, AlertTable.Table, [.. alerts.Where(alert => IncidentBook.IsOf(incident, alert.Alert))], request.Format, request.Fields);
    }

    // Null where it was answered that there is none.
    private static async Task<IncidentRecord?> FindAsync(RecordRequest request, IBackend backend)
    {
        IncidentRecord? incident = long.TryParse(request.Route("id"), NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            ? await backend.Alerts.IncidentAsync(id, request.Http.RequestAborted) : null;
        if (incident is null)
        {
            await Answers.ErrorAsync(request.Http, $"there is no incident {request.Route("id")}", StatusCodes.Status404NotFound);
        }
        return incident;
    }

    private static async Task ChangeAsync(RecordRequest request, IBackend backend)
    {
        Command command = request.Command;
        long[] ids = Ids(command["ids"]);
        IncidentState? state = State(command);
        long? until = Time(command, "muted_until", backend);
        if (until is not null && state != IncidentState.Muted)
        {
            throw new CommandException("muted_until: is for state muted");
        }
        IncidentOrder order = new(request.Http.Login()?.Name ?? "")
        {
            State = state,
            MutedUntil = state == IncidentState.Muted ? until ?? long.MaxValue : 0,
            Owner = Owner(command),
            Comment = AlertsEndpoints.Text(command, "comment"),
        };
        if (order is { State: null, Owner: null, Comment: null })
        {
            throw new CommandException("state, owner or comment is needed");
        }
        IReadOnlyList<IncidentRecord> changed = await backend.Alerts.ChangeIncidentsAsync(ids, order);
        if (changed.Count == 0)
        {
            await Answers.ErrorAsync(request.Http, state == IncidentState.Muted ? "there are no such incidents, or too many are muted" : "there are no such incidents", StatusCodes.Status404NotFound);
            return;
        }
        await Answers.ListAsync(request.Http, IncidentTable.Table, changed, request.Format, request.Fields);
    }

    private static long[] Ids(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MostChanged)
        {
            throw new CommandException($"ids: expected an array of 1 to {MostChanged} numbers");
        }
        long[] ids = new long[list.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            ids[i++] = item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long id) ? id : throw new CommandException($"ids[{i - 1}]: expected a number");
        }
        return ids;
    }

    // Microseconds since 1970; null without.
    private static long? Time(Command command, string key, IBackend backend)
    {
        if (AlertsEndpoints.Text(command, key) is not { } text)
        {
            return null;
        }
        if (!Times.TryParse(text, out double time))
        {
            throw new CommandException($"{key}: '{text}' is no time");
        }
        return Math.Max(0, AlertsEndpoints.Microseconds(time, backend.Clock.NowMicroseconds()));
    }

    private static IncidentState? State(Command command) => AlertsEndpoints.Text(command, "state") switch
    {
        null => null,
        { } text when IncidentTable.TryParse(text, out IncidentState state) => state,
        { } text => throw new CommandException($"state: '{text}' is none of new, acknowledged, resolved, muted"),
    };

    // "" for nobody, null where it is not said.
    private static string? Owner(Command command) =>
        AlertsEndpoints.Text(command, "owner") is { } owner ? (owner.Length <= MaxOwner ? owner : throw new CommandException($"owner: is longer than {MaxOwner}"))
        : command["owner"].ValueKind == JsonValueKind.String || command.Variable("owner") is not null ? ""
        : null;

    private static byte Severity(Command command) => AlertsEndpoints.Text(command, "severity") switch
    {
        null => 0,
        { } text when byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte severity) => severity,
        { } text => throw new CommandException($"severity: '{text}' is no weight"),
    };

    private static int Limit(Command command) => AlertsEndpoints.Text(command, "limit") switch
    {
        null => 1000,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is > 0 and <= AlertQuery.MaxLimit => limit,
        { } text => throw new CommandException($"limit: expected 1 to {AlertQuery.MaxLimit}, got '{text}'"),
    };
}
