using KismetOrleans.Capture.Edge.Joining;
using KismetOrleans.Packets.Tests;

namespace KismetOrleans.Capture.Tests.Edge.Joining;

/// <summary>What is given to whoever puts up a sensor, and the file of what it got for it.</summary>
public sealed class JoinedTests : IDisposable
{
    private static readonly string s_pin = new('A', 43);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_address_has_a_server_a_token_and_perhaps_pins()
    {
        Assert.True(JoinAddress.TryParse($"https://s:2501/kismet#T.{s_pin}.{s_pin}", out JoinAddress? address, out _));
        Assert.Equal((new Uri("https://s:2501/kismet"), "T"), (address.Server, address.Token));
        Assert.Equal([s_pin, s_pin], address.Pins);
        Assert.True(JoinAddress.TryParse("http://s:2501#T", out address, out _));
        Assert.Empty(address.Pins);
    }

    [Theory]
    [InlineData("", "expected an address")]
    [InlineData("s:2501#T", "expected an address")]
    [InlineData("ftp://s#T", "expected an address")]
    [InlineData("http://s", "there is no token")]
    [InlineData("http://s#", "there is no token")]
    [InlineData("https://s#T.", "no pin")]
    [InlineData("https://s#T.short", "no pin")]
    public void What_is_none_is_told_without_the_token(string text, string error)
    {
        Assert.False(JoinAddress.TryParse(text, out _, out string? said));
        Assert.Contains(error, said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_got_is_there_again_and_what_is_damaged_is_told()
    {
        Assert.Null(JoinedState.Load(_folder.Path, out _));
        JoinedState state = State("key");
        state.Save(_folder.Path);
        JoinedState again = JoinedState.Load(_folder.Path, out string? warning)!;
        Assert.Equal(state with { Pins = [] }, again with { Pins = [] });
        Assert.Equal(state.Pins, again.Pins);
        Assert.Null(warning);
        string path = JoinedState.PathIn(_folder.Path);
        foreach (string text in (string[])["", "[]", "{}", """{"server":"s","name":"n","key":"k","pins":[],"token":"","made":"x","life":1}"""])
        {
            File.WriteAllText(path, text);
            Assert.Contains("is damaged: join again", Assert.Throws<InvalidDataException>(() => JoinedState.Load(_folder.Path, out _)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_that_changes_is_told_to_who_waits_and_is_fresh_for_ten_seconds()
    {
        ManualTime time = new();
        JoinedKey key = new(State("one"), _folder.Path, time);
        Assert.False(key.IsFresh);
        Task other = key.OtherThanAsync("one", CancellationToken.None);
        Assert.False(other.IsCompleted);
        Assert.Null(key.Replace(State("two")));
        await other.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(key.OtherThanAsync("one", CancellationToken.None).IsCompletedSuccessfully);
        Assert.Equal("two", JoinedState.Load(_folder.Path, out _)!.Key);
        Assert.True(key.IsFresh);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(key.IsFresh);
    }

    [Fact]
    public void A_key_that_cannot_be_written_holds_all_the_same_and_is_written_later()
    {
        // A file where the folder would be.
        string folder = Path.Combine(_folder.Path, "spool");
        File.WriteAllText(folder, "");
        JoinedKey key = new(State("one"), folder, new ManualTime());
        Assert.NotNull(key.Replace(State("two")));
        Assert.Equal("two", key.State.Key);
        File.Delete(folder);
        Assert.Null(key.Save());
        Assert.Equal("two", JoinedState.Load(folder, out _)!.Key);
    }

    private static JoinedState State(string key) => new(new("https://s:2501/"), "lobby", key, [s_pin], JoinedState.DigestOf("T"), 1000, 90);
}
