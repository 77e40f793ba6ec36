using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Scanning;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>An accepted report reaches its device once and only once, whatever fails between the post and the disk.</summary>
public sealed class ScanIntakeTests
{
    private readonly ScanHost _host = new();

    [Fact]
    public async Task Without_a_journal_reports_are_there_when_they_are_accepted()
    {
        await using PatientIntake intake = _host.NewIntake(journal: false);
        Assert.True(await intake.PostAsync(Post(1, 2, 3)));
        Assert.True(await intake.PostAsync(Post(2)));
        Assert.Equal([1, 2, 1], _host.Devices().Values);
        Assert.Equal((4L, 4), (intake.Reports, _host.Packets));
    }

    [Fact]
    public async Task Sources_are_named_when_they_are_new_and_when_they_change_and_count_their_reports()
    {
        PatientIntake intake = _host.NewIntake();
        await using (intake)
        {
            foreach (string name in new[] { "a", "a", "b", "b" })
            {
                await intake.PostAsync(ScanPosts.Parse($$"""{"source_uuid":"{{ScanPosts.Uuid}}","source_name":"{{name}}","reports":[{{Report(1)}},{{Report(2)}}]}"""));
            }
            // Who reports nothing is no source.
            Assert.True(await intake.PostAsync(ScanPosts.Parse("""{"source_uuid":"00000000-0000-0000-0000-000000000002","source_name":"c","reports":[]}""")));
        }
        Assert.Equal(["a", "b"], _host.Names);
        Assert.Equal([new(1, 8)], _host.Counts);
    }

    [Fact]
    public async Task The_journal_is_emptied_when_the_partitions_have_it()
    {
        await using PatientIntake intake = _host.NewIntake();
        await intake.PostAsync(Post(1, 2, 3));
        await _host.Journal.WhenEmptyAsync();
        Crash();
        Assert.Equal([1, 1, 1], _host.Devices().Values);
    }

    [Fact]
    public async Task A_journaled_post_is_accepted_though_a_partition_is_away()
    {
        // Nobody shall wait for what does not come.
        _host.Options = _host.Options with { VisibleWithin = TimeSpan.FromMilliseconds(5) };
        TaskCompletionSource gate = Hold();
        await using PatientIntake intake = _host.NewIntake();
        Assert.True(await intake.PostAsync(Post(1, 2, 3)));
        Assert.Empty(_host.Devices());
        Release(gate);
        await _host.Journal.WhenEmptyAsync();
        Assert.Equal([1, 1, 1], _host.Devices().Values);
    }

    [Fact]
    public async Task What_a_dead_writer_journaled_and_did_not_deliver_is_replayed_once()
    {
        // Nobody shall wait for what does not come.
        _host.Options = _host.Options with { VisibleWithin = TimeSpan.FromMilliseconds(5) };
        TaskCompletionSource gate = Hold();
        // Never let go on: killed between append and apply.
        PatientIntake killed = _host.NewIntake();
        await killed.PostAsync(Post(1, 2));
        await killed.PostAsync(Post(2, 3));
        Release(null);
        await using PatientIntake next = _host.NewIntake();
        Assert.Equal(2, await next.ReplayAsync(TimeSpan.Zero, default));
        Assert.Equal([1, 2, 1], _host.Devices().Values);
        Assert.Equal(0, _host.Journal.Count);
        Assert.Equal(0, await next.ReplayAsync(TimeSpan.Zero, default));
        Crash();
        Assert.Equal([1, 2, 1], _host.Devices().Values);
        // And should it live after all, the partitions know its batches.
        gate.SetResult();
        await killed.DisposeAsync();
        Assert.Equal([1, 2, 1], _host.Devices().Values);
    }

    [Fact]
    public async Task What_the_partitions_have_is_not_counted_again_by_a_replay()
    {
        _host.Journal.KeepsAll = true;
        await using (PatientIntake intake = _host.NewIntake())
        {
            await intake.PostAsync(Post(1, 2));
            await intake.PostAsync(Post(2, 3));
        }
        Crash();
        await using PatientIntake next = _host.NewIntake();
        Assert.Equal(2, await next.ReplayAsync(TimeSpan.Zero, default));
        Assert.Equal([1, 2, 1], _host.Devices().Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Partitions_that_crash_are_sent_again_what_they_lost(int seed)
    {
        Random random = new(seed);
        int[] expected = new int[20];
        PatientIntake intake = _host.NewIntake();
        await using (intake)
        {
            for (int i = 0; i < 300; i++)
            {
                byte[] devices = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (byte)random.Next(expected.Length))];
                foreach (byte device in devices)
                {
                    expected[device]++;
                }
                Assert.True(await intake.PostAsync(Post(devices)));
                if (random.Next(10) == 0)
                {
                    _host.Partitions[random.Next(_host.Partitions.Length)].Crash();
                }
            }
        }
        Crash();
        Assert.Equal(expected.Where(static count => count > 0).Select(static count => (long)count), _host.Devices().Values);
        Assert.Equal(0, _host.Journal.Count);
        Assert.Equal(expected.Sum(), Assert.Single(_host.Counts).Value);
        Assert.True(intake.Rewinds > 0);
    }

