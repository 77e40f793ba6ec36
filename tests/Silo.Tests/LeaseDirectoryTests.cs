using KismetOrleans.Grains.Leases;

namespace KismetOrleans.Silo.Tests;

/// <summary>Entries count as long as whoever told them says so, as they were told last, and whoever watches hears of changes at once.</summary>
public sealed class LeaseDirectoryTests
{
    private readonly HandClock _clock = new();
    private readonly LeaseDirectory<int, string> _directory;

    public LeaseDirectoryTests() => _directory = NewLife();

    [Fact]
    public void An_entry_counts_until_it_is_ended_or_not_renewed()
    {
        _directory.Renew(1, "alerts");
        Assert.Equal((1, "alerts"), (_directory.Version, _directory.Read().Entries.Single()));
        _directory.Renew(1, "alerts");
        Assert.Equal(1, _directory.Version);
        _directory.Renew(1, "alerts and messages");
        Assert.Equal(2, _directory.Version);
        Assert.True(_directory.End(1, out string? ended));
        Assert.Equal("alerts and messages", ended);
        Assert.False(_directory.End(1, out _));
        Assert.Empty(_directory.Read().Entries);
        _directory.Renew(1, "alerts");
        _clock.Advance(Lease.Duration);
        Assert.Equal([KeyValuePair.Create(1, "alerts")], _directory.Entries);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(_directory.Read().Entries);
        Assert.Equal(5, _directory.Version);
        _directory.Renew(1, "alerts");
        Assert.Single(_directory.Read().Entries);
    }

    [Fact]
    public void A_new_life_knows_all_after_a_lease()
    {
        Assert.False(_directory.Read().IsComplete);
        _clock.Advance(Lease.Duration);
        Assert.True(_directory.Read().IsComplete);
        Assert.NotEqual(_directory.Life, NewLife().Life);
    }

    [Fact]
    public async Task Whoever_watches_hears_of_a_change_at_once_and_of_another_life_without_waiting()
    {
        Assert.Empty((await _directory.WatchAsync(default, 0)).Entries);
        // The clock stands still: only a change can end it.
        Task<LeaseList<string>> watching = _directory.WatchAsync(_directory.Life, _directory.Version).AsTask();
        Assert.False(watching.IsCompleted);
        _directory.Renew(1, "alerts");
        Assert.Equal(["alerts"], (await watching.WaitAsync(TimeSpan.FromSeconds(30))).Entries);
    }

    private LeaseDirectory<int, string> NewLife() => new(_clock, static (one, other) => one == other);
}
