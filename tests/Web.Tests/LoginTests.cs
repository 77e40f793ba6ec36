using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>Who may not read is asked who they are; who may not do something is told so; the session is the browser's alone.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LoginTests(Browser browser)
{
    [PageFact]
    public async Task Nothing_is_shown_before_a_login_where_one_is_needed()
    {
        await using WebServer server = await WebServer.StartAsync("--Auth:Reads", "login");
        await using WebPage page = await browser.OpenAsync(server);
        await page.GoAsync("/");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Heading, new() { Name = "Log in" })).ToBeVisibleAsync();
        await Expect(page.Page.GetByText("Log in to look")).ToBeVisibleAsync();
        await page.ScreenshotAsync("login");
        page.AssertClean();

        await dialog.GetByLabel("Name").FillAsync(WebServer.Username);
        await dialog.GetByLabel("Password").FillAsync("wrong");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The name or the password is wrong.");
        page.Expect("401");

        await dialog.GetByLabel("Password").FillAsync(WebServer.Password);
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog).Not.ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("devices$") }).First).ToBeVisibleAsync();
        BrowserContextCookiesResult cookie = (await page.Page.Context.CookiesAsync()).Single(static one => one.Name == "KISMET");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(cookie.Value, await page.Page.EvaluateAsync<string>("() => document.cookie"), StringComparison.Ordinal);
        page.AssertClean();

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Heading, new() { Name = "Log in" })).ToBeVisibleAsync();
        Assert.DoesNotContain(await page.Page.Context.CookiesAsync(), static one => one.Name == "KISMET" && one.Value.Length > 0);
    }

    [PageFact]
    public async Task A_key_that_may_look_looks_and_is_told_what_it_may_not()
    {
        await using WebServer server = await WebServer.StartAsync("--Auth:Reads", "login");
        string key = await server.PostAsync("/auth/apikey/generate.cmd", new { name = "wall", role = "readonly", duration = 600 });
        await using WebPage page = await browser.OpenAsync(server);
        await page.GoAsync("/ui/settings");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "With a key instead" }).ClickAsync();
        await dialog.GetByLabel("Key").FillAsync(key);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();

        await Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "This login" })).ToContainTextAsync("readonly");
        await Expect(page.Page.GetByText("For the administrator")).ToBeVisibleAsync();
        page.AssertClean();

        await page.GoAsync("/ui/alerts?tab=definitions");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Add a rule" }).ClickAsync();
        await dialog.GetByLabel("Name").FillAsync("OURS");
        await dialog.GetByLabel("Description").FillAsync("something of ours");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("may not");
        page.Expect("403");
    }

    [PageFact]
    public async Task The_first_password_is_set_with_the_servers_secret()
    {
        await using WebServer server = await WebServer.StartAsync("--Auth:Username", "", "--Auth:Password", "", "--Auth:Reads", "login");
        await using WebPage page = await browser.OpenAsync(server);
        await page.GoAsync("/");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Heading, new() { Name = "The first password" })).ToBeVisibleAsync();
        await dialog.GetByLabel("Secret").FillAsync("AAAAA-AAAAA");
        await dialog.GetByLabel("Name").FillAsync("operator");
        await dialog.GetByLabel("Password").FillAsync("a long password");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("secret");
        page.Expect("403");

        await dialog.GetByLabel("Secret").FillAsync(server.SetupSecret);
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog).Not.ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Log out" })).ToBeVisibleAsync();
        page.AssertClean();
    }

    [PageFact]
    public async Task A_key_is_made_shown_once_used_and_revoked()
    {
        await using WebServer server = await WebServer.StartAsync("--Auth:Reads", "login");
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/settings");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("dashboard");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        string key = await dialog.GetByLabel("Key", new() { Exact = true }).InputValueAsync();
        Assert.Matches(new Regex("^[0-9A-F]{32}$"), key);
        using HttpClient program = new() { BaseAddress = server.Address };
        Assert.Equal(System.Net.HttpStatusCode.OK, (await program.GetAsync($"/system/status.json?KISMET={key}")).StatusCode);
        await page.ScreenshotAsync("key");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        ILocator row = page.Page.GetByRole(AriaRole.Row, new() { NameRegex = new("dashboard") });
        await Expect(row).ToContainTextAsync("readonly");
        Assert.DoesNotContain(key, await page.Page.ContentAsync(), StringComparison.Ordinal);

        page.Page.Dialog += static (_, question) => _ = question.AcceptAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(row).Not.ToBeVisibleAsync();
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await program.GetAsync($"/system/status.json?KISMET={key}")).StatusCode);
        page.AssertClean();
    }
}
