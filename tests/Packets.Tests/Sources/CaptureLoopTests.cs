using System.Collections.Concurrent;
using System.Threading.Channels;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Wire;

namespace KismetOrleans.Packets.Tests.Sources;

/// <summary>The loop that captures, in the server as in an agent.</summary>
public sealed class CaptureLoopTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly Queue<Func<IPacketSource>> _opens = [];
    private readonly Consumer _consumer;
    private CaptureLoop? _loop;

    public CaptureLoopTests() => _consumer = new(_told.Writer);

    public async ValueTask DisposeAsync()
    {
        if (_loop is not null)
        {
            await _loop.CloseAsync();
            _loop.Dispose();
        }
    }

    [Fact]
    public async Task A_radio_that_fails_is_opened_again_and_again()
    {
        Radio second = new();
        CaptureLoop loop = Loop("wlan0", () => throw new PacketSourceException("unplugged"), () => new Radio { Error = "reset" }, () => second);
        Assert.Equal("unplugged", await OpenAsync(loop));
        Assert.Equal(["failed: unplugged, again", "opened", "failed: reset, again", "opened"], await HearAsync(4));
        second.Give(2);
        Assert.Equal(["took 2"], await HearAsync(1));
        Assert.Same(second, loop.Packets);
        Assert.Equal("source already running", await OpenAsync(loop));
        await loop.CloseAsync();
        Assert.Equal(["closed"], await HearAsync(1));
        Assert.Null(loop.Packets);
        Assert.True(second.Disposed);
    }

    [Fact]
    public async Task Who_wants_it_open_is_told_what_the_next_attempt_brought()
    {
        CaptureLoop loop = Loop("wlan0", () => throw new PacketSourceException("one"), () => throw new PacketSourceException("two"), () => new Radio());
        Assert.Equal("one", await OpenAsync(loop));
        Assert.Equal("two", await OpenAsync(loop));
        Assert.Null(await OpenAsync(loop));
    }

    [Fact]
    public async Task A_file_that_fails_is_not_tried_again()
    {
        CaptureLoop loop = Loop("walk.pcap", () => throw new PacketSourceException("no such file"));
        Assert.Equal("no such file", await OpenAsync(loop));
        await loop.Running.WaitAsync(s_patience);
        Assert.Equal(["failed: no such file"], await HearAsync(1));
    }

    [Fact]
    public async Task A_file_ends_and_is_read_again_when_it_is_opened()
    {
        static IPacketSource Whole()
        {
            Radio file = new();
            file.Give(3);
            file.End();
            return file;
        }
        CaptureLoop loop = Loop("walk.pcap", Whole, Whole);
        for (int i = 0; i < 2; i++)
        {
            Assert.Null(await OpenAsync(loop));
            await loop.Running.WaitAsync(s_patience);
            Assert.Equal(["opened", "took 3", "ended"], await HearAsync(3));
        }
    }

    [Fact]
    public async Task What_the_consumer_throws_is_counted_and_told_once_and_does_not_end_the_capture()
    {
        Radio radio = new();
        CaptureLoop loop = Loop("wlan0", () => radio);
        _consumer.Throws = 3;
        Assert.Null(await OpenAsync(loop));
        for (int i = 1; i <= 4; i++)
        {
            radio.Give(i);
        }
        Assert.Equal(["opened", "fault 1: took 1", "took 4"], await HearAsync(3));
        Assert.Equal(3, loop.Faults);
        radio.Give(0);
        Assert.Equal(["idle"], await HearAsync(1));
    }

    [Fact]
    public async Task What_nobody_expects_of_a_source_is_told_whole()
    {
        CaptureLoop loop = Loop("wlan0", static () => throw new InvalidCastException("a fault of ours"), static () => new Radio());
        Assert.Equal("a fault of ours", await OpenAsync(loop));
        Assert.Equal(["fault 1: a fault of ours", "failed: a fault of ours, again"], await HearAsync(2));
        Assert.Equal(1, loop.Faults);
    }

    [Fact]
    public async Task What_a_source_says_itself_is_no_fault()
    {
        CaptureLoop loop = Loop("wlan0", static () => throw new PacketSourceException("no such interface"), static () => new Radio());
        Assert.Equal("no such interface", await OpenAsync(loop));
        Assert.Equal(["failed: no such interface, again"], await HearAsync(1));
        Assert.Equal(0, loop.Faults);
    }

    [Fact]
    public async Task A_radio_that_is_paused_hears_for_nobody()
    {
        Radio radio = new();
        CaptureLoop loop = Loop("wlan0", () => radio);
        loop.Paused = true;
        Assert.Null(await OpenAsync(loop));
        radio.Give(1);
        Assert.Equal(["opened", "idle"], await HearAsync(2));
        loop.Paused = false;
        radio.Give(2);
        Assert.Equal(["took 2"], await HearAsync(1));
    }

    [Fact]
    public async Task A_file_that_is_paused_waits_and_loses_nothing()
    {
        Radio file = new();
        CaptureLoop loop = Loop("walk.pcap", () => file);
        loop.Paused = true;
        Assert.Null(await OpenAsync(loop));
        file.Give(1);
        Assert.Equal(["opened", "idle", "idle"], await HearAsync(3));
        loop.Paused = false;
        string told;
        do
        {
            told = (await HearAsync(1))[0];
        }
        while (told == "idle");
        Assert.Equal("took 1", told);
    }

    [Fact]
    public async Task A_radio_is_tuned_while_it_is_open_and_where_it_was_when_it_is_opened_again()
    {
        Tuner tuner = new();
        CaptureLoop loop = Loop("wlan0:channel=1", tuner, () => new Radio(), () => new Radio());
        Order six = new() { Kind = OrderKind.SetChannel, Channel = "6" };
        Assert.Equal("the source is not open", await loop.TuneAsync(six, default));
        Assert.Null(await OpenAsync(loop));
        Assert.Equal(["1", "6"], loop.Channels?.Supported);
        Assert.Equal("1", await tuner.NextAsync());
        Assert.Null(await loop.TuneAsync(six, default));
        Assert.Equal("6", await tuner.NextAsync());
        await loop.CloseAsync();
        Assert.Equal("the source is not open", await loop.TuneAsync(six, default));
        Assert.Null(await OpenAsync(loop));
        Assert.Equal("6", await tuner.NextAsync());
    }

    private static Task<string?> OpenAsync(CaptureLoop loop) => loop.OpenAsync().WaitAsync(s_patience);

    private CaptureLoop Loop(string definition, params Func<IPacketSource>[] opens) => Loop(definition, new Tuner(), opens);

    private CaptureLoop Loop(string definition, IChannelTuner tuner, params Func<IPacketSource>[] opens)
    {
        foreach (Func<IPacketSource> open in opens)
        {
            _opens.Enqueue(open);
        }
        return _loop = new(SourceDefinition.Parse(definition), _consumer, () => _opens.Dequeue()(), tuner, TimeProvider.System, new(1));
    }

    private async Task<string[]> HearAsync(int count)
    {
        string[] heard = new string[count];
        for (int i = 0; i < count; i++)
        {
            heard[i] = await _told.Reader.ReadAsync().AsTask().WaitAsync(s_patience);
        }
        return heard;
    }

    private sealed class Consumer(ChannelWriter<string> told) : ICaptureConsumer
    {
        /// <summary>How many batches are still to fail.</summary>
        public int Throws { get; set; }

        public void Opened(IPacketSource packets) => told.TryWrite("opened");

        public void Take(IPacketSource packets, PacketBatch batch)
        {
            if (Throws-- > 0)
            {
                throw new InvalidOperationException($"took {batch.Count}");
            }
            told.TryWrite($"took {batch.Count}");
        }

        public void Idle(IPacketSource packets) => told.TryWrite("idle");

        public void Ended(IPacketSource packets) => told.TryWrite("ended");

        public void Failed(IPacketSource? packets, string error, bool again) => told.TryWrite($"failed: {error}{(again ? ", again" : "")}");

        public void Closed(IPacketSource packets) => told.TryWrite("closed");

        public void Faulted(Exception fault, long faults) => told.TryWrite($"fault {faults}: {fault.Message}");
    }

    private sealed class Radio : IPacketSource
    {
        private readonly BlockingCollection<int> _given = [];

        public LinkType LinkType => LinkType.Ieee80211;

        public string Interface => "wlan0";

        public string? Error { get; init; }

        public double? Progress => null;

        public long Dropped => 0;

        public bool Disposed { get; private set; }

        public void Give(int packets) => _given.Add(packets);

        public void End() => _given.CompleteAdding();

        public bool TryRead(PacketBatch batch, CancellationToken cancellation) =>
            Error is null && _given.TryTake(out batch.Count, Timeout.Infinite, cancellation);

        public void Dispose() => Disposed = true;
    }

    private sealed class Tuner : IChannelTuner
    {
        private readonly Channel<string> _set = Channel.CreateUnbounded<string>();

        public Task<string> NextAsync() => _set.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

        public Task<(IReadOnlyList<RadioChannel> Channels, string? Problem)> ListAsync(string interfaceName, CancellationToken cancellation) =>
            Task.FromResult<(IReadOnlyList<RadioChannel>, string?)>(([new("1", 2412), new("6", 2437)], null));

        public Task<TuneResult> SetAsync(string interfaceName, WifiChannel channel, CancellationToken cancellation)
        {
            _set.Writer.TryWrite(channel.Name);
            return Task.FromResult(default(TuneResult));
        }
    }
}