    [Fact]
    public async Task A_partition_that_cannot_be_reached_is_tried_again()
    {
        int calls = 0;
        _host.Partitions[0].BeforeApply = () => throw (++calls < 5 ? new TimeoutException("away") : NotSupported(_host));
        await using PatientIntake intake = _host.NewIntake();
        await intake.PostAsync(Post([.. Enumerable.Range(0, 30).Select(static i => (byte)i)]));
        await _host.Journal.WhenEmptyAsync();
        Assert.Equal(Enumerable.Repeat(1L, 30), _host.Devices().Values);
        Assert.Equal(5, calls);
    }

    [Fact]
    public async Task Too_much_that_waits_is_refused()
    {
        _host.Options = _host.Options with { MaxWaitingBytes = Post(1).Length * 3 / 2 };
        TaskCompletionSource gate = _host.Journal.Gate = new();
        await using PatientIntake intake = _host.NewIntake();
        // The first is with the journal, the second waits, and the third is too much.
        Task<bool> first = intake.PostAsync(Post(1)).AsTask();
        await intake.WhenTakenAsync();
        Task<bool> second = intake.PostAsync(Post(2)).AsTask();
        Assert.False(await intake.PostAsync(Post(3)));
        Assert.Equal(1, intake.RefusedPosts);
        _host.Journal.Gate = null;
        gate.SetResult();
        Assert.True(await first);
        Assert.True(await second);
        Assert.Equal([1, 1], _host.Devices().Values);
    }

    [Fact]
    public async Task A_journal_that_fails_for_a_moment_is_waited_for()
    {
        int calls = 0;
        _host.Journal.BeforeAppend = () => _ = ++calls < 4 ? throw new IOException("the database is away") : calls;
        await using PatientIntake intake = _host.NewIntake();
        Assert.True(await intake.PostAsync(Post(1)));
        Assert.Equal(4, calls);
        // It was answered because it stands in the journal; nobody waits long for the partitions.
        await _host.Journal.WhenEmptyAsync();
        Assert.Equal([1], _host.Devices().Values);
    }

    [Fact]
    public async Task An_entry_whose_acknowledgement_was_lost_stands_once()
    {
        _host.Journal.AfterAppend = () =>
        {
            _host.Journal.AfterAppend = null;
            throw new IOException("the connection broke");
        };
        await using PatientIntake intake = _host.NewIntake();
        Assert.True(await intake.PostAsync(Post(1)));
        await _host.Journal.WhenEmptyAsync();
        Assert.Equal([1], _host.Devices().Values);
    }

    [Fact]
    public async Task A_journal_that_goes_on_failing_refuses_the_post()
    {
        _host.Options = _host.Options with { JournalTimeout = TimeSpan.Zero };
        _host.Journal.BeforeAppend = static () => throw new IOException("the disk is full");
        await using PatientIntake intake = _host.NewIntake();
        await Assert.ThrowsAsync<IOException>(() => intake.PostAsync(Post(1)).AsTask());
        Assert.Equal("the disk is full", _host.Faults.Last?.Message);
        _host.Journal.BeforeAppend = null;
        Assert.True(await intake.PostAsync(Post(2)));
        Assert.Equal(["00:11:22:33:00:02"], _host.Devices().Keys);
    }

    [Fact]
    public async Task A_list_larger_than_a_batch_is_one_list()
    {
        string[] reports = [.. Enumerable.Range(0, 40_000).Select(static i =>
            $$"""{"bssid":"00:11:22:33:{{i % 5000 / 256:x2}}:{{i % 5000 % 256:x2}}","lat":1,"lon":2}""")];
        PatientIntake intake = _host.NewIntake();
        await using (intake)
        {
            Assert.True(await intake.PostAsync(ScanPosts.WiFi(reports)));
        }
        Crash();
        Assert.Equal(Enumerable.Repeat(8L, 5000), _host.Devices().Values);
        Assert.Equal(0, _host.Journal.Count);
    }

