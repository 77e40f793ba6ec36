using System.Net;
using System.Net.Sockets;
using KismetOrleans.Capture.Edge.Sending;

namespace KismetOrleans.Capture.Tests.Edge.Sending;

/// <summary>Which server a source goes to: each to its own, all together to all, and little changes when one comes or goes.</summary>
public sealed class ServerHostTests
{
    private static readonly Uri[] s_three = [new("http://a:2501"), new("http://b:2501"), new("http://c:2501")];
    private static readonly Guid[] s_sources = [.. Enumerable.Range(0, 1000).Select(static i => new Guid(i, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]))];

    [Fact]
    public async Task A_thousand_sources_spread_over_all_servers()
    {
        Dictionary<string, int> first = await FirstAsync(s_three);
        Assert.All(s_three, server => Assert.InRange(first[server.Host], 250, 420));
    }

    [Fact]
    public async Task When_a_server_is_gone_its_sources_go_to_all_others_and_nobody_else_moves()
    {
        Dictionary<string, int> moved = [];
        foreach (Guid source in s_sources)
        {
            ServerHost[] all = await ServerHost.ResolveAsync(s_three, source, OneAddress, default);
            ServerHost[] without = await ServerHost.ResolveAsync(s_three[..2], source, OneAddress, default);
            Assert.Equal(all.Where(static host => host.Server.Host != "c"), without);
            if (all[0].Server.Host == "c")
            {
                moved[without[0].Server.Host] = moved.GetValueOrDefault(without[0].Server.Host) + 1;
            }
        }
        Assert.InRange((double)moved["a"] / (moved["a"] + moved["b"]), 0.4, 0.6);
    }

    [Fact]
    public async Task Each_address_of_a_name_is_a_server_of_its_own_and_the_other_protocol_comes_last()
    {
        IPAddress[] addresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fd00::1"), IPAddress.Parse("10.0.0.2"), IPAddress.Parse("fd00::2")];
        Dictionary<string, int> first = [];
        foreach (Guid source in s_sources)
        {
            ServerHost[] hosts = await ServerHost.ResolveAsync(s_three[..1], source, (_, _) => Task.FromResult(addresses), default);
            Assert.Equal(["10.0.0.1", "10.0.0.2"], hosts[..2].Select(static host => $"{host.Address}").Order());
            Assert.Equal(["fd00::1", "fd00::2"], hosts[2..].Select(static host => $"{host.Address}").Order());
            first[$"{hosts[0]}"] = first.GetValueOrDefault($"{hosts[0]}") + 1;
        }
        Assert.InRange(first["http://a:2501/ (10.0.0.1)"], 400, 600);
    }

    [Fact]
    public async Task A_name_that_is_not_known_does_not_keep_from_the_others()
    {
        ServerHost[] hosts = await ServerHost.ResolveAsync(s_three, s_sources[0], (name, _) => name == "b" ? OneAddress(name, default) : throw new SocketException((int)SocketError.HostNotFound), default);
        Assert.Equal("b", Assert.Single(hosts).Server.Host);
        await Assert.ThrowsAsync<SocketException>(() =>
            ServerHost.ResolveAsync(s_three, s_sources[0], static (_, _) => throw new SocketException((int)SocketError.HostNotFound), default));
    }

    [Theory]
    [InlineData("http://server:2501", "ws://server:2501/datasource/remote/edge.ws")]
    [InlineData("https://server/kismet/", "wss://server/kismet/datasource/remote/edge.ws")]
    [InlineData("http://[fd00::7]:2501", "ws://[fd00::7]:2501/datasource/remote/edge.ws")]
    [InlineData("http://localhost:2501", "ws://localhost:2501/datasource/remote/edge.ws")]
    public async Task A_server_with_one_address_is_asked_by_its_name(string server, string endpoint)
    {
        ServerHost host = Assert.Single(await ServerHost.ResolveAsync([new(server)], s_sources[0], OneAddress, default));
        Assert.Null(host.Address);
        Assert.Equal(endpoint, host.Endpoint.ToString());
    }

    private static async Task<Dictionary<string, int>> FirstAsync(Uri[] servers)
    {
        Dictionary<string, int> first = [];
        foreach (Guid source in s_sources)
        {
            string host = (await ServerHost.ResolveAsync(servers, source, OneAddress, default))[0].Server.Host;
            first[host] = first.GetValueOrDefault(host) + 1;
        }
        return first;
    }

    private static Task<IPAddress[]> OneAddress(string name, CancellationToken cancellation) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.9")]);
}
