using KismetOrleans.Engine.Embedded;

namespace KismetOrleans.Engine.Tests.Embedded;

/// <summary>Calls run one at a time, in order, and what goes wrong in one is its caller's alone.</summary>
public sealed class MailboxTests
{
    [Fact]
    public async Task Calls_run_in_the_order_in_which_they_came()
    {
        await using Mailbox mailbox = new();
        List<int> order = [];
        Task[] calls = [.. Enumerable.Range(0, 1000).Select(i => mailbox.PostAsync(() => order.Add(i)))];
        await Task.WhenAll(calls);
        Assert.Equal(Enumerable.Range(0, 1000), order);
    }

    [Fact]
    public async Task No_two_calls_run_at_once()
    {
        await using Mailbox mailbox = new();
        int running = 0;
        int most = 0;
        int done = 0;
        await Parallel.ForAsync(0, 8, async (_, _) =>
        {
            for (int i = 0; i < 200; i++)
            {
                await mailbox.PostAsync(() =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref running));
                    done++;
                    Interlocked.Decrement(ref running);
                });
            }
        });
        Assert.Equal(1, most);
        Assert.Equal(1600, done);
    }

    [Fact]
    public async Task An_exception_reaches_its_caller_and_the_next_call_still_runs()
    {
        await using Mailbox mailbox = new();
        Task<int> bad = mailbox.PostAsync<int>(() => throw new InvalidDataException("bad"));
        Task<int> good = mailbox.PostAsync(() => 42);
        Assert.Equal("bad", (await Assert.ThrowsAsync<InvalidDataException>(() => bad)).Message);
        Assert.Equal(42, await good);
    }

    [Fact]
    public async Task Disposing_finishes_what_waits_and_takes_no_more()
    {
        Mailbox mailbox = new();
        using ManualResetEventSlim gate = new();
        Task first = mailbox.PostAsync(gate.Wait);
        Task<string> second = mailbox.PostAsync(() => "done");
        ValueTask disposed = mailbox.DisposeAsync();
        Assert.False(disposed.IsCompleted);
        Assert.False(second.IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => mailbox.PostAsync(() => 1));
        gate.Set();
        await disposed;
        Assert.True(first.IsCompletedSuccessfully);
        Assert.Equal("done", await second);
    }

    [Fact]
    public async Task Its_length_counts_the_calls_that_wait_or_run()
    {
        await using Mailbox mailbox = new();
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ManualResetEventSlim gate = new();
        Task running = mailbox.PostAsync(() =>
        {
            started.SetResult();
            gate.Wait();
        });
        Task bad = mailbox.PostAsync(() => throw new InvalidDataException());
        Task waiting = mailbox.PostAsync(() => { });
        await started.Task;
        int length;
        try
        {
            length = mailbox.Length;
        }
        finally
        {
            gate.Set();
        }
        Assert.Equal(3, length);
        await waiting;
        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        Assert.True(running.IsCompletedSuccessfully);
        Assert.Equal(0, mailbox.Length);
    }
}
