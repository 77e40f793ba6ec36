using System.Text.Json;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Events;

/// <summary><c>/eventbus/events.ws</c>: one client's subscriptions and what it is sent (inventory: remote-capture.md, 7).</summary>
internal sealed partial class EventsSocket(TextSocket socket, IBackend backend, string address, ILogger logger)
{
    // How often it is told that a client is too slow: it is the same news for as long as it stays so.
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMinutes(1);
    private readonly EventClient _client = backend.Events.Open();
    private long _reported;
    private long _reportedAt;

    /// <summary>Runs until the client goes.</summary>
    /// <param name="topics">What it hears without subscribing.</param>
    /// <param name="shape">How it is told of that.</param>
    public async Task RunAsync(EventTopics topics = EventTopics.None, EventShape? shape = null)
    {
        using EventClient client = _client;
        if (shape is not null)
        {
            client.Subscribe(topics, shape);
        }
        using CancellationTokenSource over = new();
        Task writing = WriteAsync(over.Token);
        Task reading = ListenAsync();
        Task first = await Task.WhenAny(reading, writing);
        await over.CancelAsync();
        if (first == reading)
        {
            // At a message still, perhaps: the farewell comes after it.
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        ReportLosses(atEnd: true);
        await first;
    }

    private async Task ListenAsync()
    {
        while (await socket.ReceiveAsync() is { } message)
        {
            try
            {
                using JsonDocument command = SocketCommand.Parse(message);
                Obey(command.RootElement);
            }
            catch (CommandException e)
            {
                // Nothing is ever answered here, as in Kismet.
                if (socket.Ignore())
                {
                    Ignored(logger, address, e.Message);
                }
            }
        }
    }

    private void Obey(JsonElement command)
    {
        string? subscribe = command.Text("SUBSCRIBE");
        string? unsubscribe = command.Text("UNSUBSCRIBE");
        if (subscribe is null && unsubscribe is null)
        {
            throw new CommandException("neither SUBSCRIBE nor UNSUBSCRIBE");
        }
        if (subscribe is not null)
        {
            var (format, fields) = SocketCommand.Shape(command);
            _client.Subscribe(TopicsOf("SUBSCRIBE", subscribe), new(format, fields));
        }
        if (unsubscribe is not null)
        {
            _client.Unsubscribe(TopicsOf("UNSUBSCRIBE", unsubscribe));
        }
    }

    private static EventTopics TopicsOf(string key, string name) => EventTopicNames.TryParse(name, out EventTopics topics)
        ? topics
        : throw new CommandException($"{key}: there is no topic '{SocketCommand.Shown(name)}'");

    private async Task WriteAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await socket.SendAsync(await _client.ReadAsync(cancellation));
            ReportLosses(atEnd: false);
        }
    }

    private void ReportLosses(bool atEnd)
    {
        long dropped = _client.Dropped;
        if (dropped == _reported || (!atEnd && _reportedAt != 0 && backend.Clock.GetElapsedTime(_reportedAt) < s_reportEvery))
        {
            return;
        }
        Lost(logger, address, dropped - _reported);
        // To all, this client among them: what it shows is not whole.
        backend.Publish([new(
            $"Live events: {address} reads too slowly, {dropped - _reported} of its events were dropped", MessageFlags.Error,
            (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds())]);
        (_reported, _reportedAt) = (dropped, backend.Clock.GetTimestamp());
    }

    [LoggerMessage(52, LogLevel.Information, "Live events: what {address} sent was ignored: {reason}")]
    private static partial void Ignored(ILogger logger, string address, string reason);

    [LoggerMessage(53, LogLevel.Warning, "Live events: {address} reads too slowly, {count} of its events were dropped")]
    private static partial void Lost(ILogger logger, string address, long count);
}
