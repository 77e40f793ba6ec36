using System.Text;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Tests.Events;

/// <summary>Who listens gets what it asked for in its shape, within its bounds; who listens to nothing costs nothing, and nobody waits for anybody.</summary>
public sealed class EventBusTests : IAsyncDisposable
{
    private const int QueueEvents = 4;
    private readonly EventBus _bus = new(new() { QueueEvents = QueueEvents, QueueBytes = 10_000 }, static () => RecordContext.None);
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await _bus.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task Only_what_was_subscribed_to_comes_and_in_its_shape()
    {
        using EventClient client = _bus.Open();
        client.Subscribe(EventTopics.Message, new(RecordFormat.Json, new([new("kismet.messagebus.message_string", "text")])));
        _bus.Publish(new TextEvent(EventTopics.NewPhy, "IEEE802.11"));
        _bus.Publish(Message("one"));
        Assert.Equal("""{"MESSAGE": {"text": "one"}}""", await NextAsync(client));
        client.Subscribe(EventTopics.Message, new(RecordFormat.EkJson, new([new("kismet.messagebus.message_time", null)])));
        _bus.Publish(Message("two"));
        Assert.Equal("{\"MESSAGE\": {\"kismet_messagebus_message_time\": 7}}\n", await NextAsync(client));
        client.Subscribe(EventTopics.All, EventShape.Whole);
        _bus.Publish(new TextEvent(EventTopics.NewPhy, "a \"phy\""));
        _bus.Publish(new BareEvent(EventTopics.LogOpen));
        Assert.Equal("""{"NEW_PHY": "a \"phy\""}""", await NextAsync(client));
        Assert.Equal("{}", await NextAsync(client));
        Assert.Equal(0, client.Waiting);
    }

    [Fact]
    public async Task What_waits_for_all_listeners_together_is_bounded_and_given_back()
    {
        MemoryBudget memory = new(100);
        await using EventBus bus = new(new(), static () => RecordContext.None, memory);
        EventClient first = bus.Open();
        EventClient second = bus.Open();
        first.Subscribe(EventTopics.NewPhy, EventShape.Whole);
        second.Subscribe(EventTopics.NewPhy, EventShape.Whole);
        // {"NEW_PHY": "…"}: 15 bytes around the text.
        bus.Publish(new TextEvent(EventTopics.NewPhy, new string('a', 30)));
        bus.Publish(new TextEvent(EventTopics.NewPhy, new string('b', 30)));
        while (first.Dropped + second.Dropped < 2)
        {
            await Task.Delay(1, _patience.Token);
        }
        Assert.Equal((2, 90L), (first.Waiting + second.Waiting, memory.Taken));
        _ = await first.ReadAsync(_patience.Token);
        Assert.Equal(45, memory.Taken);
        first.Dispose();
        second.Dispose();
        Assert.Equal(0, memory.Taken);
    }

    [Fact]
    public void What_is_wanted_is_what_the_listeners_of_the_moment_want()
    {
        List<EventTopics> changes = [];
        _bus.WantedChanged = () => changes.Add(_bus.Wanted);
        EventClient first = _bus.Open();
        EventClient second = _bus.Open();
        Assert.Equal(EventTopics.None, _bus.Wanted);
        first.Subscribe(EventTopics.Alert, EventShape.Whole);
        second.Subscribe(EventTopics.Alert, EventShape.Whole);
        second.Subscribe(EventTopics.All, EventShape.Whole);
        second.Unsubscribe(EventTopics.All);
        first.Dispose();
        second.Dispose();
        Assert.Equal([EventTopics.Alert, EventTopics.All, EventTopics.Alert, EventTopics.None], changes);
        Assert.Equal(0, _bus.Clients);
    }

    [Fact]
    public async Task A_slow_client_loses_its_own_events_and_holds_nobody_up()
    {
        using EventClient slow = _bus.Open();
        using EventClient quick = _bus.Open();
        slow.Subscribe(EventTopics.Message, EventShape.Whole);
        quick.Subscribe(EventTopics.Message, EventShape.Whole);
        for (int i = 0; i < 10 * QueueEvents; i++)
        {
            _bus.Publish(Message($"number {i}"));
            Assert.Contains($"\"number {i}\"", await NextAsync(quick), StringComparison.Ordinal);
        }
        Assert.Equal((QueueEvents, 9L * QueueEvents), (slow.Waiting, slow.Dropped));
        Assert.Equal((0, 0L), (quick.Waiting, quick.Dropped));
        // The oldest stay: what came first tells how it began.
        Assert.Contains("\"number 0\"", await NextAsync(slow), StringComparison.Ordinal);
        _bus.Publish(Message("again"));
        _ = await NextAsync(quick);
        Assert.Equal(QueueEvents, slow.Waiting);
    }

    [Fact]
    public async Task Bytes_are_bounded_as_well_as_events()
    {
        using EventClient client = _bus.Open();
        using EventClient other = _bus.Open();
        client.Subscribe(EventTopics.Message, new(RecordFormat.Json, null));
        other.Subscribe(EventTopics.Message, new(RecordFormat.Json, new([new("kismet.messagebus.message_time", null)])));
        foreach (int length in (int[])[6_000, 6_000, 100])
        {
            _bus.Publish(Message(new string('x', length)));
            _ = await NextAsync(other);
        }
        Assert.Equal((2, 1L), (client.Waiting, client.Dropped));
    }

    [Fact]
    public async Task An_event_is_written_once_for_all_who_want_it_alike_and_never_for_nobody()
    {
        Counting nobody = new();
        _bus.Publish(nobody);
        EventClient[] clients = [_bus.Open(), _bus.Open(), _bus.Open()];
        clients[0].Subscribe(EventTopics.Message, new(RecordFormat.Json, new([new("a", "b")])));
        clients[1].Subscribe(EventTopics.Message, new(RecordFormat.Json, new([new("a", "b")])));
        clients[2].Subscribe(EventTopics.Message, new(RecordFormat.Json, new([new("a", null)])));
        Counting somebody = new();
        _bus.Publish(somebody);
        foreach (EventClient client in clients)
        {
            Assert.Equal("{}", await NextAsync(client));
            client.Dispose();
        }
        Assert.Equal((0, 2), (nobody.Written, somebody.Written));
    }

    [Fact]
    public async Task An_event_that_cannot_be_written_stops_no_other()
    {
        using EventClient client = _bus.Open();
        client.Subscribe(EventTopics.NewDevice, EventShape.Whole);
        client.Subscribe(EventTopics.Message, new(RecordFormat.Json, new([new("kismet.messagebus.message_string", null)])));
        _bus.Publish(new DeviceEvent(EventTopics.NewDevice, new byte[] { 99, 1, 2 }, 0));
        _bus.Publish(Message("after"));
        Assert.Equal("""{"MESSAGE": {"kismet.messagebus.message_string": "after"}}""", await NextAsync(client));
    }

    private async Task<string> NextAsync(EventClient client) => Encoding.UTF8.GetString((await client.ReadAsync(_patience.Token)).Span);

    private static ServerEvent Message(string text) => ServerEvents.Of(new MessageRecord(text, MessageFlags.Info, 7));

    private sealed class Counting() : ServerEvent(EventTopics.Message)
    {
        public int Written { get; private set; }

        protected override void WriteContents(JsonOut json, EventShape shape) => Written++;
    }
}
