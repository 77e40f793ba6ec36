using System.Net;
using System.Net.Sockets;
using System.Text;
using KismetOrleans.Api.Tests.WebUi;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>Doors that were small and open: files beside the page, pages without a policy, bodies that are none, lists of one address.</summary>
public sealed class SmallDoorTests
{
    private const string Mac = "/devices/multimac/devices.json";

    [Fact]
    public async Task Floor_plans_and_the_key_of_the_tile_server_are_for_who_may_read()
    {
        await using TestServer server = await TestServer.StartAsync("--Auth:Reads", "login", "--WebUi:Tiles", "https://tile.example.org/{z}/{x}/{y}.png?key=secret");
        foreach (string path in (string[])["/ui/settings.json", "/ui/plans/0"])
        {
            Answer answer = await server.Anonymous.AskAsync(path);
            answer.Page(HttpStatusCode.Unauthorized, "401 Permission denied");
            Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        }
        Assert.Contains("key=secret", (await server.Client.AskAsync("/ui/settings.json")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/kismet-ui/.git/config")]
    [InlineData("/kismet-ui/js/.cache/part.js")]
    [InlineData("/kismet-ui/%2egit/config")]
    [InlineData("/kismet-ui//.git/config")]
    [InlineData("/.git/config")]
    public async Task What_is_in_a_folder_that_begins_with_a_dot_is_not_served(string path)
    {
        KismetFolder folder = new();
        await folder.InitializeAsync();
        try
        {
            foreach (string inside in (string[])[".git/config", "js/.cache/part.js"])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Data, inside))!);
                await File.WriteAllTextAsync(Path.Combine(folder.Data, inside), "not for anybody");
            }
            await using TestServer server = await folder.StartAsync("--WebUi:KismetAtRoot", "true");
            (await server.Anonymous.AskAsync($"{server.Address.GetLeftPart(UriPartial.Authority)}{path}")).NotFound();
        }
        finally
        {
            await folder.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("/", "'none'")]
    [InlineData("/ui/devices", "'none'")]
    [InlineData("/api.html", "'none'")]
    [InlineData("/system/tracked_fields.html", "'none'")]
    [InlineData("/system/status.json", "'none'")]
    [InlineData("/no/such", "'none'")]
    [InlineData("/datasource/list_interfaces.json", "'none'")]
    [InlineData("/devices/by-key/x/device.json", "'none'")]
    [InlineData("/session/check_login", "'none'")]
    [InlineData("/ui/plans/7", "'none'")]
    public async Task Every_page_says_what_it_loads_and_stands_in_no_frame(string path, string ancestors)
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            Answer answer = await server.Anonymous.SendAsync(method, path, null);
            Assert.Equal("nosniff", Assert.Single(answer.Message.Headers.GetValues("X-Content-Type-Options")));
            string policy = Assert.Single(answer.Message.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
            Assert.Contains($"frame-ancestors {ancestors}", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("POST", "/devices/views/all/devices.json")]
    [InlineData("POST", Mac)]
    [InlineData("POST", "/session/set_password")]
    [InlineData("POST", "/phy/phy80211/scan/scan_report.cmd")]
    [InlineData("POST", "/alerts/raise_alert.cmd")]
    [InlineData("POST", "/logging/kismetdb/pcap/x.pcapng")]
    public async Task A_body_whose_chunks_are_none_is_a_bad_request(string verb, string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        string answer = await SendRawAsync(server.Address, $"{verb} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {Requests.Login}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nZZ\r\n{{}}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/phy/phy80211/scan/scan_report.cmd", "FFFFFFFFFFFFFFFFFF\r\nabc")]
    [InlineData("/phy/phy80211/scan/scan_report.cmd", "5\r\nabcdefgh\r\n")]
    [InlineData("/devices/views/all/devices.json", "FFFFFFFFFFFFFFFFFF\r\nabc")]
    [InlineData("/datasource/remote/rtl_433.cmd", "ZZ\r\nabc\r\n")]
    [InlineData("/datasource/remote/rtl_433.cmd", "FFFFFFFFFFFFFFFFFF\r\nabc")]
    [InlineData("/datasource/remote/rtl_adsb.cmd", "-1\r\n\r\n")]
    public async Task A_body_whose_chunks_have_impossible_lengths_is_a_bad_request(string path, string chunks)
    {
        await using TestServer server = await TestServer.StartAsync();
        string answer = await SendRawAsync(server.Address, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {Requests.Login}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunks}");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_TLS_is_told_to_stay_with_it()
    {
        await using TestServer server = await TestServer.StartAsync("--Api:TrustedProxies:0", "127.0.0.1");
        string answer = await SendRawAsync(
            server.Address, "GET /system/user_status.json HTTP/1.1\r\nHost: kismet.example\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n");
        Assert.Contains("\r\nStrict-Transport-Security: max-age=31536000\r\n", answer, StringComparison.Ordinal);
        await using TestServer plain = await TestServer.StartAsync();
        Assert.DoesNotContain("Strict-Transport-Security", await SendRawAsync(plain.Address, "GET / HTTP/1.1\r\nHost: kismet.example\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    private static async Task<string> SendRawAsync(Uri address, string request)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port, patience.Token);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        using MemoryStream answer = new();
        await stream.CopyToAsync(answer, patience.Token);
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}

/// <summary>Lists in which one device stands many times are answered once: 20,000 times one address were 331 MB.</summary>
[Collection(CampusCollection.Name)]
public sealed class RepeatedDeviceTests(Campus campus)
{
    [Theory]
    [InlineData("/devices/multimac/devices.json", "{mac}")]
    [InlineData("/devices/multikey/devices.json", "{key}")]
    public async Task A_device_that_is_named_many_times_is_answered_once(string path, string device)
    {
        string one = campus.Fill($"\"{device}\"");
        string many = string.Join(',', Enumerable.Repeat(one, 5000).Concat(Enumerable.Repeat(one.ToLowerInvariant(), device == "{mac}" ? 1000 : 0)));
        Answer answer = (await campus.Client.CommandAsync(path, $$"""{"devices":[{{many}}]}""")).Ok();
        Assert.Equal((await campus.Client.CommandAsync(path, $$"""{"devices":[{{one}}]}""")).Ok().List.Length, answer.List.Length);
    }
}
