using KismetOrleans.Api.Hosting;
using KismetOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Settings are checked before anything starts: what is wrong is named, and nothing is taken silently.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("--Traking:MaxDevices=5", "--Traking:MaxDevices: unknown setting; did you mean --Tracking:MaxDevices?")]
    [InlineData("--Storge:Sqlite=none", "--Storge:Sqlite: unknown setting; did you mean --Storage:Sqlite?")]
    [InlineData("--nonsense=1", "--nonsense: unknown setting (--help")]
    [InlineData("campus.pcapng", "'campus.pcapng': unknown argument")]
    [InlineData("--Tracking:MaxDevices", "--Tracking:MaxDevices: its value is missing")]
    public void What_is_unknown_is_refused_with_the_nearest_that_is_known(string argument, string message) =>
        Assert.StartsWith(message, Refused(argument), StringComparison.Ordinal);

    [Theory]
    [InlineData("--Tracking:MaxDevices=abc", "Tracking:MaxDevices: 'abc' is no whole number")]
    [InlineData("--Tracking:MaxDevices=-1", "Tracking:MaxDevices: must not be negative")]
    [InlineData("--Tracking:DuplicateWindow=soon", "Tracking:DuplicateWindow: 'soon' is no time such as 00:00:05")]
    [InlineData("--Tracking:KeepEapol=perhaps", "Tracking:KeepEapol: 'perhaps' is no true or false")]
    [InlineData("--Scanning:MaxEntryBytes=0", "Scanning:MaxEntryBytes: must be at least 65536")]
    [InlineData("--Api:Dialect=latin", "Api:Dialect: 'latin' is no seeds or current")]
    [InlineData("--Ingest:Keys:0:Rate=fast", "Ingest:Keys:0:Rate: 'fast' is no number")]
    public void A_value_that_cannot_be_understood_is_named(string argument, string message) =>
        Assert.StartsWith(message, Refused(argument), StringComparison.Ordinal);

    [Fact]
    public void A_misspelt_name_in_a_section_is_refused_wherever_it_comes_from()
    {
        SettingCatalogue settings = ApiSettings.New();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Alerts:Backlok", "5"), new("PATH", "/bin"), new("Alerts:Rates:DEAUTHFLOOD", "1/min")]).Build();
        Assert.StartsWith(
            "Alerts:Backlok: unknown setting; did you mean Alerts:Backlog?",
            Assert.Throws<ArgumentException>(() => settings.CheckValues(configuration)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_is_taken_by_its_name_of_the_version_before_unless_it_stands_by_its_own()
    {
        SettingCatalogue settings = ApiSettings.New();
        settings.CheckArguments(["--Scanning:MaxEntryOctets=5", "--Events:QueueOctets", "7"]);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Scanning:MaxEntryOctets", "5"), new("Events:QueueOctets", "7"), new("Events:QueueBytes", "8")]).Build();
        settings.CheckValues(configuration);
        Assert.Equal([KeyValuePair.Create("Scanning:MaxEntryBytes", (string?)"5")], settings.Renames(configuration));
        Assert.StartsWith("Scanning:MaxEntryOctets: 'much' is no whole number", Refused("--Scanning:MaxEntryOctets=much"), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_lists_every_setting_with_what_it_means()
    {
        using StringWriter help = new();
        ApiSettings.New().Write(help);
        Assert.Contains("--Tracking:MaxDevices <whole number>", help.ToString(), StringComparison.Ordinal);
        Assert.Contains("Devices kept by all partitions together", help.ToString(), StringComparison.Ordinal);
        Assert.Contains("--Ingest:Keys:0:Name <text>", help.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ApiSettings.New().All, static setting => setting.Meaning.Length == 0);
    }

    private static string Refused(string argument) =>
        Assert.Throws<ArgumentException>(() => Program.Build(["--urls", "http://127.0.0.1:0", "--Storage:Sqlite", "none", argument])).Message;
}
