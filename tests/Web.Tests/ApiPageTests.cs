using Microsoft.Playwright;

namespace KismetOrleans.Web.Tests;

/// <summary>The page of the API's document.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ApiPageTests(Browser browser, CampusSite campus)
{
    [BrowserFact]
    public async Task It_loads_without_an_error_and_asks_for_nothing_else()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);

        IResponse answer = await page.GoAsync("/api.html");

        Assert.Equal(200, answer.Status);
        Assert.EndsWith(": API", await page.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.NotEqual(0, await page.Page.Locator("h2#devices").CountAsync());
        await page.ScreenshotAsync("api");
        Assert.Equal(campus.Server.Address + "api.html", Assert.Single(page.Requests).Url);
        page.AssertClean();
    }
}
