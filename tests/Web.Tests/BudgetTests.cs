using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>What a page costs: its scripts, its requests, and what it asks while nobody does anything.</summary>
[Collection(BrowserCollection.Name)]
public sealed class BudgetTests(Browser browser, CampusSite campus)
{
    private const int MaxScriptBytes = 350 * 1024;
    private const int MaxRequests = 25;
    private const int MaxIdleRequests = 4;

    [PageFact]
    public async Task The_first_page_is_small_and_asks_little()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/");
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.InRange(await page.ScriptBytesAsync(), 1, MaxScriptBytes);
        Assert.InRange(page.Requests.Count, 1, MaxRequests);
        page.AssertClean();
    }

    [PageTheory]
    [MemberData(nameof(Pages.All), MemberType = typeof(Pages))]
    public async Task An_idle_page_asks_four_times_a_minute_at_most(string path)
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.LogInAsync();
        // The page's timers run through minutes in a moment; what the server sends comes in real time.
        await page.Page.Clock.InstallAsync();
        await page.GoAsync(path);
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await page.Page.Clock.RunForAsync(5_000);
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        int before = page.Requests.Count;
        await page.Page.Clock.RunForAsync(60_000);
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.Page.Clock.RunForAsync(60_000);
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.InRange(page.Requests.Count - before, 0, 2 * MaxIdleRequests);
    }
}
