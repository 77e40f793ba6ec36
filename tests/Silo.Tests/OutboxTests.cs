using KismetOrleans.Grains;

namespace KismetOrleans.Silo.Tests;

/// <summary>What a process reports is taken once, whatever answers are lost.</summary>
public sealed class OutboxTests
{
    [Fact]
    public async Task A_report_is_sent_again_under_its_number_until_it_is_taken_and_then_what_was_gathered_since()
    {
        Letters letters = new();
        await letters.DoNowAsync();
        Assert.Empty(letters.Sent);
        letters.Add("a");
        letters.IsLost = true;
        _ = await Assert.ThrowsAsync<TimeoutException>(() => letters.DoNowAsync());
        letters.Add("b");
        letters.Add("c");
        _ = await Assert.ThrowsAsync<TimeoutException>(() => letters.DoNowAsync());
        letters.IsLost = false;
        await letters.DoNowAsync();
        await letters.DoNowAsync();
        Assert.Equal([(1, "a"), (1, "a"), (1, "a"), (2, "bc")], letters.Sent);
    }

    private sealed class Letters() : Outbox<string>(TimeProvider.System)
    {
        private string _gathered = "";

        public bool IsLost { get; set; }

        public List<(long Sequence, string Report)> Sent { get; } = [];

        public void Add(string letter)
        {
            lock (Gathering)
            {
                _gathered += letter;
            }
        }

        protected override string? Take()
        {
            string? taken = _gathered.Length > 0 ? _gathered : null;
            _gathered = "";
            return taken;
        }

        protected override ValueTask SendAsync(Guid self, long sequence, string report)
        {
            Sent.Add((sequence, report));
            return IsLost ? throw new TimeoutException() : default;
        }

        protected override void LogFault(Exception e)
        {
        }
    }
}
