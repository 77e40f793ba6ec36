using KismetOrleans.Capture.Edge.Joining;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Tests.Edge.Sending;

// The link of a host that joined, whose key changes.
public sealed partial class SensorLinkTests
{
    [Fact]
    public async Task A_link_goes_over_to_a_new_key_while_the_old_one_still_holds()
    {
        JoinedKey key = new(Joined("one"), _folder.Path, _time);
        TaskCompletionSource welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task first = _server.Next(async peer =>
        {
            await peer.WelcomeAsync();
            welcomed.SetResult();
            while (await peer.ReceiveAsync<Bye>() is { Reason: not ByeReason.Stopping })
            {
            }
        });
        Start(joined: key);
        await welcomed.Task;
        // The server has not heard of it yet, and is asked again three seconds later; the link goes on meanwhile.
        Task refused = _server.Next(401);
        Task second = _server.Next(async peer => await peer.WelcomeAsync());
        Assert.Null(key.Replace(Joined("two")));
        _time.Advance(await _time.WaitOf(static wait => wait.TotalSeconds == 3));
        await refused;
        Assert.False(first.IsCompleted);
        _time.Advance(await _time.WaitOf(static wait => wait.TotalSeconds == 3));
        await second;
        await first;
        Assert.Equal(["Bearer one", "Bearer two", "Bearer two"], _server.Authorizations);
        Assert.DoesNotContain("401", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_refused_is_told_once_and_one_that_is_new_is_tried_again_soon()
    {
        JoinedKey key = new(Joined("one"), _folder.Path, _time);
        Assert.Null(key.Replace(Joined("two")));
        Task soon = _server.Next(401);
        Start(joined: key);
        await soon;
        Assert.InRange(await RetryAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
        _time.Advance(TimeSpan.FromSeconds(10));
        for (int i = 0; i < 3; i++)
        {
            await _server.Next(401);
            Assert.InRange(await RetryAsync(), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(60));
        }
        Assert.Contains("does not know the new key yet (401)", _said.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, _said.ToString().Split("the key lobby of this sensor (401): it was revoked or has expired; join again").Length);
    }

    private static JoinedState Joined(string key) => new(new("http://s"), "lobby", key, [], "", 0, 90);
}
