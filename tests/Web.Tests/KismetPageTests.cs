using KismetOrleans.Api.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>Kismet's own page, which is no part of this repository, does on this server what it does on Kismet's, without an error on its console.</summary>
[Collection(BrowserCollection.Name)]
public sealed class KismetPageTests(Browser browser)
{
    private const string Folder = "KISMET_HTTP_DATA";

    // The page asks once a second, and the machine may have other work.
    private const int Patience = 30_000;

    /// <summary>Why it is left out here; null where it is not.</summary>
    internal static string? Missing { get; } =
        Browser.Missing ?? (Environment.GetEnvironmentVariable(Folder) is null ? $"left out: {Folder} names no folder http_data of Kismet's" : null);

    [KismetFact]
    public Task Below_its_prefix_it_logs_in_lists_sorts_finds_and_shows() => WalkAsync("kismet-ui/", "kismet");

    [KismetFact]
    public Task At_the_root_it_does_the_same() => WalkAsync("", "kismet-root", "--WebUi:KismetAtRoot", "true");

    private async Task WalkAsync(string at, string picture, params string[] args)
    {
        await using WebServer server = await WebServer.ReplayAsync(Repository.Campus, ["--WebUi:KismetPath", Environment.GetEnvironmentVariable(Folder)!, "--Gps:0", "virtual:lat=52.52,lon=13.405", .. args]);
        await using WebPage page = await browser.OpenAsync(server, new() { ViewportSize = new() { Width = 1500, Height = 950 } });
        page.Page.SetDefaultTimeout(Patience);
        SetDefaultExpectTimeout(Patience);

        await LogInAsync(page, at);
        await ListAsync(page.Page);
        await page.ScreenshotAsync(picture + "-devices");
        await DetailAsync(page.Page);
        await page.ScreenshotAsync(picture + "-device");
        await CloseAsync(page.Page);
        await TabsAsync(page, picture);
        await page.Page.ClickAsync("#pm_open");
        await page.Page.Locator("#pm_menu .k-sb-list-item", new() { HasText = "Data Sources" }).ClickAsync();
        await Expect(page.Page.Locator(".jsPanel h3", new() { HasText = "campus.pcapng" })).ToBeVisibleAsync();
        await page.ScreenshotAsync(picture + "-sources");
        page.AssertClean();
        await page.Page.ReloadAsync();
        await Expect(Rows(page.Page).First).ToBeVisibleAsync();
        await page.Page.ClickAsync("#gps");
        await Expect(page.Page.Locator("#gpsdialog")).ToContainTextAsync("52.52 x 13.405");
        await SettingsAsync(page.Page);
        await page.ScreenshotAsync(picture + "-settings");
        page.AssertClean();

        // What it was told is kept: no dialog, and no refusal either.
        await page.Page.ReloadAsync();
        await Expect(Rows(page.Page).First).ToBeVisibleAsync();
        page.AssertClean();
    }

    private static async Task SettingsAsync(IPage page)
    {
        await page.ClickAsync("#pm_open");
        await page.Locator("#pm_menu .k-sb-list-item", new() { HasText = "Settings" }).ClickAsync();
        ILocator parts = page.Locator(".jsPanel [class*=list-item]");
        await Expect(parts.Filter(new() { HasText = "API Keys" })).ToBeVisibleAsync();
        foreach (ILocator part in await parts.AllAsync())
        {
            await part.ClickAsync();
        }
    }

    private static async Task LogInAsync(WebPage page, string at)
    {
        await page.GoAsync("/" + at);
        await page.Page.FillAsync("#req_user", WebServer.Username);
        await page.Page.FillAsync("#req_password", WebServer.Password);
        await page.Page.ClickAsync("#login_button");
        await Expect(Rows(page.Page).First).ToBeVisibleAsync();
        // It tries without a password first, to find out whether it has to ask.
        page.Expect("401: GET ", "console: Failed to load resource: the server responded with a status of 401");
    }

