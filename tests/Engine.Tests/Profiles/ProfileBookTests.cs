using System.Globalization;
using KismetOrleans.Engine.Profiles;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Tests.Profiles;

/// <summary>Which profile is for which agent, and what is kept.</summary>
public sealed class ProfileBookTests
{
    [Theory]
    [InlineData("lobby", "hq", "its name")]
    [InlineData("LOBBY", "other", "its name")]
    [InlineData("lobby-2", "hq", "longer")]
    [InlineData("lobby2", "hq", "shorter")]
    [InlineData("roof", "hq", "the site")]
    [InlineData("roof", "hq/3", "sites")]
    [InlineData("roof", "", "all")]
    // Of a name and a site both must be right.
    [InlineData("shed", "farm", "shed of the farm")]
    [InlineData("shed", "hq", "the site")]
    public void What_says_closest_that_it_is_for_an_agent_counts(string agent, string site, string expected)
    {
        ProfileBook book = Book(
            New("all"), New("the site", sites: ["hq"]), New("sites", sites: ["hq*"]), New("its name", sensors: ["lobby"]), New("shorter", sensors: ["lob*"]), New("longer", sensors: ["roof?", "lobby-*"]),
            New("shed of the farm", sites: ["farm"], sensors: ["shed"]));
        Assert.Equal(expected, book.For([agent], site)!.Name);
        Assert.Equal(expected, ProfileBook.Read(book.ToBytes()).For([agent], site)!.Name);
        // By its host's name as by its key's.
        Assert.Equal(expected, book.For(["host", agent], site)!.Name);
    }

    [Fact]
    public void One_that_is_for_others_is_for_nobody_else()
    {
        ProfileBook book = Book(New("a", sites: ["hq"]), New("b", sensors: ["lobby*"]));
        Assert.Null(book.For(["roof"], ""));
        Assert.Null(ProfileBook.Empty.For(["roof"], "hq"));
        Assert.Equal("", ProfileBook.ToMessage(null).Name);
    }

    [Fact]
    public void Each_state_has_a_version_of_its_own_also_of_one_that_was_deleted_between()
    {
        ProfileBook book = Book(New("a"), New("b"), New("a"));
        Assert.Equal([("a", 3), ("b", 2)], book.All.Select(static one => (one.Name, (int)one.Version)));
        book = ProfileBook.Read(book.Without("a")!.ToBytes());
        Assert.Null(book.Without("a"));
        Assert.Equal(4, book.With(New("a"))!.Value.Kept.Version);
        Assert.Equal(4, ProfileBook.ToMessage(book.With(New("a"))!.Value.Kept).Version);
    }

    [Fact]
    public void There_is_an_end_of_them()
    {
        ProfileBook book = Book([.. Enumerable.Range(0, ProfileBook.MaxCount).Select(static i => New(i.ToString(CultureInfo.InvariantCulture)))]);
        Assert.Null(book.With(New("one more")));
        Assert.NotNull(book.With(New("7")));
        Assert.Empty(ProfileBook.Read([]).All);
    }

    private static ProfileBook Book(params SensorProfile[] all) => all.Aggregate(ProfileBook.Empty, static (book, one) => book.With(one)!.Value.Book);

    private static SensorProfile New(string name, string[]? sites = null, string[]? sensors = null) => new(name, 0, 5, "admin", sites ?? [], sensors ?? [], ["wlan*:hoprate=3"], "gpsd", 8 << 20);
}
