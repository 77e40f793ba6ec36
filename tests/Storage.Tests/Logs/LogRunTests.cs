using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Logs;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Storage.Tests.Logs;

/// <summary>The life of a log: it takes new files, a replay waits for it, and when its disk is full it ends, says so, and leaves the others alone.</summary>
public sealed class LogRunTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-logrun-");
    private readonly PacketTaps _taps = new(new());
    private readonly LocalStreams _streams;
    private readonly List<(string Text, bool Error)> _said = [];

    public LogRunTests() => _streams = new(_taps, new(), TimeProvider.System);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_full_disk_ends_one_log_and_not_the_other()
    {
        FakeFile full = new(room: 2);
        FakeFile roomy = new(room: int.MaxValue);
        LogRun fails = await StartAsync(full);
        LogRun goesOn = await StartAsync(roomy);
        Send(3);
        await fails.Ended.WaitAsync(s_patience);
        Assert.False(fails.Record.Open);
        Assert.Equal((2UL, "No space left on device"), (fails.Record.Packets, fails.Record.Error));
        Assert.True(full.Disposed);
        LogException closed = await Assert.ThrowsAsync<LogException>(() => fails.DoAsync(static _ => 1));
        Assert.Equal("the log was closed", closed.Message);
        await fails.DisposeAsync();

        Send(2);
        Assert.True(await _streams.CloseAsync(goesOn.StreamId));
        await goesOn.Ended.WaitAsync(s_patience);
        Assert.Equal((5UL, null), (goesOn.Record.Packets, goesOn.Record.Error));
        Assert.True(roomy.Closed);
        lock (_said)
        {
            Assert.Equal([("Log '1' stopped after 2 packets: No space left on device", true), ("Log '1' closed: 5 packets", false)], _said);
        }
    }

    [Fact]
    public async Task A_log_takes_a_new_file_when_the_one_that_it_has_is_old_enough()
    {
        List<FakeFile> files = [];
        HandClock clock = new();
        // The hour passes while the third packet is written, and nowhere else: the log looks at its clock at times of its own, too.
        FakeFile first = new(int.MaxValue) { Wrote = count => clock.Ticks += count == 3 ? TimeSpan.FromHours(1).Ticks : 0 };
        LogRun log = await StartAsync(first, new() { Prefix = _folder.FullName, MaxAge = TimeSpan.FromHours(1) }, clock, stream =>
        {
            stream.Dispose();
            files.Add(new(int.MaxValue));
            return files[^1];
        });
        Send(2);
        Assert.Equal(2UL, await PacketsAsync(log, 2));
        Assert.Empty(files);
        // The packet by which it notices goes into the old one.
        Send(1);
        Assert.Equal(3UL, await PacketsAsync(log, 3));
        Send(4);
        Assert.Equal(7UL, await PacketsAsync(log, 7));
        Assert.Equal((3L, true, true), (first.Packets, first.Closed, first.Disposed));
        Assert.Equal(4, Assert.Single(files).Packets);
        Assert.Equal(log.Record.Path, Assert.Single(_folder.GetFiles()).FullName);
        Assert.True(await _streams.CloseAsync(log.StreamId));
        await log.Ended.WaitAsync(s_patience);
        Assert.Equal((7UL, null), (log.Record.Packets, log.Record.Error));
        await log.DisposeAsync();
    }

    [Fact]
    public async Task A_replay_waits_for_a_log_and_a_radio_does_not()
    {
        PacketTaps small = new(new() { QueueBytes = 2 * 262_144 });
        PacketTap holding = small.Add(PacketFilter.All, holds: true);
        TapSession replay = new(small, 1, replays: true);
        TapSession radio = new(small, 2);
        const int packets = 5_000;
        Task sending = Task.Run(() => Send(replay, packets));
        long taken = 0;
        while (taken < packets)
        {
            using TappedPackets block = (await holding.ReadAsync(CancellationToken.None).AsTask().WaitAsync(s_patience))!;
            taken += block.Count;
        }
        await sending.WaitAsync(s_patience);
        Assert.Equal((packets, 0L), (taken, holding.Dropped));
        Send(radio, packets);
        Assert.True(holding.Dropped > 0);
        small.Remove(holding);
        // Nobody is left to wait for.
        await Task.Run(() => Send(replay, packets)).WaitAsync(s_patience);
    }

    // What is written is told when nothing more waits.
    private static async Task<ulong> PacketsAsync(LogRun log, ulong wanted)
    {
        using CancellationTokenSource patience = new(s_patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (log.Record.Packets < wanted)
        {
            _ = await timer.WaitForNextTickAsync(patience.Token);
        }
        return log.Record.Packets;
    }

    private Task<LogRun> StartAsync(FakeFile file) => StartAsync(file, new() { Prefix = _folder.FullName }, TimeProvider.System, _ => file);

    private async Task<LogRun> StartAsync(FakeFile file, LogOptions options, TimeProvider clock, Func<FileStream, ILogFile> next)
    {
        IPacketStream stream = (await _streams.OpenAsync(new(PacketFilter.All, "x", "x", StreamRequest.LogPath, Holds: true)))!;
        LogRecord record = new(Guid.NewGuid(), LogDrivers.Pcapng, "1", options.Template, Open: true);
        LogRun run = new(
            record, options, new(options, LogDrivers.Pcapng, "x", clock), new PacketsKind(next), file, stream, clock,
            (_, text, error) =>
            {
                lock (_said)
                {
                    _said.Add((text, error));
                }
            },
            new(clock, static (_, _) => { }));
        run.Start();
        return run;
    }

    private void Send(int count) => Send(new(_taps, 1), count);

    private static void Send(TapSession session, int count)
    {
        byte[] packet = new byte[200];
        for (int i = 0; i < count; i++)
        {
            if (session.Begin(new(1, (ulong)i + 1)) is null)
            {
                return;
            }
            session.Offer(
                new() { TimeNs = i, LinkType = Wire.LinkType.Ieee80211, Length = packet.Length, OriginalLength = packet.Length }, packet,
                DissectedAs.LinkHeader, default(RadioHeader), default(Dot11Frame));
            session.End();
        }
    }

    /// <summary>A clock that goes when it is told to.</summary>
    private sealed class HandClock : TimeProvider
    {
        public long Ticks { get; set; } = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }

    private sealed class FakeFile(int room) : ILogFile
    {
        /// <summary>What a block of packets meets when it is written, with the number of packets since the beginning.</summary>
        public Action<long>? Wrote { get; init; }

        public bool Closed { get; private set; }

        public bool Disposed { get; private set; }

        public long Bytes => 0;

        public long Packets { get; private set; }

        public void Write(TappedPackets packets, ref int position, long limit)
        {
            while (packets.TryRead(ref position, out _))
            {
                if (Packets == room)
                {
                    throw new IOException("No space left on device");
                }
                Packets++;
            }
            Wrote?.Invoke(Packets);
        }

        public void Tend()
        {
        }

        public void Close() => Closed = true;

        public void Dispose() => Disposed = true;
    }
}
