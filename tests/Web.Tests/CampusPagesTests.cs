using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>Sensors, the map and the past.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CampusPagesTests(Browser browser)
{
    [PageFact]
    public async Task A_sensor_that_goes_down_is_seen_at_once()
    {
        await using WebServer server = await WebServer.StartAsync("-c", Api.Tests.Repository.Campus + ":name=library,realtime=true");
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/sensors");
        ILocator row = page.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("library") });
        await Expect(row).ToContainTextAsync("Replaying");
        await page.ScreenshotAsync("sensors");
        using JsonDocument sources = JsonDocument.Parse(await server.Client.GetStringAsync("/datasource/all_sources.json"));
        string uuid = sources.RootElement[0].GetProperty("kismet.datasource.uuid").GetString()!;

        await server.PostAsync($"/datasource/by-uuid/{uuid}/close_source.cmd", new { });
        await Expect(row).Not.ToContainTextAsync("Replaying");
        await Expect(row).ToContainTextAsync("Disabled");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Board" }).ClickAsync();
        Assert.Contains("view=board", page.Page.Url, StringComparison.Ordinal);
        await Expect(page.Page.GetByRole(AriaRole.List, new() { Name = "Sensors" })).ToContainTextAsync("library");
        await page.ScreenshotAsync("sensors-board");
        page.AssertClean();
    }

    [PageFact]
    public async Task The_map_shows_what_has_a_place_on_the_plan_that_is_configured()
    {
        string plan = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.svg");
        await File.WriteAllTextAsync(plan, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"300\"><rect width=\"400\" height=\"300\" fill=\"#dde\"/></svg>");
        try
        {
            await using WebServer server = await WebServer.ReplayAsync(
                Api.Tests.Repository.Campus, "--Gps:0", "virtual:lat=52.52,lon=13.405", "--WebUi:Plans:0:Name", "Library", "--WebUi:Plans:0:File", plan,
                "--WebUi:Plans:0:South", "52.5195", "--WebUi:Plans:0:West", "13.404", "--WebUi:Plans:0:North", "52.5205", "--WebUi:Plans:0:East", "13.406");
            await using WebPage page = await browser.OpenAsync(server);
            await page.GoAsync("/ui/map");
            ILocator list = page.Page.GetByRole(AriaRole.Region, new() { Name = "What is in sight" });
            await Expect(list).ToContainTextAsync("52.520000, 13.405000");
            await Expect(page.Page.Locator("img.leaflet-image-layer, .leaflet-overlay-pane img").First).ToHaveAttributeAsync("src", "/ui/plans/0");
            await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await page.ScreenshotAsync("map");
            page.AssertClean();
        }
        finally
        {
            File.Delete(plan);
        }
    }

    [PageFact]
    public async Task The_past_is_counted_listed_and_downloaded()
    {
        DirectoryInfo logs = Directory.CreateTempSubdirectory();
        try
        {
            await using WebServer server = await WebServer.ReplayAsync(Api.Tests.Repository.Campus, "--Log:Types:0", "kismet", "--Log:Prefix", logs.FullName);
            await using WebPage page = await browser.OpenAsync(server);
            await page.LogInAsync();
            await page.GoAsync("/ui/history");
            await Expect(page.Page.GetByRole(AriaRole.Table, new() { Name = "Packets, newest first" }).GetByRole(AriaRole.Row).Nth(5)).ToBeVisibleAsync();
            await page.ScreenshotAsync("history", whole: true);
            ILocator chart = page.Page.Locator(".u-over").First;
            LocatorBoundingBoxResult box = (await chart.BoundingBoxAsync())!;
            await page.Page.Mouse.MoveAsync(box.X + (box.Width * 0.3f), box.Y + 20);
            await page.Page.Mouse.DownAsync();
            await page.Page.Mouse.MoveAsync(box.X + (box.Width * 0.6f), box.Y + 20, new() { Steps = 5 });
            await page.Page.Mouse.UpAsync();
            await page.Page.WaitForURLAsync("**from=*");
            string link = (await page.Page.GetByRole(AriaRole.Link, new() { Name = "Download pcapng" }).GetAttributeAsync("href"))!;
            byte[] part = await server.Client.GetByteArrayAsync(link);
            byte[] whole = await server.Client.GetByteArrayAsync("/logging/kismetdb/pcap/all.pcapng");
            Assert.Equal([0x0A, 0x0D, 0x0D, 0x0A], part[..4]);
            Assert.InRange(part.Length, 200, whole.Length - 200);
            page.AssertClean();
        }
        finally
        {
            logs.Delete(recursive: true);
        }
    }

    [PageFact]
    public async Task A_packet_of_the_past_is_shown_as_a_tree_with_its_bytes()
    {
        DirectoryInfo logs = Directory.CreateTempSubdirectory();
        try
        {
            await using WebServer server = await WebServer.ReplayAsync(Api.Tests.Repository.Campus, "--Log:Types:0", "kismet", "--Log:Prefix", logs.FullName);
            await using WebPage page = await browser.OpenAsync(server);
            await page.LogInAsync();
            // What a client sends to everybody and is so long is DHCP.
            using JsonDocument found = JsonDocument.Parse(await server.Client.GetStringAsync(
                "/logging/kismetdb/packets/packets.json?address_source=F8:A9:D0:51:00:01&address_dest=FF:FF:FF:FF:FF:FF&size_min=300&limit=1"));
            string time = found.RootElement[0].GetProperty("kismet.packet.timestamp").GetRawText();
            await page.GoAsync($"/ui/history?from={time}&to={found.RootElement[0].GetProperty("kismet.packet.ts_sec").GetInt64() + 1}");
            ILocator rows = page.Page.GetByRole(AriaRole.Table, new() { Name = "Packets, newest first" }).GetByRole(AriaRole.Row);
            // The oldest of that second.
            await rows.Last.GetByRole(AriaRole.Button).ClickAsync();
            ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Packet" });
            ILocator tree = dialog.GetByRole(AriaRole.Region, new() { Name = "Layers" });
            ILocator bytes = dialog.GetByRole(AriaRole.Region, new() { Name = "Bytes" });
            await Expect(tree).ToContainTextAsync("Option 12, host name");
            await tree.GetByRole(AriaRole.Button, new() { NameRegex = new("^Destination port") }).ClickAsync();
            await Expect(bytes.Locator("mark").First).ToHaveTextAsync(new Regex("^00 43 ?$"));
            await page.ScreenshotAsync("history-packet");
            // Its header, which is closed at first.
            await Expect(tree.GetByText("Carrier")).Not.ToBeVisibleAsync();
            await tree.GetByText("Radiotap header").ClickAsync();
            await Expect(tree.GetByText("Carrier")).ToBeVisibleAsync();
            await Expect(bytes.Locator("mark").First).ToContainTextAsync("00 00");
            // The address names the packet.
            string address = page.Page.Url;
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
            await Expect(dialog).Not.ToBeVisibleAsync();
            await page.GoAsync(new Uri(address).PathAndQuery);
            await Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "Layers" })).ToContainTextAsync("Option 12, host name");
            page.AssertClean();
        }
        finally
        {
            logs.Delete(recursive: true);
        }
    }

    [PageFact]
    public async Task Without_a_log_the_history_says_so_and_starts_one()
    {
        DirectoryInfo logs = Directory.CreateTempSubdirectory();
        try
        {
            await using WebServer server = await WebServer.StartAsync("--Log:Prefix", logs.FullName);
            await using WebPage page = await browser.OpenAsync(server);
            await page.LogInAsync();
            await page.GoAsync("/ui/history");
            await Expect(page.Page.GetByText("No packets are kept")).ToBeVisibleAsync();
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Start a packet log" }).ClickAsync();
            await Expect(page.Page.GetByRole(AriaRole.Table, new() { Name = "Logs" })).ToContainTextAsync(".kismet");
            page.AssertClean();
            using HttpResponseMessage state = await server.Client.GetAsync("/logging/kismetdb/packets/histogram.json");
            Assert.Equal(HttpStatusCode.OK, state.StatusCode);
        }
        finally
        {
            logs.Delete(recursive: true);
        }
    }
}
