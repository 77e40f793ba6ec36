using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Leases;
using KismetOrleans.Grains.Streams;

namespace KismetOrleans.Silo.Tests;

/// <summary>Numbers of streams are given once, leases end, and a new life of the directory has the streams again that are still read.</summary>
public sealed class StreamDirectoryTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public void Numbers_are_given_once_also_in_a_later_life()
    {
        StreamDirectory first = new(new(), _clock);
        long[] ids = [first.Add(Entry()), first.Add(Entry())];
        Assert.Equal(ids, first.List().Select(static record => record.Id));
        _clock.Advance(TimeSpan.FromSeconds(1));
        StreamDirectory second = new(new(), _clock);
        Assert.Empty(second.Renew([Entry(ids[1])]));
        Assert.True(second.Add(Entry()) > ids[1]);
        Assert.NotEqual(first.Life, second.Life);
    }

    [Fact]
    public void A_closed_stream_is_not_opened_again_by_a_late_renewal()
    {
        StreamDirectory directory = new(new(), _clock);
        long id = directory.Add(Entry());
        long version = directory.Version;
        Assert.Equal(id, directory.Close(id)?.Record.Id);
        Assert.True(directory.Version > version);
        Assert.Null(directory.Close(id));
        Assert.Equal([id], directory.Renew([Entry(id)]));
        Assert.Empty(directory.List());
        // A number that was closed before it was given is given all the same.
        Assert.Null(directory.Close(id + 1));
        Assert.Equal(id + 1, directory.Add(Entry()));
        Assert.Empty(directory.Renew([Entry(id + 1)]));
    }

    [Fact]
    public void A_lease_lasts_as_long_as_it_says_and_is_renewed_without_a_new_version()
    {
        StreamDirectory directory = new(new() { MaxOpen = 1 }, _clock);
        long id = directory.Add(Entry());
        Assert.Equal(0, directory.Add(Entry()));
        Assert.False(directory.Read().IsComplete);
        long version = directory.Version;
        _clock.Advance(Lease.Duration);
        Assert.Empty(directory.Renew([Entry(id)]));
        _clock.Advance(Lease.Duration);
        Assert.Equal(version, directory.Version);
        Assert.Single(directory.Read().Entries);
        Assert.True(directory.Read().IsComplete);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(directory.Read().Entries);
        Assert.Equal(version + 1, directory.Version);
        Assert.True(directory.Add(Entry()) > id);
    }

    private static StreamEntry Entry(long id = 0) => new()
    {
        Record = new(id, 0, "", "pcapng", "", "", 0, 0),
        Kind = PacketFilterKind.All,
        Sink = new Nobody(),
    };

    private sealed class Nobody : IPacketSink
    {
        public ValueTask<long> TakeAsync(Guid feed, long sequence, ReadOnlyMemory<byte> entries, bool last) => new(IPacketSink.Gone);

        public ValueTask EndAsync() => default;
    }
}
