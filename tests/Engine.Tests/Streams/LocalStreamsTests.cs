using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire.Files;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Streams;

/// <summary>Streams are listed while they are open, and a number is given once.</summary>
public sealed class LocalStreamsTests
{
    private readonly Tapping _tapping = new();
    private readonly FakeClock _clock = new();
    private readonly LocalStreams _streams;

    public LocalStreamsTests() => _streams = New(64);

    [Fact]
    public async Task A_stream_is_listed_with_what_it_wrote()
    {
        await using IPacketStream stream = (await _streams.OpenAsync(new(PacketFilter.All, "a.pcapng", "all of it")))!;
        await stream.CountAsync(44, 0);
        await stream.CountAsync(1000, 7);
        StreamRecord record = Assert.Single(await _streams.ListAsync());
        Assert.Equal(new(1, _clock.Second, "a.pcapng", "pcapng", "httpd", "all of it", 7, 1000), record);
    }

    [Fact]
    public async Task Numbers_are_never_given_twice()
    {
        await using IPacketStream first = await OpenAsync();
        IPacketStream second = await OpenAsync();
        await second.DisposeAsync();
        Assert.True(await _streams.CloseAsync(first.Id));
        await using IPacketStream third = await OpenAsync();
        Assert.Equal((1L, 2L, 3L), (first.Id, second.Id, third.Id));
        Assert.Equal([3L], (await _streams.ListAsync()).Select(static s => s.Id));
    }

    [Fact]
    public async Task A_closed_stream_gives_what_waits_and_ends()
    {
        await using IPacketStream stream = await OpenAsync();
        _tapping.Dissect(new Packets().Add(Beacon(Ap, "before")));
        Assert.False(stream.Closed.IsCancellationRequested);
        Assert.True(await _streams.CloseAsync(stream.Id));
        Assert.True(stream.Closed.IsCancellationRequested);
        _tapping.Dissect(new Packets().Add(Beacon(Ap, "after")));
        using TappedPackets? block = await stream.ReadAsync(default);
        Assert.Equal(1, block?.Count);
        Assert.Null(await stream.ReadAsync(default));
        Assert.False(await _streams.CloseAsync(stream.Id));
    }

    [Fact]
    public async Task There_are_no_more_streams_than_are_allowed()
    {
        LocalStreams streams = New(1);
        IPacketStream first = (await streams.OpenAsync(new(PacketFilter.All, "", "")))!;
        Assert.Null(await streams.OpenAsync(new(PacketFilter.All, "", "")));
        await first.DisposeAsync();
        await using IPacketStream? next = await streams.OpenAsync(new(PacketFilter.All, "", ""));
        Assert.NotNull(next);
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused_by_name()
    {
        const long Least = 2 * CaptureLimits.MaxPacketLength;
        new StreamOptions { QueueBytes = Least, MaxOpen = 0, CloseWithin = TimeSpan.Zero }.Validate();
        Assert.Contains("Streams:QueueBytes", Assert.Throws<ArgumentException>(() => new PacketTaps(new() { QueueBytes = Least - 1 })).Message);
        Assert.Contains("Streams:MaxOpen", Assert.Throws<ArgumentException>(() => new PacketTaps(new() { MaxOpen = -1 })).Message);
        Assert.Contains(
            "Streams:CloseWithin", Assert.Throws<ArgumentException>(() => new PacketTaps(new() { CloseWithin = TimeSpan.FromTicks(-1) })).Message);
    }

    private LocalStreams New(int most) => new(_tapping.Taps, new() { MaxOpen = most }, _clock);

    private async Task<IPacketStream> OpenAsync() => (await _streams.OpenAsync(new(PacketFilter.All, "x", "x")))!;
}
