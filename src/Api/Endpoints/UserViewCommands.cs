using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Views;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Views of users: defined, listed and removed; used under their ids like all others.</summary>
internal static class UserViewCommands
{
    public static void Map(IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapCommandPost("/devices/views/user/define", r => DefineAsync(r, backend))
            .GivesText("Defines a view")
            .Takes("id", ValueForm.Text, "id of the view", required: true)
            .Takes("description", ValueForm.Text, "in words")
            .Takes("filter", ValueForm.Map, "view, phy, type, devices, seenby, tag, tagvalue, regex, where: what its devices meet", required: true);
        routes.MapCommandPost("/devices/views/user/remove", r => RemoveAsync(r, backend))
            .GivesText("Removes a view")
            .Takes("id", ValueForm.Text, "id of the view", required: true);
        routes.MapRecords("/devices/views/user/definitions", r => ListAsync(r, backend))
            .GivesJson("Views of users as they were defined");
    }

    private static async Task DefineAsync(RecordRequest request, IBackend backend)
    {
        Command command = request.Command;
        UserView view = UserView.Of(Text(command["id"], "id"), Text(command["description"], "description"), command["filter"]);
        if (await backend.Views.DefineAsync(view) is { } refused)
        {
            throw new CommandException(refused);
        }
        await Answers.DoneAsync(request.Http, "View defined");
    }

    private static async Task RemoveAsync(RecordRequest request, IBackend backend)
    {
        string id = Text(request.Command["id"], "id") ?? throw new CommandException("id: expected a string");
        if (await backend.Views.RemoveAsync(id) is { } refused)
        {
            throw new CommandException(refused);
        }
        await Answers.DoneAsync(request.Http, "View removed");
    }

    // As they were given, whatever the format: no record that fields could be chosen of.
    private static async Task ListAsync(RecordRequest request, IBackend backend)
    {
        using JsonOut body = Answers.NewBody(request.Http);
        body.Raw("["u8);
        IReadOnlyList<UserView> views = await backend.Views.ListAsync(request.Http.RequestAborted);
        for (int i = 0; i < views.Count; i++)
        {
            body.Raw(i > 0 ? ","u8 : ""u8);
            body.Raw(System.Text.Encoding.UTF8.GetBytes(views[i].Text));
        }
        body.Raw("]"u8);
        await Answers.SendAsync(request.Http, body);
    }

    private static string? Text(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        _ => throw new CommandException($"{place}: expected a string"),
    };
}
