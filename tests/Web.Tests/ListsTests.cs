using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>What is done with the list of devices: views with names, columns of one's own, files, a watch-list.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ListsTests(Browser browser, CampusSite campus)
{
    private const string Rows = ".window .body [role=row]";

    [PageFact]
    public async Task What_is_seen_is_saved_as_a_view_with_its_columns_and_deleted()
    {
        await using WebServer server = await WebServer.ReplayAsync(Api.Tests.Repository.Campus);
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/devices?view=phydot11_accesspoints&q=campus&f=" + Uri.EscapeDataString("packets between [1,1000000]") + "&f=" + Uri.EscapeDataString("last within 86400000"));
        await Expect(page.Page.Locator(Rows).First).ToBeVisibleAsync();
        string found = await FoundAsync(page);
        await ButtonAsync(page, "Views…");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Views" });
        await dialog.GetByLabel("Name").FillAsync("Ours & more");
        await Expect(dialog.GetByText("Last seen within the last 1000 days")).ToBeVisibleAsync();
        await page.ScreenshotAsync("devices-views");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.WaitForURLAsync(new Regex(@"view=ours-more&f=last"));
        await Expect(page.Page.GetByRole(AriaRole.Combobox, new() { Name = "View" })).ToHaveValueAsync("ours-more");
        await Expect(page.Page.GetByRole(AriaRole.Option, new() { NameRegex = new(@"^Ours & more \([1-9]") })).ToBeAttachedAsync();
        Assert.Equal(found, await FoundAsync(page));

        // Columns are the view's, and are still there after another was looked at and the page was left.
        await ButtonAsync(page, "Columns");
        await page.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Sensors" }).CheckAsync();
        await ButtonAsync(page, "Done");
        ILocator heading = page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Sensors" });
        await Expect(heading).ToBeVisibleAsync();
        Assert.DoesNotContain("cols=", page.Page.Url, StringComparison.Ordinal);
        await page.GoAsync("/ui/devices");
        await Expect(page.Page.Locator(Rows).First).ToBeVisibleAsync();
        await Expect(heading).Not.ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Combobox, new() { Name = "View" }).SelectOptionAsync("ours-more");
        await Expect(heading).ToBeVisibleAsync();
        await page.ScreenshotAsync("devices-view");

        page.Page.Dialog += static (_, question) => _ = question.AcceptAsync();
        await ButtonAsync(page, "Views…");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete the view Ours & more" }).ClickAsync();
        await Expect(dialog.GetByText("No view was saved yet")).ToBeVisibleAsync();
        Assert.DoesNotContain("view=", page.Page.Url, StringComparison.Ordinal);
        page.AssertClean();
    }

    [PageFact]
    public async Task A_filter_takes_what_lies_between_two_numbers_or_times()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/ui/devices");
        await ButtonAsync(page, "+ Filter");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Add a filter" });
        await dialog.GetByLabel("Field").FillAsync("Packets");
        await dialog.GetByLabel("Condition").SelectOptionAsync("between");
        await dialog.GetByLabel("From").FillAsync("100");
        await dialog.GetByLabel("To").FillAsync("10");
        await page.ScreenshotAsync("devices-between");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Packets between 10 and 100", Exact = true })).ToBeVisibleAsync();
        await Expect(page.Page.Locator(Rows).First).ToBeVisibleAsync();
        await ButtonAsync(page, "+ Filter");
        await dialog.GetByLabel("Field").FillAsync("Last seen");
        await dialog.GetByLabel("Condition").SelectOptionAsync("between");
        await dialog.GetByLabel("From").FillAsync("2001-01-01T00:00:01");
        await dialog.GetByLabel("To").FillAsync("2001-01-02T00:00:02");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByText("Nothing found")).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Last seen between 2001-01-01 00:00:01 and 2001-01-02 00:00:02", Exact = true })).ToBeVisibleAsync();
        page.AssertClean();
    }

    [PageFact]
    public async Task What_the_list_shows_is_exported_with_progress_and_can_be_stopped()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/ui/devices?cols=name,mac,signals,packets,last&sort=mac&dir=asc&q=campus&f=" + Uri.EscapeDataString("packets >= 40"));
        await Expect(page.Page.Locator(Rows).First).ToBeVisibleAsync();
        string[] shown = [.. await page.Page.Locator(Rows + " [role=cell]:nth-child(2)").AllInnerTextsAsync()];
        Assert.InRange(shown.Length, 2, 20);
        await ButtonAsync(page, "Export…");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Export" });
        await Expect(dialog.GetByText("Not in the file: Signal 1 min")).ToBeVisibleAsync();
        string table = await DownloadAsync(page, dialog, "csv");
        string[] lines = table.TrimStart('\ufeff').Split("\r\n");
        Assert.Equal("Name,MAC address,Packets,Last seen", lines[0]);
        Assert.Equal(shown, lines[1..^1].Select(static line => line.Split(',')[^3]));
        await Expect(dialog.GetByText($"{shown.Length} devices")).ToBeVisibleAsync();
        await page.ScreenshotAsync("devices-export");
        await dialog.GetByLabel("Format").SelectOptionAsync("json");
        using JsonDocument json = JsonDocument.Parse(await DownloadAsync(page, dialog, "json"));
        Assert.Equal(shown, json.RootElement.EnumerateArray().Select(static d => d.GetProperty("kismet.device.base.macaddr").GetString()));

        // One that does not come is stopped; the dialogue is as before.
        await page.Page.RouteAsync("**/export.*", static _ => { });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Export" })).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Progressbar)).Not.ToBeVisibleAsync();
        page.AssertClean();
    }

    [PageFact]
    public async Task One_box_finds_everything_by_keyboard()
    {
        await using WebServer server = await WebServer.ReplayAsync(Api.Tests.Repository.Campus);
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        using JsonDocument devices = JsonDocument.Parse(await server.Client.GetStringAsync("/devices/views/phydot11_accesspoints/devices.json"));
        JsonElement device = devices.RootElement[0];
        string mac = device.GetProperty("kismet.device.base.macaddr").GetString()!;
        await server.PostAsync($"/devices/by-key/{device.GetProperty("kismet.device.base.key").GetString()}/set_tag.cmd", new { tagname = "owner", tagvalue = "Library" });
        using JsonDocument incidents = JsonDocument.Parse(await server.Client.GetStringAsync("/incidents/incidents.json"));
        JsonElement incident = incidents.RootElement[0];
        string number = incident.GetProperty("kismet.incident.id").GetRawText();
        await page.GoAsync("/");
        await page.ListeningAsync();
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Search" });
        ILocator box = dialog.GetByRole(AriaRole.Searchbox, new() { Name = "Search everything" });

        await page.Page.Keyboard.PressAsync("/");
        await Expect(box).ToBeFocusedAsync();
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        int before = page.Requests.Count;
        await page.Page.Keyboard.TypeAsync("campus");
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Devices" }).GetByRole(AriaRole.Link, new() { Name = "campus" }).First).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "SSIDs" }).GetByRole(AriaRole.Link).First).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Sensors" })).ToContainTextAsync("campus");
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        // Six letters are one search of three requests, or two where this machine is slow.
        Assert.InRange(page.Requests.Count - before, 1, 6);
        await page.ScreenshotAsync("search");

        // An address, however it is written; the first is opened by Enter, others by arrows.
        await box.FillAsync(mac.Replace(':', '-').ToLowerInvariant());
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Devices" })).ToContainTextAsync(mac);
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.WaitForURLAsync("**/ui/device/*");
        await Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "Identity" })).ToContainTextAsync(mac);
        await Expect(dialog).Not.ToBeVisibleAsync();

        await page.Page.Keyboard.PressAsync("/");
        await box.FillAsync("owner");
        await dialog.GetByRole(AriaRole.Link, new() { Name = "owner 1 with this tag" }).ClickAsync();
        await page.Page.WaitForURLAsync("**/ui/devices?f=*");
        await Expect(page.Page.Locator(Rows)).ToHaveCountAsync(1);

        await page.Page.Keyboard.PressAsync("/");
        await box.FillAsync("#" + number);
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Incidents" }).GetByRole(AriaRole.Link).First).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.WaitForURLAsync("**incident=" + number);
        await Expect(page.Page.GetByRole(AriaRole.Table, new() { Name = "Incidents" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        // Who writes a slash means one.
        await page.GoAsync("/ui/devices");
        await page.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search devices" }).PressSequentiallyAsync("/");
        await Expect(dialog).Not.ToBeVisibleAsync();
        page.AssertClean();
    }

    [PageFact]
    public async Task Chosen_devices_are_watched_and_one_that_goes_or_comes_raises_an_alert()
    {
        await using WebServer server = await WebServer.ReplayAsync(Api.Tests.Repository.Campus, "--Alerts:LostAfter", "00:00:10");
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/devices?view=phydot11_accesspoints&sort=mac&dir=asc");
        await Expect(page.Page.Locator(Rows).Nth(2)).ToBeVisibleAsync();
        string[] shown = [.. await page.Page.Locator(Rows + " [role=cell]:nth-child(3)").AllInnerTextsAsync()];
        await page.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Choose " + shown[1] }).CheckAsync();
        await page.Page.Locator(Rows).First.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Page.Locator("[data-index='2']")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Space");
        await page.ScreenshotAsync("devices-chosen");
        await ButtonAsync(page, "Watch 2 chosen…");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Watch-list" });
        await Expect(dialog.GetByText("No device is watched")).ToBeVisibleAsync();
        await Expect(dialog.GetByLabel("An alert when one of them")).ToHaveValueAsync("both");
        // Who was not there when its watch began cannot go.
        await SeenAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Watch 2 devices" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Link)).ToHaveTextAsync([shown[1], shown[2]]);
        await page.ScreenshotAsync("devices-watch");
        Assert.Equal($"[\"{shown[1]}\",\"{shown[2]}\"]", await server.Client.GetStringAsync("/devices/alerts/mac/both/macs.json"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = $"Watch {shown[2]} no longer" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Link)).ToHaveTextAsync([shown[1]]);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Watch-list…", Exact = true })).ToBeVisibleAsync();

        await page.GoAsync("/ui/alerts");
        await Expect(page.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("DEVICELOST.*" + shown[1]) })).ToBeVisibleAsync();
        await SeenAsync();
        await Expect(page.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("DEVICEFOUND.*" + shown[1]) })).ToBeVisibleAsync();
        page.AssertClean();

        Task SeenAsync() => server.PostAsync("/phy/phy80211/scan/scan_report.cmd", new
        {
            source_uuid = "11111111-2222-3333-4444-555555555555",
            source_name = "phone",
            reports = new[] { new { bssid = shown[1], ssid = "Campus", channel = "6", signal = -40, timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds() } },
        });
    }

    private static async Task<string> DownloadAsync(WebPage page, ILocator dialog, string ending)
    {
        IDownload file = await page.Page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync());
        Assert.Matches(@"^devices-\d{4}-\d\d-\d\d\." + ending + "$", file.SuggestedFilename);
        return await File.ReadAllTextAsync(await file.PathAsync());
    }

    private static Task ButtonAsync(WebPage page, string name) => page.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    // "3 found".
    private static async Task<string> FoundAsync(WebPage page)
    {
        ILocator found = page.Page.GetByText(new Regex("^[0-9,]+ found$"));
        await Expect(found).ToBeVisibleAsync();
        return await found.InnerTextAsync();
    }
}
