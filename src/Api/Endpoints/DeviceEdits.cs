using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Endpoints;

/// <summary>What a user writes on devices: names and tags.</summary>
internal static class DeviceEdits
{
    /// <summary>Maps the commands, also under <c>/dev</c>, as one line of the older documentation has it.</summary>
    public static void Map(IEndpointRouteBuilder routes, IBackend backend)
    {
        foreach (string root in (string[])["/devices", "/dev"])
        {
            routes.MapCommandPost(root + "/by-key/{key}/set_name", r => EditAsync(r, backend, ReadName, "username: expected a string", "Device name set"))
                .GivesText("Names a device")
                .Takes("username", ValueForm.Text, "name; empty takes it away", required: true);
            routes.MapCommandPost(root + "/by-key/{key}/set_tag", r => EditAsync(r, backend, ReadTag, "tagname, tagvalue: expected strings", "Device tag set"))
                .GivesText("Writes a tag on a device")
                .Takes("tagname", ValueForm.Text, "which tag", required: true)
                .Takes("tagvalue", ValueForm.Text, "what it says; empty takes it away", required: true);
        }
    }

    private static async Task EditAsync(RecordRequest request, IBackend backend, Func<Command, DeviceEdit?> read, string missing, string done)
    {
        if (!DeviceKey.TryParse(request.Route("key"), out DeviceId id, out bool known))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        if (read(request.Command) is not { } edit)
        {
            await Answers.ErrorAsync(request.Http, missing);
            return;
        }
        EditOutcome outcome = known
            ? await backend.Partitions[Partitioning.Of(id, backend.Partitions.Count)].EditAsync(id, edit, request.Http.RequestAborted)
            : EditOutcome.Unknown;
        await (outcome switch
        {
            EditOutcome.Done => Answers.DoneAsync(request.Http, done),
            EditOutcome.TooManyTags => throw new CommandException($"tagname: the device bears {DeviceEdit.MaxTags} tags, and takes no more"),
            _ => Answers.ErrorAsync(request.Http, "nonexistent device key"),
        });
    }

    private static DeviceEdit? ReadName(Command command) =>
        Text(command, "username", DeviceEdit.MaxName) is { } name ? new(null, name) : null;

    private static DeviceEdit? ReadTag(Command command)
    {
        if (Text(command, "tagname", DeviceEdit.MaxTagName) is not { } tag || Text(command, "tagvalue", DeviceEdit.MaxTagText) is not { } text)
        {
            return null;
        }
        return tag.Length > 0 ? new(tag, text) : throw new CommandException("tagname: expected a name");
    }

    // Null without; what is there and cannot be written is told.
    private static string? Text(Command command, string key, int most)
    {
        JsonElement value = command[key];
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }
        return value.ValueKind == JsonValueKind.String && value.GetString() is { } text && DeviceEdit.IsWritable(text, most)
            ? text
            : throw new CommandException($"{key}: expected a string of up to {most} characters, without control characters");
    }
}
