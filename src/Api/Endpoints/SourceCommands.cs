using System.Text.Json;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Sensors;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Server;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Endpoints;

/// <summary>What datasources are told: those of this server, and those of agents. Each answer comes when it is done.</summary>
internal static class SourceCommands
{
    private const int MaxDefinition = 4096;

    public static void Map(IEndpointRouteBuilder routes, IBackend backend)
    {
        const string one = "/datasource/by-uuid/{uuid}/";
        routes.MapCommand("/datasource/list_interfaces", async r =>
            await Answers.ListAsync(r.Http, CaptureInterfaceTable.Table, await backend.Control.InterfacesAsync(r.Command.Switch("all")), r.Format, r.Fields))
            .GivesList(CaptureInterfaceTable.Table, "Wi-Fi radios that can be captured from")
            .TakesVariable("all", ValueForm.Flag, "whether other interfaces are listed too");
        routes.MapCommandPost("/datasource/add_source", r => AddAsync(r, backend))
            .Gives(DatasourceTable.Table, "Adds a datasource and opens it")
            .Takes("definition", ValueForm.Text, "as behind -c", required: true);
        routes.MapCommandPost(one + "set_channel", r => OrderAsync(r, backend, static (request, _) =>
            (SourceOrder.ReadSetChannel(request.Command), "expected channel, channels or hoprate in the command")))
            .Gives(DatasourceTable.Table, "Tunes a radio, or has it hop")
            .Takes("channel", ValueForm.Text, "channel to stay on")
            .Takes("channels", ValueForm.List, "channels to hop over")
            .Takes("hoprate", ValueForm.Number, "channels a second, also called rate")
            .Takes("shuffle", ValueForm.Flag, "whether the order is mixed");
        routes.MapCommandPost(one + "remove_source", r => RemoveAsync(r, backend))
            .GivesText("Forgets a datasource that nothing feeds any more, with the mark of what it has delivered; one that comes back is a new one");
        Map("set_hop", "Has a radio hop over its channels", SensorCommand.SetHop, static _ => null);
        foreach (string open in (string[])["open_source", "enable_source"])
        {
            Map(open, "Opens a datasource", SensorCommand.Open, static source => source.Running ? "source already running" : null);
        }
        foreach (string close in (string[])["close_source", "disable_source"])
        {
            Map(close, "Closes a datasource", SensorCommand.Close, static _ => null);
        }
        Map("pause_source", "Has a datasource pause", SensorCommand.Pause, static source => source.Paused ? "source already paused" : null);
        Map("resume_source", "Has a datasource go on", SensorCommand.Resume, static source => source.Paused ? null : "source already running");

        void Map(string name, string summary, SensorCommand command, Func<DatasourceRecord, string?> refuse) =>
            routes.MapCommand(one + name, r => OrderAsync(r, backend, (_, source) =>
                refuse(source) is { } reason ? (null, reason) : (new() { Command = command }, "")))
                .Gives(DatasourceTable.Table, summary);
    }

    private static async Task AddAsync(RecordRequest request, IBackend backend)
    {
        JsonElement value = request.Command["definition"];
        if (value.ValueKind != JsonValueKind.String)
        {
            await Answers.ErrorAsync(request.Http, "definition: expected a string");
            return;
        }
        string definition = value.GetString()!;
        if (definition.Length > MaxDefinition)
        {
            throw new CommandException($"definition: longer than {MaxDefinition} characters");
        }
        if (!MayOpen(request.Http.RequestServices, definition))
        {
            await Answers.ErrorAsync(request.Http, $"source '{definition}': files are opened by command from the folders of Api:SourceFolders alone");
            return;
        }
        try
        {
            DatasourceRecord added = await backend.Control.AddAsync(definition);
            await Answers.RecordAsync(request.Http, DatasourceTable.Table, added, request.Format, request.Fields);
        }
        catch (SourceException e)
        {
            await Answers.ErrorAsync(request.Http, e.Message);
        }
    }

    // Whoever has the administrator's password from elsewhere has not this machine's files by it.
    private static bool MayOpen(IServiceProvider services, string definition)
    {
        if (!SourceDefinition.TryParse(definition, out SourceDefinition? parsed, out _) || !PacketSources.IsFile(parsed) || parsed.Interface.Length == 0 || parsed.Interface.Contains('\0'))
        {
            // None, or one that will not open, and say why.
            return true;
        }
        IReadOnlyList<string> folders = services.GetRequiredService<AuthOptions>().SourceFolders;
        string path = Path.GetFullPath(parsed.Interface);
        string target = (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path;
        return folders.Count == 0 ? services.GetRequiredService<OpenReads>().ListensLocally()
            : folders.Any(folder => IsIn(folder, path)) && folders.Any(folder => IsIn(folder, target));
    }

    private static bool IsIn(string folder, string path) => path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static async Task RemoveAsync(RecordRequest request, IBackend backend)
    {
        if (!Guid.TryParse(request.Route("uuid"), out Guid uuid))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        string? error = Find(backend, uuid) is { } source ? await backend.Control.RemoveAsync(source) : "no such datasource";
        await (error is null ? Answers.DoneAsync(request.Http, "Datasource removed") : Answers.ErrorAsync(request.Http, error));
    }

    private static async Task OrderAsync(
        RecordRequest request, IBackend backend, Func<RecordRequest, DatasourceRecord, (SensorOrder? Order, string Wrong)> read)
    {
        if (!Guid.TryParse(request.Route("uuid"), out Guid uuid))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        if (Find(backend, uuid) is not { } source)
        {
            await Answers.ErrorAsync(request.Http, "no such datasource");
            return;
        }
        (SensorOrder? order, string wrong) = read(request, source);
        string? error = order is null ? wrong : await backend.Control.OrderAsync(source, order, request.Http.RequestAborted);
        await (error is null
            ? Answers.RecordAsync(request.Http, DatasourceTable.Table, Find(backend, uuid) ?? source, request.Format, request.Fields)
            : Answers.ErrorAsync(request.Http, error));
    }

    private static DatasourceRecord? Find(IBackend backend, Guid uuid) => backend.Sources.Find(uuid);
}
