using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>The list of devices, one device, and SSIDs: sorted, filtered, shared as a link, edited, by mouse and by keyboard, on any width.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class DevicePagesTests(Browser browser, CampusSite campus)
{
    private const string Rows = ".window .body [role=row]";

    [PageFact]
    public async Task What_is_chosen_stands_in_the_address_and_a_link_shows_the_same()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/ui/devices");
        await Expect(page.Page.Locator(Rows).First).ToBeVisibleAsync();
        await page.ScreenshotAsync("devices");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Packets", Exact = true }).ClickAsync();
        await page.Page.WaitForURLAsync(Sorted());
        await page.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search devices" }).FillAsync("campus");
        await page.Page.WaitForURLAsync(Searched());
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Expect(page.Page.Locator(Rows).First).ToBeVisibleAsync();
        string[] rows = await NamesAsync(page);
        Assert.NotEmpty(rows);
        Assert.True(rows.Length < 101);

        await using WebPage colleague = await browser.OpenAsync(campus.Server);
        await colleague.GoAsync(page.Page.Url);
        await Expect(colleague.Page.Locator(Rows)).ToHaveCountAsync(rows.Length);
        Assert.Equal(rows, await NamesAsync(colleague));
        page.AssertClean();
        colleague.AssertClean();
    }

    [PageFact]
    public async Task A_filter_chooses_by_any_field_and_an_empty_list_says_so()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/ui/devices?f=" + Uri.EscapeDataString("packets >= 100"));
        await Expect(page.Page.Locator(Rows).First).ToBeVisibleAsync();
        int many = await page.Page.Locator(Rows).CountAsync();
        Assert.InRange(many, 1, 60);
        await page.GoAsync("/ui/devices?f=" + Uri.EscapeDataString("packets >= 100000000"));
        await Expect(page.Page.Locator(".state")).ToBeVisibleAsync();
        await page.ScreenshotAsync("devices-none");
        page.AssertClean();
    }

    [PageFact]
    public async Task A_device_is_opened_by_keyboard_and_gets_an_alias()
    {
        await using WebServer server = await WebServer.ReplayAsync(Api.Tests.Repository.Campus);
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/devices?sort=packets&dir=desc");
        await Expect(page.Page.Locator(Rows).Nth(2)).ToBeVisibleAsync();
        await page.Page.Locator(Rows).First.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Page.Locator("[data-index='2']")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.WaitForURLAsync("**/ui/device/*");
        // Heard before the page was opened.
        await Expect(page.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("Signal by sensor in the last hour: .* up to -") })).ToBeVisibleAsync();
        ILocator lane = page.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("campus.pcapng: seen in (5|10) min, strongest -[0-9]+ dBm$") });
        await Expect(lane).ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Week" }).ClickAsync();
        await Expect(page.Page.GetByText("in the 7 days up to when it was last seen")).ToBeVisibleAsync();
        await Expect(lane).ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Set an alias" }).FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Dialog).GetByLabel("Alias")).ToBeFocusedAsync();
        await page.Page.Keyboard.TypeAsync("Reading room, second floor");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Reading room, second floor");
        await Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "Identity" })).ToContainTextAsync("AliasReading room, second floorAdvertised name");
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.ScreenshotAsync("device", whole: true);
        page.AssertClean();
    }

    [PageFact]
    public async Task Ssids_lead_to_who_announces_them()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/ui/ssids");
        await Expect(page.Page.Locator(Rows).First).ToBeVisibleAsync();
        await page.ScreenshotAsync("ssids");
        await page.Page.Locator(Rows).Filter(new() { HasText = "Campus" }).First.ClickAsync();
        await page.Page.WaitForURLAsync("**ssid=*");
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("Campus|:") }).First).ToBeVisibleAsync();
        await page.ScreenshotAsync("ssid", whole: true);
        page.AssertClean();
    }

    [PageTheory]
    [MemberData(nameof(Pages.All), MemberType = typeof(Pages))]
    public async Task A_page_fits_a_phone(string path)
    {
        await using WebPage page = await browser.OpenAsync(campus.Server, new() { ViewportSize = new() { Width = 390, Height = 800 }, ColorScheme = ColorScheme.Dark });
        await page.GoAsync(path);
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.True(await page.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth && document.querySelector('main').scrollWidth <= innerWidth"));
        await page.ScreenshotAsync("phone-" + (path == "/" ? "overview" : path[4..]));
        page.AssertClean();
    }

    private static async Task<string[]> NamesAsync(WebPage page) => [.. await page.Page.Locator(Rows + " [role=cell]:first-child").AllInnerTextsAsync()];

    [GeneratedRegex("sort=packets")]
    private static partial Regex Sorted();

    [GeneratedRegex("q=campus")]
    private static partial Regex Searched();
}
