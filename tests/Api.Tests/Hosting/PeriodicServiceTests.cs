using KismetOrleans.Grains;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>What goes wrong once is told, and what is done regularly goes on.</summary>
public sealed class PeriodicServiceTests
{
    [Fact]
    public async Task It_goes_on_after_a_fault()
    {
        using Saves saves = new();
        await saves.StartAsync(CancellationToken.None);
        await saves.Fifth.WaitAsync(TimeSpan.FromSeconds(30));
        await saves.StopAsync(CancellationToken.None);
        Assert.Equal(["fault 1", "fault 3"], saves.Told);
        Assert.Null(saves.ExecuteTask!.Exception);
    }

    private sealed class Saves() : PeriodicService(TimeSpan.FromMilliseconds(5), TimeProvider.System)
    {
        private readonly TaskCompletionSource _fifth = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public List<string> Told { get; } = [];

        public Task Fifth => _fifth.Task;

        protected override Task DoAsync()
        {
            switch (++_count)
            {
                case 1:
                    throw new IOException("fault 1");
                case 3:
                    return Task.FromException(new IOException("fault 3"));
                case 5:
                    _fifth.SetResult();
                    break;
            }
            return Task.CompletedTask;
        }

        protected override void LogFault(Exception e) => Told.Add(e.Message);
    }
}
