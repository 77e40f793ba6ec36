using System.Net;
using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Engine.Tests.Auth;

/// <summary>Whoever guesses waits, twice as long each time, and the memory for that is bounded.</summary>
public sealed class FailedLoginsTests
{
    private static readonly IPAddress s_guesser = IPAddress.Parse("192.0.2.1");
    private readonly HandClock _clock = new();
    private readonly FailedLogins _failed;

    public FailedLoginsTests() => _failed = new(_clock);

    [Fact]
    public void The_wait_doubles_up_to_a_minute()
    {
        List<double?> waits = [];
        for (int i = 0; i < 14; i++)
        {
            _failed.Fail(s_guesser);
            waits.Add(_failed.Wait(s_guesser)?.TotalSeconds);
        }
        Assert.Equal([null, null, null, null, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60], waits);
        Assert.Null(_failed.Wait(IPAddress.Parse("192.0.2.2")));
        _clock.Advance(TimeSpan.FromSeconds(59.5));
        Assert.Equal(0.5, _failed.Wait(s_guesser)!.Value.TotalSeconds, 3);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(_failed.Wait(s_guesser));
        // The next failure counts on.
        _failed.Fail(s_guesser);
        Assert.Equal(60, _failed.Wait(s_guesser)!.Value.TotalSeconds);
    }

    [Fact]
    public void The_right_password_or_a_quarter_of_an_hour_forgets()
    {
        Fail(6);
        _failed.Succeed(s_guesser);
        Assert.Null(_failed.Wait(s_guesser));
        Fail(6);
        _clock.Advance(TimeSpan.FromMinutes(15));
        Fail(1);
        Assert.Null(_failed.Wait(s_guesser));
    }

    [Fact]
    public void A_guess_is_known_again_as_long_as_it_counts()
    {
        for (uint guess = 1; guess <= 9; guess++)
        {
            Assert.False(_failed.HasFailed(s_guesser, guess));
            _failed.Fail(s_guesser, guess);
            Assert.True(_failed.HasFailed(s_guesser, guess));
        }
        // The last eight, and of this guesser alone.
        Assert.False(_failed.HasFailed(s_guesser, 1));
        Assert.True(_failed.HasFailed(s_guesser, 2));
        Assert.False(_failed.HasFailed(IPAddress.Parse("192.0.2.2"), 9));
        _clock.Advance(TimeSpan.FromMinutes(15));
        Assert.False(_failed.HasFailed(s_guesser, 9));
    }

    [Fact]
    public void A_browser_that_had_a_session_counts_by_itself_wherever_it_is()
    {
        Fail(6);
        Guesser known = new(s_guesser, 7);
        Assert.Null(_failed.Wait(known));
        for (int i = 0; i < FailedLogins.Free; i++)
        {
            _failed.Fail(known);
        }
        Assert.NotNull(_failed.Wait(known with { Address = IPAddress.Parse("192.0.2.2") }));
        Assert.Null(_failed.Wait(known with { Session = 8 }));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public void A_network_of_IPv6_is_one_guesser(string one, string other, bool same)
    {
        for (int i = 0; i < FailedLogins.Free; i++)
        {
            _failed.Fail(IPAddress.Parse(one));
        }
        Assert.Equal(same, _failed.Wait(IPAddress.Parse(other)) is not null);
    }

    [Fact]
    public void The_oldest_gives_way()
    {
        Fail(FailedLogins.Free);
        for (int i = 0; i < FailedLogins.MaxAddresses; i++)
        {
            _clock.Advance(TimeSpan.FromMicroseconds(1));
            _failed.Fail(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]));
        }
        Assert.Equal(FailedLogins.MaxAddresses, _failed.Count);
        Assert.Null(_failed.Wait(s_guesser));
    }

    private void Fail(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _failed.Fail(s_guesser);
        }
    }
}
