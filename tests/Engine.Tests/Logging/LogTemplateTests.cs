using KismetOrleans.Engine.Logging;

namespace KismetOrleans.Engine.Tests.Logging;

/// <summary>Paths of logs are what the template says, and lead nowhere else.</summary>
public sealed class LogTemplateTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 9, 7, 5, 2, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("%p/%n-%D-%t-%i.%l", "/var/log/Kismet-20260309-07-05-02-3.pcapng")]
    [InlineData("%p/%l/%n", "/var/log/pcapng/Kismet")]
    [InlineData("100%%-%i", "100%-3")]
    [InlineData("plain", "plain")]
    public void Placeholders_are_filled(string template, string path)
    {
        LogOptions options = new() { Prefix = "/var/log", Template = template };
        options.Validate();
        Assert.Equal(path, LogTemplate.Path(options, "Kismet", "pcapng", s_start, 3));
    }

    [Theory]
    [InlineData("%p/%x", "'%x' is no placeholder")]
    [InlineData("%p/%", "'%' is no placeholder")]
    [InlineData("", "is empty")]
    public void A_wrong_template_is_refused(string template, string error) => Assert.Equal(error, LogTemplate.Wrong(template));

    [Theory]
    [InlineData("East Wing_2.b-1", null)]
    [InlineData("..", "must not begin with a dot")]
    [InlineData("a/../b", "takes letters, digits, space, dot, underscore and dash, not U+002F")]
    [InlineData("a\0", "takes letters, digits, space, dot, underscore and dash, not U+0000")]
    [InlineData("", "takes 1 to 128 characters")]
    public void A_title_stays_in_its_folder(string title, string? error) => Assert.Equal(error, LogTemplate.WrongTitle(title));

    [Theory]
    [InlineData("Kismet-20260309-07-05-02-12.pcapng", true)]
    [InlineData("Kismet-20260309-07-05-02-12.kismet", false)]
    [InlineData("Kismet-20260309-07-05-02-.pcapng", false)]
    [InlineData("Lobby-20260309-07-05-02-1.pcapng", false)]
    [InlineData("xKismet-20260309-07-05-02-1.pcapng", false)]
    [InlineData("Kismet-20260309-07-05-02-1.pcapng.bak", false)]
    [InlineData("Kismet-20260309-07-05-02-1xpcapng", false)]
    public void Only_files_of_a_kind_and_title_are_its_own(string name, bool own) =>
        Assert.Equal(own, LogTemplate.NameOf(new(), "Kismet", "pcapng").IsMatch(name));

    [Theory]
    [InlineData("netxml", "Log:Types: 'netxml' is no kind of log; pcapppi, kismet, pcapng, wiglecsv are")]
    public void An_unknown_kind_is_refused(string type, string error) =>
        Assert.Equal(error, Assert.Throws<ArgumentException>(() => new LogOptions { Types = [type] }.Validate()).Message);
}
