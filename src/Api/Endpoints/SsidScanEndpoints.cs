using System.Globalization;
using System.Text.Json;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.SsidScanning;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Sources that look for networks by name and stay where one is, for its handshake.</summary>
internal static partial class SsidScanEndpoints
{
    private const string Base = "/phy/phy80211/ssidscan/";
    private const int MostSeconds = 24 * 60 * 60;

    public static void MapSsidScan(this IEndpointRouteBuilder routes, IBackend backend)
    {
        ISsidScan scan = routes.ServiceProvider.GetRequiredService<ISsidScan>();
        ILogger logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Sensors");
        routes.MapRecords(Base + "status", async r => await Answers.RecordAsync(
                r.Http, SsidScanTable.Table, await scan.StatusAsync(r.Http.RequestAborted), r.Format, r.Fields))
            .Gives(SsidScanTable.Table, "Which networks are looked for by name, by which sources, and which of them stay where one is");
        routes.MapCommandPost(Base + "config", r => SetAsync(r, backend, scan, logger))
            .Gives(SsidScanTable.Table, "Looks for networks by name: sources hop until one is seen, and one stays on its channel until there is a handshake; what is not given stays as it is")
            .Takes("ssidscan_enabled", ValueForm.Flag, "whether sources look")
            .Takes("target_ssids", ValueForm.List, "regular expressions, one of which is found in the SSID")
            .Takes("locking_datasources", ValueForm.List, "UUIDs of sources that hop, and stay where a target is")
            .Takes("hopping_datasources", ValueForm.List, "UUIDs of sources that hop and never stay")
            .Takes("ignore_after_handshake", ValueForm.Flag, "whether a target is left alone once there is a handshake of it")
            .Takes("max_capture_seconds", ValueForm.Integer, "seconds that a source stays at most")
            .Takes("min_scan_seconds", ValueForm.Integer, "seconds that a source hops at least before it stays")
            .Takes("restrict_log_filters", ValueForm.Flag, "false: logs keep what they keep");
    }

    private static async Task SetAsync(RecordRequest request, IBackend backend, ISsidScan scan, ILogger logger)
    {
        Command command = request.Command;
        SsidScanSettings before = (await scan.StatusAsync(request.Http.RequestAborted)).Settings;
        SsidScanSettings now = before with
        {
            Enabled = Flag(command, "ssidscan_enabled") ?? before.Enabled,
            Targets = Texts(command, "target_ssids", SsidScan.MaxTargets) ?? before.Targets,
            Locking = Sources(command, "locking_datasources", backend) ?? before.Locking,
            Hopping = Sources(command, "hopping_datasources", backend) ?? before.Hopping,
            IgnoreAfterHandshake = Flag(command, "ignore_after_handshake") ?? before.IgnoreAfterHandshake,
            MaxCaptureSeconds = (int)command.Whole("max_capture_seconds", 1, MostSeconds, before.MaxCaptureSeconds),
            MinScanSeconds = (int)command.Whole("min_scan_seconds", 0, MostSeconds, before.MinScanSeconds),
        };
        _ = SsidScan.Expressions(now.Targets);
        if (Flag(command, "restrict_log_filters") == true)
        {
            throw new CommandException("restrict_log_filters: not done here; what logs leave out is set with /filters/…");
        }
        if (now.Enabled && (now.Targets.Count == 0 || now.Locking.Count == 0))
        {
            throw new CommandException("ssidscan_enabled: target_ssids and locking_datasources are needed");
        }
        SsidScanStatus status = await scan.SetAsync(now);
        ScanSet(logger, now.Enabled, now.Targets.Count, now.Locking.Count, request.Http.Login()?.Name ?? "", request.Http.RemoteAddress());
        await Answers.RecordAsync(request.Http, SsidScanTable.Table, status, request.Format, request.Fields);
    }

    private static bool? Flag(Command command, string key) => command[key].ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new CommandException($"{key}: expected true or false"),
    };

    private static IReadOnlyList<string>? Texts(Command command, string key, int most) => command.Texts(key, most, "a text", static text => text.Length > 0 ? text : null);

    private static IReadOnlyList<Guid>? Sources(Command command, string key, IBackend backend) => Texts(command, key, SsidScan.MaxSources)?.Select((text, i) =>
    {
        string place = $"{key}[{i.ToString(CultureInfo.InvariantCulture)}]";
        // Before it is known it may be named, as before its sensor came for the first time.
        return !Guid.TryParse(text, out Guid uuid) || uuid == default ? throw new CommandException($"{place}: not a UUID")
            : backend.Sources.Find(uuid) is not { } record ? uuid
            : !record.Driver.TuningCapable ? throw new CommandException($"{place}: {record.Name} has no channels")
            : PlannedSensor.Of(record) is not null ? throw new CommandException($"{place}: {record.Name} listens where the channel plan has it (plan=auto)")
            : uuid;
    }).Distinct().ToArray();

    [LoggerMessage(26, LogLevel.Information, "Search for SSIDs was set (enabled: {enabled}, {targets} targets, {sources} sources that stay), by {login} from {address}")]
    private static partial void ScanSet(ILogger logger, bool enabled, int targets, int sources, string login, string address);
}