    [Fact]
    public async Task A_damaged_entry_stays_and_keeps_nobody_from_working()
    {
        _host.Journal.Leave(BatchMark.Journals | 1, 1, [ScanEntry.Version, 1, 2, 3]);
        _host.Journal.Leave(BatchMark.Journals | 2, 1, [99]);
        await using PatientIntake intake = _host.NewIntake();
        Assert.Equal(0, await intake.ReplayAsync(TimeSpan.Zero, default));
        Assert.Contains("another version", _host.Faults.Last?.Message, StringComparison.Ordinal);
        Assert.Equal(2, _host.Journal.Count);
        Assert.True(await intake.PostAsync(Post(1)));
    }

    [Fact]
    public async Task What_was_accepted_is_delivered_when_the_server_ends()
    {
        PatientIntake intake = _host.NewIntake();
        Task<bool>[] posts = [.. Enumerable.Range(0, 50).Select(i => intake.PostAsync(Post((byte)i)).AsTask())];
        await intake.DisposeAsync();
        Assert.All(await Task.WhenAll(posts), Assert.True);
        Crash();
        Assert.Equal(Enumerable.Repeat(1L, 50), _host.Devices().Values);
        await Assert.ThrowsAsync<IOException>(() => intake.PostAsync(Post(1)).AsTask());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_post_that_is_repeated_counts_once_also_at_another_server_and_after_a_crash(bool journal)
    {
        await using (PatientIntake first = _host.NewIntake(journal))
        {
            Assert.All(await Task.WhenAll(first.PostAsync(Named("a", 1, 2, 1)).AsTask(), first.PostAsync(Named("a", 1, 2, 1)).AsTask()), Assert.True);
            Assert.True(await first.PostAsync(Named("a", 1, 2, 1)));
            // Another post of the same reports, and one without a name: both were heard.
            Assert.True(await first.PostAsync(Named("b", 1)));
            Assert.True(await first.PostAsync(Post(1)));
            Assert.Equal(5, first.Reports);
        }
        Assert.Equal([4, 1], _host.Devices().Values);
        if (journal)
        {
            Assert.Equal([new(1, 5)], _host.Counts);
            Crash();
        }
        await using PatientIntake other = _host.NewIntake(journal);
        Assert.True(await other.PostAsync(Named("a", 1, 2, 1)));
        Assert.True(await other.PostAsync(Named("b", 1)));
        Assert.Equal([4, 1], _host.Devices().Values);
        Assert.True(await other.PostAsync(Named("c", 2)));
        Assert.Equal([4, 2], _host.Devices().Values);
    }

    [Fact]
    public async Task A_post_that_could_not_be_taken_is_taken_when_it_is_repeated()
    {
        _host.Options = _host.Options with { JournalTimeout = TimeSpan.Zero };
        _host.Journal.BeforeAppend = static () => throw new IOException("the disk is full");
        await using PatientIntake intake = _host.NewIntake();
        await Assert.ThrowsAsync<IOException>(() => intake.PostAsync(Named("a", 1)).AsTask());
        _host.Journal.BeforeAppend = null;
        Assert.True(await intake.PostAsync(Named("a", 1)));
        Assert.Equal([1], _host.Devices().Values);
    }

    private static ScanPost Named(string id, params byte[] devices) =>
        ScanPosts.Parse($$"""{"source_uuid":"{{ScanPosts.Uuid}}","source_name":"lobby","report_id":"{{id}}","reports":[{{string.Join(",", devices.Select(Report))}}]}""");

    private static Exception NotSupported(ScanHost host)
    {
        host.Partitions[0].BeforeApply = null;
        return new TimeoutException("away, for the last time");
    }

    private TaskCompletionSource Hold()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Release(gate, set: false);
        return gate;
    }

    private void Release(TaskCompletionSource? gate, bool set = true)
    {
        foreach (ScanHost.CrashingPartition partition in _host.Partitions)
        {
            partition.Gate = set ? null : gate;
        }
        if (set)
        {
            gate?.SetResult();
        }
    }

    private void Crash()
    {
        foreach (ScanHost.CrashingPartition partition in _host.Partitions)
        {
            partition.Crash();
        }
    }

    private static string Report(byte device) => $$"""{"bssid":"00:11:22:33:00:{{device:x2}}"}""";

    private static ScanPost Post(params byte[] devices) => ScanPosts.WiFi([.. devices.Select(Report)]);
}
