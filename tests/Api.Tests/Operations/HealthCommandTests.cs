using KismetOrleans.Api.Hosting;
using KismetOrleans.Silo.Hosting;
using KismetOrleans.Silo.Operations;

namespace KismetOrleans.Api.Tests.Operations;

/// <summary>The command that images without a shell use as their health check.</summary>
public sealed class HealthCommandTests
{
    [Fact]
    public async Task It_asks_whether_the_server_is_ready()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(0, Startup.Run(["health", server.Address.ToString()], Program.Build, ApiSettings.Usage, ApiSettings.New));
        Assert.Equal(1, Startup.Run(["health", "http://127.0.0.1:9"], Program.Build, ApiSettings.Usage, ApiSettings.New));
        Assert.Equal(2, Startup.Run(["health", "127.0.0.1"], Program.Build, ApiSettings.Usage, ApiSettings.New));
    }

    [Theory]
    [InlineData("http://0.0.0.0:8081", "http://127.0.0.1:8081/")]
    [InlineData("http://[::]:8081", "http://127.0.0.1:8081/")]
    [InlineData("http://+:80", "http://127.0.0.1/")]
    [InlineData("http://*:2501;https://*:2502", "http://127.0.0.1:2501/")]
    [InlineData("http://10.0.0.1:2501", "http://10.0.0.1:2501/")]
    [InlineData("http://localhost:2501", "http://localhost:2501/")]
    [InlineData("2501", null)]
    [InlineData("", null)]
    public void All_addresses_of_the_machine_are_reached_by_loopback(string urls, string? address) =>
        Assert.Equal(address, HealthCommand.AddressOf(urls)?.ToString());
}
