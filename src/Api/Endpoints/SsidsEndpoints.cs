using System.Globalization;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Endpoints;

/// <summary>
/// SSIDs and their devices. Every partition adds up its own; which devices they are is asked for only where the answer shows it, and of a page's
/// SSIDs alone.
/// </summary>
internal static class SsidsEndpoints
{
    private static readonly Comparer<Records.Fields.SortKey> s_order = Comparer<Records.Fields.SortKey>.Create(static (a, b) => Records.Fields.SortKey.Compare(a, b));

    public static void MapSsids(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords("/phy/phy80211/ssids/views/ssids", r => ViewAsync(r, backend))
            .GivesWindow(SsidGroupTable.Table, "SSIDs with the devices that announce, answer or ask for them")
            .TakesConditions()
            .TakesLastTime();
        routes.MapRecords("/phy/phy80211/ssids/by-hash/{hash}/ssid", r => ByHashAsync(r, backend))
            .Gives(SsidGroupTable.Table, "An SSID")
            .TakesVariable("crypt_set", ValueForm.Integer, "which one, where networks of one name have different security");
    }

    private static async Task ViewAsync(RecordRequest request, IBackend backend)
    {
        Command command = request.Command;
        bool isPage = PageWindow.IsAskedFor(command);
        RegexSpec? regex = RegexSpec.Parse(command["regex"]);
        WhereSpec? where = WhereSpec.Parse(command["where"], SsidGroupTable.Table);
        uint? since = ViewsEndpoints.LastTimeOf(command["last_time"], backend);
        bool shown = request.Fields is null || request.Fields.Fields.Any(static field => SsidGroupTable.NamesDevices(field.Path));
        bool first = (shown && !isPage) || (regex is not null && SsidGroupTable.NamesDevices(regex.Source))
            || (where is not null && where.Paths.Any(SsidGroupTable.NamesDevices));
        IReadOnlyList<SsidGroup> all = (await backend.Partitions.SsidsAsync(new(NamesDevices: first), request.Http.RequestAborted)).Groups;
        RecordContext context = new() { ServerUuid = backend.ServerUuid, Sources = backend.Sources, Now = (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds() };
        IEnumerable<SsidGroup> passing = all.Where(group => since is null || group.LastTime >= since);
        if (where is not null)
        {
            RecordConditions<SsidGroup> conditions = SsidGroupTable.Table.Conditions(where);
            passing = passing.Where(group => conditions.Hold(group, context));
        }
        if (regex is not null)
        {
            RecordMatcher<SsidGroup> matcher = SsidGroupTable.Table.Matcher(regex);
            passing = passing.Where(group => matcher.Matches(group, context));
        }
        if (command.Variable("search") is { Length: > 0 } term)
        {
            RecordMatcher<SsidGroup> searcher = SsidGroupTable.Table.Searcher(request.Fields, term);
            passing = passing.Where(group => searcher.Matches(group, context));
        }
        SsidGroup[] sorted = Sorted([.. passing], command, context);
        if (!isPage)
        {
            await Answers.ListAsync(request.Http, SsidGroupTable.Table, sorted, request.Format, request.Fields);
            return;
        }
        PageWindow page = PageWindow.Of(command);
        int start = page.Start < sorted.Length ? page.Start : 0;
        SsidGroup[] rows = [.. sorted.Skip(start).Take(page.Size)];
        if (shown && !first)
        {
            rows = await NamedAsync(rows, backend, request.Http.RequestAborted);
        }
        using JsonOut body = Answers.NewBody(request.Http);
        PageWindow.Begin(body);
        ListWriter.Write(body, SsidGroupTable.Table, rows, PageWindow.InObject(request.Format), request.Fields);
        page.End(body, sorted.Length, all.Count);
        await Answers.SendAsync(request.Http, body);
    }

    // In order of first sight unless another is asked for; ties are broken, so that pages do not overlap.
    private static SsidGroup[] Sorted(SsidGroup[] groups, Command command, RecordContext context)
    {
        IOrderedEnumerable<SsidGroup> sorted = command.Variable("sort") is { Length: > 0 } sort
            ? groups.InOrder(SsidGroupTable.Table.Order(sort), command, context)
            : groups.OrderBy(static group => group.FirstTime);
        return [.. sorted.ThenBy(static group => group.Identity)];
    }

    // One that nobody names any more since it was counted stays as it was.
    private static async Task<SsidGroup[]> NamedAsync(SsidGroup[] rows, IBackend backend, CancellationToken cancellation)
    {
        if (rows.Length == 0)
        {
            return rows;
        }
        SsidShare named = await backend.Partitions.SsidsAsync(new(NamesDevices: true, [.. rows.Select(static row => row.Hash).Distinct()]), cancellation);
        Dictionary<ulong, SsidGroup> byIdentity = named.Groups.ToDictionary(static group => group.Identity);
        return [.. rows.Select(row => byIdentity.GetValueOrDefault(row.Identity, row))];
    }

    private static async Task ByHashAsync(RecordRequest request, IBackend backend)
    {
        if (!uint.TryParse(request.Route("hash"), NumberStyles.None, CultureInfo.InvariantCulture, out uint hash))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        SsidShare found = await backend.Partitions.SsidsAsync(new(NamesDevices: true, [hash]), request.Http.RequestAborted);
        // Networks of one name and different security share the hash: the one seen last, unless another is named.
        bool isAny = !uint.TryParse(request.Command.Variable("crypt_set"), NumberStyles.None, CultureInfo.InvariantCulture, out uint crypt);
        SsidGroup? group = found.Groups.Where(group => isAny || group.Crypt == crypt).OrderBy(static group => group.LastTime)
            .ThenBy(static group => group.Identity).LastOrDefault();
        await (group is null
            ? Answers.ErrorAsync(request.Http, "unknown ssid")
            : Answers.RecordAsync(request.Http, SsidGroupTable.Table, group, request.Format, request.Fields));
    }
}
