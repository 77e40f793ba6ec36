using KismetOrleans.Engine.Events;
using KismetOrleans.Grains.Events;

namespace KismetOrleans.Silo.Tests;

/// <summary>Which API servers listen: as long as they say so, to what they said last.</summary>
public sealed class EventDirectoryTests
{
    private static readonly Guid s_server = Guid.NewGuid();
    private readonly HandClock _clock = new();
    private readonly EventDirectory _directory;

    public EventDirectoryTests() => _directory = new(_clock);

    [Fact]
    public void A_server_counts_until_it_wants_nothing_or_is_silent()
    {
        _directory.Renew(Listener(EventTopics.Alert));
        Assert.Equal((1, EventTopics.Alert), (_directory.Version, _directory.Read().Entries.Single().Topics));
        _directory.Renew(Listener(EventTopics.Alert));
        Assert.Equal(1, _directory.Version);
        _directory.Renew(Listener(EventTopics.Alert | EventTopics.Message));
        Assert.Equal(2, _directory.Version);
        _directory.Renew(Listener(EventTopics.None));
        Assert.Empty(_directory.Read().Entries);
        _directory.Renew(Listener(EventTopics.Alert));
        _clock.Advance(EventDirectory.Lease);
        Assert.Single(_directory.Read().Entries);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_directory.Read().Entries);
        Assert.Equal(5, _directory.Version);
        _directory.Renew(Listener(EventTopics.Alert));
        Assert.Single(_directory.Read().Entries);
    }

    [Fact]
    public void A_new_life_knows_all_after_a_lease()
    {
        Assert.False(_directory.Read().IsComplete);
        _clock.Advance(EventDirectory.Lease);
        Assert.True(_directory.Read().IsComplete);
        Assert.NotEqual(_directory.Read().Life, new EventDirectory(_clock).Read().Life);
    }

    private static EventListener Listener(EventTopics topics) => new() { Id = s_server, Topics = topics, Sink = null! };

    private sealed class HandClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.UtcTicks;

        public void Advance(TimeSpan by) => _now += by;
    }
}
