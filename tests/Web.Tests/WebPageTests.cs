using Microsoft.Playwright;

namespace KismetOrleans.Web.Tests;

/// <summary>What the other tests rely on: a page that goes wrong is noticed.</summary>
[Collection(BrowserCollection.Name)]
public sealed class WebPageTests(Browser browser, CampusSite campus)
{
    [BrowserFact]
    public async Task Errors_refusals_and_requests_that_leave_this_machine_are_noticed()
    {
        // No page of this server is allowed to ask elsewhere.
        await using WebPage page = await browser.OpenAsync(campus.Server, new() { BypassCSP = true });
        await page.GoAsync("/api.html");

        await page.Page.EvaluateAsync(
            """
            async () => {
                console.error('of the console');
                await fetch('/nowhere.json');
                await fetch('http://example.org/tile.png').catch(() => {});
                await new Promise(done => { const image = new Image(); image.onerror = done; image.src = 'http://example.org/pixel.png'; });
                await new Promise(done => { addEventListener('error', done, { once: true }); setTimeout(() => { throw new Error('of a timer'); }); });
            }
            """);

        page.Expect("console: of the console", "404: GET " + campus.Server.Address + "nowhere.json", "elsewhere: http://example.org/tile.png",
            "elsewhere: http://example.org/pixel.png", "uncaught: Error: of a timer", "net::ERR_NAME_NOT_RESOLVED", "console: Failed to load resource");
        page.AssertClean();
    }

    [BrowserFact]
    public async Task What_was_expected_and_did_not_go_wrong_fails()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.GoAsync("/api.html");

        Assert.ThrowsAny<Exception>(() => page.Expect("401"));
    }

    [BrowserFact]
    public async Task A_login_is_the_pages_session()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        await page.LogInAsync();

        Assert.Equal(200, (await page.GoAsync("/session/check_session")).Status);
        page.AssertClean();
    }

    [BrowserFact]
    public async Task Where_the_pages_are_is_the_overview_too()
    {
        await using WebPage page = await browser.OpenAsync(campus.Server);
        foreach (string path in (string[])["/", "/ui", "/ui/"])
        {
            Assert.Equal(200, (await page.GoAsync(path)).Status);
            await page.Page.GetByRole(AriaRole.Link, new() { Name = "Overview" }).And(page.Page.Locator("[aria-current=page]")).WaitForAsync();
            Assert.Equal("Overview · KismetOrleans", await page.Page.TitleAsync());
        }
        page.AssertClean();
    }
}
