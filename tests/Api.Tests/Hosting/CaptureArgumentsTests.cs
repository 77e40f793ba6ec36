using KismetOrleans.Api.Hosting;
using KismetOrleans.Silo.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Sources and addresses out of the command line and the settings.</summary>
public sealed class CaptureArgumentsTests
{
    [Fact]
    public void Definitions_are_taken_out_in_order_and_the_rest_stays()
    {
        string[] rest = CaptureArguments.TakeDefinitions(
            ["--urls", "http://x", "-c", "a.pcap:name=x,uuid=y", "--capture", "b", "-c=c=d", "--capture=-e", "-c", "-c", "--other=1"],
            out IReadOnlyList<string> definitions);
        Assert.Equal(["a.pcap:name=x,uuid=y", "b", "c=d", "-e", "-c"], definitions);
        Assert.Equal(["--urls", "http://x", "--other=1"], rest);
    }

    [Theory]
    [InlineData("-c")]
    [InlineData("--capture")]
    public void An_option_without_a_definition_is_refused(string option)
    {
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => CaptureArguments.TakeDefinitions(["-c", "a", option], out _));
        Assert.StartsWith($"{option}: a source definition must follow", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(2, Startup.Run([option], Program.Build, ApiSettings.Usage, ApiSettings.New));
    }

    [Fact]
    public void Without_c_the_settings_say_which_sources()
    {
        Assert.Equal(["one", "two"], SourcesOf("--Sources:0=one", "--Sources:1=two"));
        Assert.Equal(["one"], SourcesOf("--Sources:0", "one"));
        Assert.Empty(SourcesOf());
    }

    [Fact]
    public void With_c_the_settings_sources_are_left_out() =>
        Assert.Equal(["cli"], SourcesOf("--Sources:0=one", "--Sources:1=two", "-c", "cli"));

    [Fact]
    public void The_address_is_loopback_until_another_is_given()
    {
        Assert.Equal("http://127.0.0.1:2501", Startup.CreateBuilder([], ApiSettings.New()).WebHost.GetSetting(WebHostDefaults.ServerUrlsKey));
        Assert.Equal("http://127.0.0.1:7", Startup.CreateBuilder(["--urls", "http://127.0.0.1:7"], ApiSettings.New()).WebHost.GetSetting(WebHostDefaults.ServerUrlsKey));
        Assert.Equal("http://127.0.0.1:7", Startup.CreateBuilder(["--urls=http://127.0.0.1:7"], ApiSettings.New()).WebHost.GetSetting(WebHostDefaults.ServerUrlsKey));
    }

    [Fact]
    public void Settings_are_those_beside_the_program() =>
        Assert.Equal(
            AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar),
            Startup.CreateBuilder([], ApiSettings.New()).Environment.ContentRootPath.TrimEnd(Path.DirectorySeparatorChar));

    private static string[] SourcesOf(params string[] args) => CaptureArguments.Of(Startup.CreateBuilder(args, ApiSettings.New()).Configuration);
}
