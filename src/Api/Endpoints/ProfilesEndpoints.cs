using System.Globalization;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Sensors;
using KismetOrleans.Engine.Profiles;
using KismetOrleans.Engine.Server;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>What the server sets for its agents, by site and by name.</summary>
internal static partial class ProfilesEndpoints
{
    private const string Base = "/datasource/profiles/";
    private const int MaxName = 64;
    private const int MaxPatterns = 64;

    private const long MostSpool = 1L << 44;

    public static void MapProfiles(this IEndpointRouteBuilder routes, IBackend backend)
    {
        IProfiles profiles = routes.ServiceProvider.GetRequiredService<IProfiles>();
        ILogger logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Sensors");
        routes.MapRecords(Base + "all_profiles", async r => await Answers.ListAsync(
                r.Http, ProfileTable.Table, (await profiles.ReadAsync(r.Http.RequestAborted)).All, r.Format, r.Fields))
            .GivesList(ProfileTable.Table, "What the server sets for its agents, by name");
        routes.MapRecords(Base + "by-name/{name}/profile", async r =>
            {
                if ((await profiles.ReadAsync(r.Http.RequestAborted)).Find(r.Route("name")) is { } profile)
                {
                    await Answers.RecordAsync(r.Http, ProfileTable.Table, profile, r.Format, r.Fields);
                    return;
                }
                await NoneAsync(r.Http);
            })
            .Gives(ProfileTable.Table, "A profile");
        routes.MapCommandPost(Base + "by-name/{name}/set", r => SetAsync(r, profiles, backend.Clock, logger))
            .Gives(ProfileTable.Table, "Makes a profile, or puts another in its place; the agents that it is for have it within five seconds")
            .Takes("sites", ValueForm.List, "sites for which it is, * and ? for any; all without")
            .Takes("sensors", ValueForm.List, "names of agents for which it is, * and ? for any; all without")
            .Takes("sources", ValueForm.List, "sources as definitions: wlan*:channels=\"1,6,11\",hoprate=3 for those that an agent has, wlan1 to add one, wlan1:capture=false to leave one out")
            .Takes("gps", ValueForm.Text, "the gps beside the agent, as --gps of the agent")
            .Takes("spool_bytes", ValueForm.Integer, "bytes that each source may keep in its spool");
        routes.MapCommandPost(Base + "by-name/{name}/delete", r => DeleteAsync(r, profiles, logger))
            .GivesText("Removes a profile; what its agents were started with holds then, or the next profile that is for them");
    }

    /// <summary>Which sensors listen to which channels, by plan or not.</summary>
    public static void MapCoverage(this IEndpointRouteBuilder routes)
    {
        ChannelPlanner planner = routes.ServiceProvider.GetRequiredService<ChannelPlanner>();
        routes.MapRecords("/datasource/coverage", r => Answers.ListAsync(r.Http, CoverageTable.Table, planner.Coverage(), r.Format, r.Fields))
            .GivesList(CoverageTable.Table, "Which sensors listen to which channels and for which share of their time, by groups of sensors that hear one another (plan=auto)");
    }

    private static async Task SetAsync(RecordRequest request, IProfiles profiles, TimeProvider clock, ILogger logger)
    {
        string name = request.Route("name").Trim();
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
        {
            throw new CommandException($"name: expected a text of 1 to {MaxName} characters");
        }
        IReadOnlyList<string> sources = Texts(request.Command, "sources", ProfiledSources.MaxSources, ProfiledSources.MaxLength);
        for (int i = 0; i < sources.Count; i++)
        {
            if (ProfiledSources.Check(sources[i]) is { } wrong)
            {
                throw new CommandException($"sources[{i.ToString(CultureInfo.InvariantCulture)}]: {wrong}");
            }
        }
        SensorProfile profile = new(
            name, 0, clock.GetUtcNow().ToUnixTimeSeconds(), request.Http.Login()?.Name ?? "", Texts(request.Command, "sites", MaxPatterns, MaxName),
            Texts(request.Command, "sensors", MaxPatterns, MaxName), sources, Gps(request.Command), Spool(request.Command));
        if (await profiles.SetAsync(profile) is not { } kept)
        {
            throw new CommandException($"there are {ProfileBook.MaxCount} profiles already; delete some");
        }
        ProfileSet(logger, name, kept.Version, kept.Maker, request.Http.RemoteAddress());
        await Answers.RecordAsync(request.Http, ProfileTable.Table, kept, request.Format, request.Fields);
    }

    private static async Task DeleteAsync(RecordRequest request, IProfiles profiles, ILogger logger)
    {
        string name = request.Route("name");
        if (!await profiles.RemoveAsync(name))
        {
            await NoneAsync(request.Http);
            return;
        }
        ProfileDeleted(logger, name, request.Http.Login()?.Name ?? "", request.Http.RemoteAddress());
        await Answers.DoneAsync(request.Http, "Profile deleted");
    }

    private static Task NoneAsync(HttpContext http) => Answers.ErrorAsync(http, "no such profile", StatusCodes.Status404NotFound);

    private static string Gps(Command command)
    {
        string text = command.Text("gps") ?? "";
        try
        {
            if (text.Length > 0)
            {
                GpsReceiver.Check(GpsDefinition.Parse(text));
            }
            return text;
        }
        catch (GpsException e)
        {
            throw new CommandException($"gps: {e.Message}");
        }
    }

    private static long Spool(Command command) => command.Whole("spool_bytes", 0, MostSpool, otherwise: 0) is var bytes && bytes is 0 or >= Profile.LeastSpoolBytes ? bytes
        : throw new CommandException($"spool_bytes: {Profile.LeastSpoolBytes} are the least, and 0 is as many as a source may");

    private static IReadOnlyList<string> Texts(Command command, string key, int most, int longest) => command.Texts(
        key, most, $"a text of 1 to {longest} characters", text => text.Trim() is { Length: > 0 } trimmed && trimmed.Length <= longest && !trimmed.Any(char.IsControl) ? trimmed : null) ?? [];

    [LoggerMessage(24, LogLevel.Information, "Profile {name} was set, version {version}, by {login} from {address}")]
    private static partial void ProfileSet(ILogger logger, string name, long version, string login, string address);

    [LoggerMessage(25, LogLevel.Information, "Profile {name} was deleted, by {login} from {address}")]
    private static partial void ProfileDeleted(ILogger logger, string name, string login, string address);
}
