using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>What happens is on the page without anybody asking for it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LivePagesTests(Browser browser, CampusSite campus)
{
    [PageFact]
    public async Task The_overview_shows_what_the_server_says_and_each_figure_leads_to_its_list()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/");
        using JsonDocument status = JsonDocument.Parse(await campus.Server.Client.GetStringAsync("/system/status.json"));
        int devices = status.RootElement.GetProperty("kismet.system.devices.count").GetInt32();
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = $"{devices} devices", Exact = true })).ToBeVisibleAsync();
        // The sample's packets are of another day.
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "0 new today" })).ToBeVisibleAsync();
        // A file that was read to its end is no sensor that is up.
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "0 sensors up, no problems" })).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Img, new() { Name = "New devices in the last day: 0" })).ToBeVisibleAsync();
        await page.ScreenshotAsync("overview", whole: true);
        foreach ((string figure, string list) in new[] { ("new today", "/ui/devices"), ("sensors up", "/ui/sensors"), ("alerts", "/ui/alerts"), ("packets", "/ui/channels") })
        {
            await page.Page.Locator(".tile", new() { HasText = figure }).ClickAsync();
            await page.Page.WaitForURLAsync($"**{list}*");
            await page.Page.GoBackAsync();
        }
        page.AssertClean();
    }

    [PageFact]
    public async Task An_alert_leads_to_the_devices_that_it_concerns()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/ui/alerts");
        ILocator link = page.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("NOCLIENTMFP") }).GetByRole(AriaRole.Link).First;
        string mac = await link.InnerTextAsync();
        await link.ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search devices" })).ToHaveValueAsync(mac);
        await Expect(page.Page.GetByText("1 found", new() { Exact = true })).ToBeVisibleAsync();
        page.AssertClean();
    }

    [PageFact]
    public async Task A_device_that_is_heard_now_is_new_today()
    {
        await using WebServer server = await WebServer.ReplayAsync(Api.Tests.Repository.Campus);
        await server.PostAsync("/phy/phy80211/scan/scan_report.cmd", new
        {
            source_uuid = "11111111-2222-3333-4444-555555555555",
            source_name = "phone",
            reports = new[] { new { bssid = "02:00:5E:10:00:01", ssid = "Campus", channel = "6", signal = -40, timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds() } },
        });
        await using WebPage page = await browser.OpenAsync(server);
        await page.GoAsync("/");
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "1 new today" })).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Img, new() { Name = "New devices in the last day: 1, of which 1 access points, 0 clients, 0 randomised" })).ToBeVisibleAsync();
        await page.ScreenshotAsync("overview-new", whole: true);
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "1 access points" }).ClickAsync();
        await Expect(page.Page.GetByText("1 found", new() { Exact = true })).ToBeVisibleAsync();
        await page.Page.GoBackAsync();

        // The figure leads to just these: the sample's devices are of another day.
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "1 new today" }).ClickAsync();
        await Expect(page.Page.Locator(".window .body [role=row]")).ToHaveCountAsync(1);
        await Expect(page.Page.GetByText("1 found", new() { Exact = true })).ToBeVisibleAsync();
        page.AssertClean();
    }

    [PageFact]
    public async Task An_alert_comes_by_itself_and_is_told_on_every_page()
    {
        await using WebServer server = await WebServer.StartAsync();
        await server.PostAsync("/alerts/definitions/define_alert.cmd", new { name = "CAMPUSGATE", description = "a gate stands open", throttle = "100/min", burst = "100/sec", severity = 15 });
        await using WebPage page = await browser.OpenAsync(server);
        await page.GoAsync("/ui/alerts");
        await Expect(page.Page.GetByRole(AriaRole.Table, new() { Name = "Alerts" })).ToBeVisibleAsync();
        await page.ListeningAsync();

        await server.PostAsync("/alerts/raise_alert.cmd", new { name = "CAMPUSGATE", text = "Gate 7 <img src=x onerror=alert(1)>" });
        ILocator row = page.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("CAMPUSGATE") });
        await Expect(row).ToContainTextAsync("Gate 7 <img src=x onerror=alert(1)>");
        await Expect(row).ToContainTextAsync("a gate stands open");
        await Expect(row).ToContainTextAsync("High");
        await Expect(page.Page.Locator(".notice.alert")).ToContainTextAsync("Gate 7");
        await page.ScreenshotAsync("alerts");

        await page.Page.GetByLabel("Severity").SelectOptionAsync("critical");
        await Expect(row).Not.ToBeVisibleAsync();
        Assert.Contains("severity=critical", page.Page.Url, StringComparison.Ordinal);
        await page.Page.ReloadAsync();
        await Expect(page.Page.GetByLabel("Severity")).ToHaveValueAsync("critical");

        await page.GoAsync("/ui/alerts?tab=definitions");
        await Expect(page.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("CAMPUSGATE") })).ToContainTextAsync("100 a minute");
        await page.ScreenshotAsync("alert-definitions");
        page.AssertClean();
    }

    [PageFact]
    public async Task A_server_that_is_gone_is_told_of_on_the_page()
    {
        WebServer server = await WebServer.StartAsync();
        await using WebPage page = await browser.OpenAsync(server);
        await page.GoAsync("/ui/messages");
        await page.ListeningAsync();
        await server.DisposeAsync();
        await Expect(page.Page.GetByText("The server has not answered since")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await page.ScreenshotAsync("gone");
    }

    [PageFact]
    public async Task Times_are_the_same_for_everybody_and_phones_that_report_are_sensors_that_are_up()
    {
        await using WebServer server = await WebServer.StartAsync();
        await server.PostAsync("/alerts/definitions/define_alert.cmd", new { name = "DOOR", description = "d", throttle = "9/min", burst = "9/sec" });
        await server.PostAsync("/alerts/raise_alert.cmd", new { name = "DOOR", text = "Door 12 opened" });
        object[] reports = [new { bssid = "00:11:22:33:44:01", ssid = "campus", signal = -50, channel = "6" }];
        await server.PostAsync("/phy/phy80211/scan/scan_report.cmd", new { source_uuid = "00000000-0000-0000-0000-00000000000a", source_name = "phone", reports });
        await using WebPage page = await browser.OpenAsync(server);
        await page.GoAsync("/ui/alerts");
        await Expect(page.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("DOOR") })).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d"));
        await page.GoAsync("/");
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "1 sensors up, no problems" })).ToBeVisibleAsync();
        page.AssertClean();
    }

    [PageFact]
    public async Task Incidents_are_acknowledged_with_a_comment_and_found_again_by_their_state()
    {
        await using WebServer server = await WebServer.StartAsync();
        await server.PostAsync("/alerts/definitions/define_alert.cmd", new { name = "CAMPUSGATE", description = "a gate stands open", throttle = "2/hour", burst = "2/hour", severity = 15 });
        for (int i = 0; i < 3; i++)
        {
            // The third is held back, and refused for that.
            using FormUrlEncodedContent alert = new([new("json", """{"name":"CAMPUSGATE","text":"Gate 7","source":"00:11:22:33:44:01"}""")]);
            using HttpResponseMessage answer = await server.Client.PostAsync("/alerts/raise_alert.cmd", alert);
            Assert.Equal(i < 2, answer.IsSuccessStatusCode);
        }
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/alerts?tab=incidents");
        ILocator row = page.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("CAMPUSGATE") });
        await Expect(row).ToContainTextAsync("2 (+ 1 held back)");
        await Expect(row).ToContainTextAsync("00:11:22:33:44:01");
        await page.Page.GetByLabel("Choose CAMPUSGATE of 00:11:22:33:44:01").CheckAsync();
        await page.Page.GetByLabel("Comment").FillAsync("the gardener");
        await page.ScreenshotAsync("incidents");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Acknowledge", Exact = true }).ClickAsync();
        await Expect(row).Not.ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Acknowledged" }).ClickAsync();
        await Expect(row).ToContainTextAsync("the gardener");
        Assert.Contains("state=acknowledged", page.Page.Url, StringComparison.Ordinal);
        page.AssertClean();
    }

    [PageFact]
    public async Task Messages_come_by_themselves()
    {
        await using WebServer server = await WebServer.StartAsync();
        await using WebPage page = await browser.OpenAsync(server);
        await page.GoAsync("/ui/messages");
        await page.ListeningAsync();
        await server.PostAsync("/alerts/definitions/define_alert.cmd", new { name = "DOOR", description = "d", throttle = "9/min", burst = "9/sec" });
        await server.PostAsync("/alerts/raise_alert.cmd", new { name = "DOOR", text = "Door 12 opened" });
        await Expect(page.Page.GetByRole(AriaRole.Table, new() { Name = "Messages" })).ToContainTextAsync("Door 12 opened");
        await page.ScreenshotAsync("messages");
        page.AssertClean();
    }

    [PageFact]
    public async Task Channels_are_shown_by_band_for_the_time_that_the_address_says()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/ui/channels");
        await Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "2.4 GHz" }).GetByRole(AriaRole.Row).Nth(1)).ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Day" }).ClickAsync();
        Assert.EndsWith("?span=day", page.Page.Url, StringComparison.Ordinal);
        await page.ScreenshotAsync("channels", whole: true);
        page.AssertClean();
    }

    [PageFact]
    public async Task The_theme_is_kept_and_the_dark_one_is_dark()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.LogInAsync();
        await page.GoAsync("/ui/settings");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await page.Page.ReloadAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" })).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Equal("rgb(15, 20, 24)", await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        await Expect(page.Page.GetByText("This login")).ToBeVisibleAsync();
        await page.ScreenshotAsync("settings-dark", whole: true);
        page.AssertClean();
    }
}
