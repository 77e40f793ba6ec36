using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Tests;

namespace KismetOrleans.Capture.Tests.Edge.Spooling;

/// <summary>What is spooled comes back in order until it is saved, whatever the process dies of.</summary>
public sealed class SpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _buffer = new byte[EdgeProtocol.MaxFrameBytes];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_appended_is_read_in_order_and_saved_batches_go()
    {
        using Spool spool = Open();
        Append(spool, 0, 30);
        Assert.Equal((31UL, 30UL, 30L), (spool.NextSequence, spool.Position, spool.Fill.Batches));
        Assert.Equal(Enumerable.Range(0, 30), ReadFrom(spool, 1));
        Assert.Equal(Enumerable.Range(9, 21), ReadFrom(spool, 10));
        long before = spool.Fill.Bytes;
        spool.Saved(20);
        Assert.Equal((10L, 21UL), (spool.Fill.Batches, spool.FirstFrom(0)));
        Assert.True(spool.Fill.Bytes < before);
        Assert.Equal(Enumerable.Range(20, 10), ReadFrom(spool, spool.FirstFrom(0)));
        spool.Saved(1000);
        Assert.True(spool.IsSaved);
        Assert.Equal((0L, 31UL), (spool.Fill.Batches, spool.FirstFrom(0)));
        Append(spool, 30, 1);
        Assert.Equal([30], ReadFrom(spool, 31));
    }

    [Fact]
    public void What_waits_is_for_its_owner_alone()
    {
        using Spool spool = Open();
        Append(spool, 0, 1);
        if (!OperatingSystem.IsWindows())
        {
            // The temporary folder was made before, and by others than the spool.
            File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            spool.Dispose();
            using Spool again = Open();
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Path));
            foreach (string file in Directory.GetFiles(_folder.Path))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public void A_reader_meets_batches_that_come_while_it_waits()
    {
        using Spool spool = Open();
        using SpoolCursor cursor = new();
        Assert.Equal(0, spool.Read(cursor, _buffer, out _));
        for (int i = 0; i < 50; i++)
        {
            Append(spool, i, 1);
            int length = spool.Read(cursor, _buffer, out BatchHeader header);
            Assert.Equal(((ulong)i + 1, (ulong)i), (header.Sequence, header.FirstPacket));
            Assert.Equal([i], SamplePackets.NumbersIn(_buffer.AsSpan(0, length)));
            Assert.Equal(0, spool.Read(cursor, _buffer, out _));
        }
    }

    [Fact]
    public void Numbers_and_life_go_on_over_restarts()
    {
        ulong boot;
        using (Spool spool = Open())
        {
            boot = spool.BootId;
            Append(spool, 0, 5);
            spool.Saved(3);
        }
        using (Spool spool = Open())
        {
            Assert.Equal((boot, 6UL, 6UL, 5UL, 4UL), (spool.BootId, spool.NextSequence, spool.NextAtOpen, spool.Position, spool.FirstFrom(0)));
            Append(spool, 5, 2);
            Assert.Equal([3, 4, 5, 6], ReadFrom(spool, spool.FirstFrom(0)));
            spool.Saved(7);
        }
        // All was saved: nothing is left but where it goes on.
        using (Spool spool = Open())
        {
            Assert.Equal((boot, 8UL, 7UL, true), (spool.BootId, spool.NextSequence, spool.Position, spool.IsSaved));
            Assert.Equal([], ReadFrom(spool, 1));
        }
    }

    [Fact]
    public void A_torn_end_is_cut_off_wherever_it_is_torn()
    {
        using (Spool spool = Open(segment: 1 << 20))
        {
            Append(spool, 0, 3);
        }
        string file = Directory.EnumerateFiles(_folder.Path, "*.spool").Single();
        byte[] whole = File.ReadAllBytes(file);
        int last = whole.Length - SamplePackets.Collected(2, 1).Pack(1, 3, 2).Length;
        for (int length = last; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            AssertGoesOn(2, length);
            File.WriteAllBytes(file, [.. whole.AsSpan(0, length), .. Enumerable.Repeat((byte)0xFF, whole.Length - length)]);
            AssertGoesOn(2, length);
        }
        File.WriteAllBytes(file, [.. whole, 1, 2, 3]);
        AssertGoesOn(3, whole.Length);

        void AssertGoesOn(int batches, int length)
        {
            // A copy, since going on changes it.
            using TemporaryFolder copy = new();
            File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
            using Spool spool = Open(folder: copy.Path);
            Assert.True(spool.NextSequence == (ulong)batches + 1, $"torn at {length}");
            Append(spool, 100, 1);
            Assert.Equal([.. Enumerable.Range(0, batches), 100], ReadFrom(spool, 1));
        }
    }

    [Fact]
    public void A_segment_that_was_only_begun_or_is_damaged_costs_only_itself()
    {
        using (Spool spool = Open())
        {
            Append(spool, 0, 30);
        }
        string[] files = [.. Directory.EnumerateFiles(_folder.Path, "*.spool").Order()];
        Assert.True(files.Length > 4);
        byte[] damaged = File.ReadAllBytes(files[1]);
        damaged[SpoolSegment.HeaderLength + 20] ^= 1;
        File.WriteAllBytes(files[1], damaged);
        using (Spool spool = Open())
        {
            int first = int.Parse(Path.GetFileNameWithoutExtension(files[1])) - 1;
            int next = int.Parse(Path.GetFileNameWithoutExtension(files[2])) - 1;
            Assert.Equal([.. Enumerable.Range(0, first), .. Enumerable.Range(next, 30 - next)], ReadFrom(spool, 1));
            Assert.Equal((ulong)(next - first), spool.Fill.LostPackets);
        }
        File.WriteAllBytes(Path.Combine(_folder.Path, "00000000000000000031.spool"), [1, 2, 3]);
        using (Spool spool = Open())
        {
            Assert.Equal((31UL, 30UL), (spool.NextSequence, spool.Position));
        }
    }

    [Fact]
    public void When_it_is_full_the_oldest_goes_and_what_was_never_sent_is_counted()
    {
        using Spool spool = Open(most: 4096);
        Append(spool, 0, 200);
        Assert.InRange(spool.Fill.Bytes, 2048, 4096);
        ulong first = spool.FirstFrom(0);
        Assert.Equal(first - 1, spool.Fill.LostPackets);
        Assert.Equal(200L - (long)(first - 1), spool.Fill.Batches);
        Assert.Equal(Enumerable.Range((int)first - 1, 201 - (int)first), ReadFrom(spool, 1));
    }

    [Fact]
    public void What_was_sent_before_it_went_is_lost_only_when_it_is_asked_for_again()
    {
        using Spool spool = Open(most: 4096);
        Append(spool, 0, 20);
        Assert.Equal(20, ReadFrom(spool, 1).Length);
        while (spool.FirstFrom(0) <= 5)
        {
            Append(spool, (int)spool.Position, 1);
        }
        Assert.Equal(0UL, spool.Fill.LostPackets);
        ulong first = spool.FirstFrom(0);
        spool.Restart(1);
        Assert.Equal(first - 1, spool.Fill.LostPackets);
        spool.Restart(1);
        Assert.Equal(first - 1, spool.Fill.LostPackets);
    }

    [Fact]
    public void What_was_sent_before_it_went_and_is_confirmed_is_not_lost()
    {
        using Spool spool = Open(most: 4096);
        Append(spool, 0, 20);
        Assert.Equal(20, ReadFrom(spool, 1).Length);
        while (spool.FirstFrom(0) <= 5)
        {
            Append(spool, (int)spool.Position, 1);
        }
        spool.Saved(20);
        spool.Restart(21);
        Assert.Equal(0UL, spool.Fill.LostPackets);
    }

    [Fact]
    public async Task A_spool_that_waits_loses_nothing()
    {
        using Spool spool = Open(most: 4096, waits: true);
        Task appending = Task.Run(() => Append(spool, 0, 300));
        List<int> got = [];
        using SpoolCursor cursor = new();
        while (got.Count < 300)
        {
            int length = spool.Read(cursor, _buffer, out BatchHeader header);
            if (length == 0)
            {
                await Task.Yield();
                continue;
            }
            Assert.InRange(spool.Fill.Bytes, 0, 4096);
            got.AddRange(SamplePackets.NumbersIn(_buffer.AsSpan(0, length)));
            spool.Saved(header.Sequence);
        }
        await appending;
        Assert.Equal(Enumerable.Range(0, 300), got);
        Assert.Equal(0UL, spool.Fill.LostPackets);
    }

    [SmallDiskFact]
    public async Task On_a_full_disk_a_spool_that_waits_says_so_and_goes_on_in_the_room_of_what_is_saved()
    {
        using SmallDisk disk = new(256 << 10);
        List<string?> said = [];
        using (Spool spool = Open(segment: 1 << 20, most: 4 << 20, waits: true, folder: disk.Path))
        {
            spool.Troubled = said.Add;
            Append(spool, 0, 2, noise: true);
            disk.Fill();
            Task appending = Task.Run(() => Append(spool, 2, 1, noise: true));
            while (spool.Fault is null)
            {
                await Task.Delay(5);
            }
            Assert.False(appending.IsCompleted);
            spool.Saved(2);
            await appending.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Null(spool.Fault);
            Assert.Equal([true, false], said.Select(static fault => fault?.Contains("cannot be written", StringComparison.Ordinal) ?? false));
            Assert.Equal([2], ReadFrom(spool, 1));
            Assert.Equal(0UL, spool.Fill.LostPackets);
        }
        using Spool again = Open(segment: 1 << 20, most: 4 << 20, waits: true, folder: disk.Path);
        Assert.Equal((4UL, 3UL), (again.NextSequence, again.Position));
        Assert.Equal([2], ReadFrom(again, 1));
    }

    [SmallDiskFact]
    public void On_a_full_disk_a_radio_loses_and_counts_what_has_no_room_until_something_is_saved()
    {
        using SmallDisk disk = new(256 << 10);
        using Spool spool = Open(segment: 1 << 20, most: 4 << 20, folder: disk.Path);
        Append(spool, 0, 2, noise: true);
        disk.Fill();
        for (int i = 2; i < 5; i++)
        {
            Assert.False(spool.Append(SamplePackets.Noise(i), default));
        }
        Assert.Equal(3UL, spool.Fill.LostPackets);
        Assert.NotNull(spool.Fault);
        spool.Saved(2);
        Append(spool, 5, 2, noise: true);
        Assert.Equal([5, 6], ReadFrom(spool, 1));
        Assert.Equal((3UL, null), (spool.Fill.LostPackets, spool.Fault));
        disk.Free();
        Append(spool, 7, 20, noise: true);
        Assert.Equal(Enumerable.Range(5, 22), ReadFrom(spool, 1));
    }

    [Fact]
    public async Task Waiting_can_be_cancelled_and_nothing_was_appended()
    {
        using Spool spool = Open(most: 4096, waits: true);
        using CancellationTokenSource stop = new();
        int appended = 0;
        Task appending = Task.Run(() =>
        {
            while (true)
            {
                _ = spool.Append(SamplePackets.Collected(appended, 1), stop.Token);
                appended++;
            }
        });
        // Full is when the count stands still although the thread runs: it then waits for room.
        while (spool.Fill.Bytes < 3500)
        {
            await Task.Yield();
        }
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => appending);
        Assert.Equal((ulong)appended, spool.Position);
        Assert.Equal(Enumerable.Range(0, appended), ReadFrom(spool, 1));
    }

    [Fact]
    public void A_life_of_the_future_ends_with_the_next_and_no_number_turns_over()
    {
        using Spool spool = Open();
        Assert.False(spool.IsAhead);
        spool.Renew(ulong.MaxValue);
        Assert.Equal(ulong.MaxValue, spool.BootId);
        Assert.True(spool.IsAhead);
        spool.Renew(0);
        Assert.False(spool.IsAhead);
        Assert.InRange(spool.BootId, 1_700_000_000_000_000_000UL, EdgeProtocol.LatestBootId(DateTimeOffset.UtcNow));
    }

    [Fact]
    public void A_new_life_takes_what_was_not_saved_with_it()
    {
        ulong renewed;
        using (Spool spool = Open())
        {
            Append(spool, 0, 3);
            spool.Saved(1);
            spool.Renew(spool.BootId + 1_000_000_000_000_000);
            renewed = spool.BootId;
            Append(spool, 3, 1);
            AssertLife(spool);
        }
        using (Spool spool = Open())
        {
            Assert.Equal(renewed, spool.BootId);
            AssertLife(spool);
        }

        void AssertLife(Spool spool)
        {
            using SpoolCursor cursor = new() { Next = 2 };
            for (int i = 1; i < 4; i++)
            {
                int length = spool.Read(cursor, _buffer, out BatchHeader header);
                Assert.Equal((renewed, (ulong)i + 1), (header.BootId, header.Sequence));
                Assert.Equal([i], SamplePackets.NumbersIn(_buffer.AsSpan(0, length)));
            }
        }
    }

    [Fact]
    public void A_spool_without_its_state_still_knows_its_life_from_its_batches()
    {
        ulong boot;
        using (Spool spool = Open())
        {
            boot = spool.BootId;
            Append(spool, 0, 3);
        }
        File.WriteAllBytes(Path.Combine(_folder.Path, "state"), [0, 1, 2]);
        using (Spool spool = Open())
        {
            Assert.Equal((boot, 4UL), (spool.BootId, spool.NextSequence));
        }
    }

    [Fact]
    public void Two_agents_cannot_have_the_same_spool()
    {
        using Spool spool = Open();
        SpoolException e = Assert.Throws<SpoolException>(() => Open());
        Assert.Contains("another agent", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_that_was_interrupted_goes_on_and_one_that_was_not_begins_anew()
    {
        DateTime written = new(2026, 1, 1);
        using (Spool spool = Open())
        {
            Assert.Equal(0UL, spool.BeginReplay(1000, written));
            Append(spool, 0, 5);
            spool.Saved(5);
        }
        using (Spool spool = Open())
        {
            Assert.Equal(5UL, spool.BeginReplay(1000, written));
            Append(spool, 5, 2);
            spool.Saved(7);
            spool.EndReplay();
        }
        using (Spool spool = Open())
        {
            Assert.Equal(0UL, spool.BeginReplay(1000, written));
            Append(spool, 0, 1);
        }
        // Another file under the same name.
        using (Spool spool = Open())
        {
            Assert.Equal(0UL, spool.BeginReplay(1001, written));
            Assert.Equal(9UL, spool.NextSequence);
            Append(spool, 10, 1);
            Assert.Equal([0, 10], ReadFrom(spool, spool.FirstFrom(0)));
            Assert.Equal(0UL, spool.Fill.LostPackets);
        }
    }

    private Spool Open(long most = 1 << 20, bool waits = false, long segment = 512, string? folder = null) => Spool.Open(
        new() { Folder = folder ?? _folder.Path, MaxBytes = Math.Max(most, 2 * segment), SegmentBytes = segment, Waits = waits });

    private static void Append(Spool spool, int first, int count, bool noise = false)
    {
        for (int i = first; i < first + count; i++)
        {
            Assert.True(spool.Append(noise ? SamplePackets.Noise(i) : SamplePackets.Collected(i, 1), default));
        }
    }

    private int[] ReadFrom(Spool spool, ulong sequence)
    {
        using SpoolCursor cursor = new() { Next = sequence };
        List<int> numbers = [];
        while (spool.Read(cursor, _buffer, out _) is > 0 and int length)
        {
            numbers.AddRange(SamplePackets.NumbersIn(_buffer.AsSpan(0, length)));
        }
        return [.. numbers];
    }
}