    private static async Task ListAsync(IPage page)
    {
        await AnsweredAsync(page, "/devices/views/all/devices.json", "&sort=kismet.device.base.signal%2F", () => page.Locator(".tabulator-col:visible", new() { HasText = "Signal" }).ClickAsync());
        await AnsweredAsync(page, "/devices/views/all/devices.json", "&search=campus", () => page.FillAsync("input[placeholder='Filter...']:visible", "campus"));
        await Expect(Rows(page).Filter(new() { HasText = "Dormitory" })).ToHaveCountAsync(0);
        await page.FillAsync("input[placeholder='Filter...']:visible", "");
        await page.Locator(".ui-selectmenu-button:visible").First.ClickAsync();
        await AnsweredAsync(page, "/devices/views/phydot11_accesspoints/devices.json", "&page=", () => page.Locator(".ui-menu-item:visible", new() { HasText = "Access Points" }).ClickAsync());
        await Expect(Rows(page).Filter(new() { HasText = "Wi-Fi Client" })).ToHaveCountAsync(0);
    }

    private static async Task DetailAsync(IPage page)
    {
        // Rows are drawn anew each second; a click may meet one that goes.
        IResponse answer = await page.RunAndWaitForResponseAsync(
            () => Rows(page).Nth(2).ClickAsync(), static response => response.Url.Contains("/devices/by-key/", StringComparison.Ordinal));
        Assert.Equal(200, answer.Status);
        foreach (string part in (string[])["Wi-Fi (802.11)", "Packet Graphs", "Seen By", "Device Info"])
        {
            await page.Locator(".jsPanel h3", new() { HasText = part }).ClickAsync();
        }
        await Expect(page.Locator(".jsPanel").GetByText("MAC Address").First).ToBeVisibleAsync();
    }

    private static async Task TabsAsync(WebPage page, string picture)
    {
        foreach ((string tab, string what) in ((string, string)[])[("SSIDs", "# Advertising"), ("Alerts", "Transmitter"), ("ADSB Live", "planes in the past 10 minutes")])
        {
            await page.Page.Locator(".tabs-min li", new() { HasText = tab }).First.ClickAsync();
            await Expect(page.Page.GetByText(what).Locator("visible=true").First).ToBeVisibleAsync();
            if (tab != "ADSB Live")
            {
                await Expect(Rows(page.Page).First).ToBeVisibleAsync();
            }
            await page.ScreenshotAsync($"{picture}-{tab.Replace(" ", "", StringComparison.Ordinal)}");
        }
        await Expect(page.Page.GetByText("Detected new 802.11 Wi-Fi device").First).ToBeVisibleAsync();
        await page.Page.Locator(".tabs-min li", new() { HasText = "Channels" }).First.ClickAsync();
        await Expect(page.Page.GetByText("Historical").First).ToBeVisibleAsync();
        await page.ScreenshotAsync(picture + "-channels");
        await page.Page.Locator(".tabs-min li", new() { HasText = "Devices" }).First.ClickAsync();
    }

    private static async Task AnsweredAsync(IPage page, string path, string posted, Func<Task> act)
    {
        IResponse answer = await page.RunAndWaitForResponseAsync(
            act, response => response.Url.EndsWith(path, StringComparison.Ordinal) && (response.Request.PostData ?? "").Contains(posted, StringComparison.Ordinal));
        Assert.Equal(200, answer.Status);
    }

    private static Task CloseAsync(IPage page) => page.Locator(".jsPanel-btn-close:visible").Last.ClickAsync();

    private static ILocator Rows(IPage page) => page.Locator(".tabulator-row:visible");
}

/// <summary>A test of Kismet's own page, left out where there is none, which its result says.</summary>
public sealed class KismetFactAttribute : FactAttribute
{
    public KismetFactAttribute() => Skip = KismetPageTests.Missing;
}
