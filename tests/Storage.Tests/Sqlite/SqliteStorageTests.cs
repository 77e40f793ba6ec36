using System.Diagnostics;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Storage.Tests.Sqlite;

/// <summary>A file of one server: made, kept, guarded, and refused with a word when it is no such file.</summary>
public sealed class SqliteStorageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ko-sqlite-").FullName;

    private string File => Path.Combine(_folder, "new", "state.db");

    [Fact]
    public async Task A_file_and_its_folder_are_made_and_keep_their_partitions()
    {
        await using (SqliteStorage storage = SqliteStorage.Open(File, 16))
        {
            Assert.Equal(16, storage.Partitions);
        }
        await using SqliteStorage again = SqliteStorage.Open(File, 2);
        Assert.Equal(16, again.Partitions);
    }

    [Fact]
    public async Task A_file_that_a_server_has_is_refused_to_another()
    {
        await using (SqliteStorage.Open(File, 1))
        {
            StorageException refusal = Assert.Throws<StorageException>(() => SqliteStorage.Open(File, 1));
            Assert.Contains(File, refusal.Message);
            Assert.Contains("--Storage:Sqlite", refusal.Message);
        }
        await SqliteStorage.Open(File, 1).DisposeAsync();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        string file = Path.Combine(_folder, "notes.txt");
        await System.IO.File.WriteAllTextAsync(file, new string('x', 5000));
        Assert.Contains(file, Assert.Throws<StorageException>(() => SqliteStorage.Open(file, 1)).Message);
        Assert.Equal(new string('x', 5000), await System.IO.File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_file_of_a_newer_server_or_of_somebody_else_is_refused()
    {
        await SqliteStorage.Open(File, 1).DisposeAsync();
        Change(File, "INSERT INTO schema_version (version, name, applied) VALUES (99, 'x', '')");
        Assert.Contains("99", Assert.Throws<StorageException>(() => SqliteStorage.Open(File, 1)).Message);
        string other = Path.Combine(_folder, "other.db");
        Change(other, "CREATE TABLE cats (name TEXT)");
        Assert.Contains("not one of this server", Assert.Throws<StorageException>(() => SqliteStorage.Open(other, 1)).Message);
    }

    // Another tool holds the file for longer than SQLite waits by itself: the save waits, and is done.
    [Fact]
    public async Task What_cannot_be_written_now_is_written_later()
    {
        List<string> said = [];
        await using SqliteStorage storage = SqliteStorage.Open(File, 1, complain: message =>
        {
            lock (said)
            {
                said.Add(message);
            }
        });
        long epoch = (await storage.Devices.LoadAsync(0)).Epoch;
        Task save;
        using (SqliteDatabase tool = new(File, readOnly: false))
        {
            tool.Execute("BEGIN IMMEDIATE");
            save = storage.Devices.SaveAsync(Sample.Changes(0, epoch, Sample.Device(1))).AsTask();
            Stopwatch patience = Stopwatch.StartNew();
            while (storage.Trouble is null && patience.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Yield();
            }
            Assert.NotNull(storage.Trouble);
            Assert.False(save.IsCompleted);
            // Whoever gives up is let go.
            using CancellationTokenSource stop = new();
            Task given = storage.Journal.AppendAsync(1, 1, new byte[1], cancellation: stop.Token).AsTask();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
            tool.Execute("ROLLBACK");
        }
        await save;
        Assert.Null(storage.Trouble);
        Assert.Single((await storage.Devices.LoadAsync(0)).Devices);
        Assert.Equal(2, said.Count);
    }

    [Fact]
    public async Task What_waits_at_the_end_is_written()
    {
        Task[] appends;
        await using (SqliteStorage storage = SqliteStorage.Open(File, 1))
        {
            appends = [.. Enumerable.Range(1, 500).Select(i => storage.Journal.AppendAsync(1, (ulong)i, new byte[100]).AsTask())];
        }
        await Task.WhenAll(appends);
        await using SqliteStorage again = SqliteStorage.Open(File, 1);
        int count = 0;
        await foreach (Engine.Persistence.JournalEntry _ in again.Journal.ReadAsync(null, 0, TimeSpan.Zero))
        {
            count++;
        }
        Assert.Equal(500, count);
        Assert.Throws<ObjectDisposedException>(() => { _ = Closed(); });

        static Task Closed()
        {
            StoreQueue<SqliteJob> queue = new();
            queue.Close();
            queue.Add(new SqliteCall<int>(static _ => 0, default));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void What_a_client_waits_for_does_not_stand_behind_what_nobody_waits_for_and_the_other_way_round()
    {
        StoreQueue<Job> queue = new();
        Job[] usual = [.. Enumerable.Range(0, 4).Select(static _ => new Job(false))];
        Job[] urgent = [.. Enumerable.Range(0, 2).Select(static _ => new Job(true))];
        foreach (Job job in (Job[])[.. usual, .. urgent])
        {
            queue.Add(job);
        }
        List<Job> taken = [];
        Assert.True(queue.Take(taken, 2));
        Assert.Equal(urgent, taken);
        Job late = new(true);
        queue.Add(late);
        Assert.True(queue.Take(taken, 2));
        Assert.Equal(usual[..2], taken);
        Assert.True(queue.Take(taken, 2));
        Assert.Equal([late], taken);
        queue.Close();
        Assert.False(queue.Take(taken, 2));
        Assert.Equal(usual[2..], taken);
    }

    [Fact]
    public async Task The_log_is_copied_into_the_file_while_it_is_written_and_stays_bounded()
    {
        await using SqliteStorage storage = SqliteStorage.Open(File, 1);
        byte[] entry = new byte[1 << 20];
        for (int i = 1; i <= 300; i++)
        {
            await storage.Journal.AppendAsync(1, (ulong)i, entry);
            await storage.Journal.DeleteAsync(1, (ulong)i);
        }
        // What makes the writer wait, and what comes until it looks, of 300 MB that were written.
        Assert.InRange(new FileInfo(File + "-wal").Length, 1, 176 << 20);
        Assert.InRange(new FileInfo(File).Length, 1 << 20, long.MaxValue);
    }

    private sealed class Job(bool isUrgent) : StoreJob(default)
    {
        public override bool IsUrgent => isUrgent;

        public override int Weight => 1;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Change(string file, string sql)
    {
        using SqliteDatabase database = new(file, readOnly: false);
        database.Execute(sql);
    }
}
