using System.Runtime.CompilerServices;
using KismetOrleans.Engine.Scanning;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>An intake on which nobody waits for ever: what it owes and does not do fails the test.</summary>
internal sealed class PatientIntake(ScanIntake intake) : IAsyncDisposable
{
    // Longer than posts wait for partitions (ScanHost).
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public long Reports => intake.Reports;

    public long RefusedPosts => intake.RefusedPosts;

    public long Rewinds => intake.Rewinds;

    public async ValueTask<bool> PostAsync(ScanPost post) => await SoonAsync(intake.PostAsync(post).AsTask());

    public async Task<int> ReplayAsync(TimeSpan olderThan, CancellationToken cancellation) => await SoonAsync(intake.ReplayAsync(olderThan, cancellation));

    /// <summary>Completes when nothing waits for the journal any more.</summary>
    public async Task WhenTakenAsync()
    {
        long since = TimeProvider.System.GetTimestamp();
        while (intake.WaitingBytes > 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < s_patience, $"{intake.WaitingBytes} bytes still wait for the journal");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync() => await SoonAsync(EndAsync());

    private async Task<bool> EndAsync()
    {
        await intake.DisposeAsync();
        return true;
    }

    private static async Task<T> SoonAsync<T>(Task<T> task, [CallerMemberName] string what = "")
    {
        try
        {
            return await task.WaitAsync(s_patience);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"{what} has not ended after {s_patience.TotalSeconds} s");
            throw;
        }
    }
}
