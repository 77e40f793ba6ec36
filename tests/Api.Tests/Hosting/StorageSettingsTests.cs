using KismetOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>How often devices are saved, as the settings say, within what a sensor's checkpoint can wait for.</summary>
public sealed class StorageSettingsTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData("", 1)]
    [InlineData("00:00:00", 0)]
    [InlineData("00:00:20", 20)]
    public void A_time_up_to_twenty_seconds_is_taken(string? text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Read(text));

    [Theory]
    [InlineData("00:00:21")]
    [InlineData("-00:00:01")]
    [InlineData("5 s")]
    public void Anything_else_is_refused_by_name(string text) =>
        Assert.Equal($"Storage:SaveEvery: expected a time up to 00:00:20, as 00:00:05, not '{text}'", Assert.Throws<ArgumentException>(() => Read(text)).Message);

    private static TimeSpan Read(string? text) => StorageSettings.SaveEvery(
        new ConfigurationBuilder().AddInMemoryCollection([new("Storage:SaveEvery", text)]).Build(), TimeSpan.FromSeconds(1));
}
