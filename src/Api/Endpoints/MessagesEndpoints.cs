using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

internal static class MessagesEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords("/messagebus/all_messages", r => AllAsync(r, backend))
            .GivesList(MessageTable.Table, "The newest messages");
        routes.MapRecords("/messagebus/last-time/{time}/messages", r => LastTimeAsync(r, backend))
            .Gives(MessageListTable.Table, "Messages newer than a second");
    }

    private static async Task AllAsync(RecordRequest request, IBackend backend) =>
        await Answers.ListAsync(request.Http, MessageTable.Table, await backend.MessagesAsync(-1), request.Format, request.Fields);

    private static async Task LastTimeAsync(RecordRequest request, IBackend backend)
    {
        uint now = (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds();
        MessageList list = new(await backend.MessagesAsync(Times.Absolute(Times.OfPath(request), backend), request.Http.RequestAborted), now);
        await Answers.RecordAsync(request.Http, MessageListTable.Table, list, request.Format, request.Fields);
    }
}
