using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>The page of sensors sets profiles, and shows which channels are covered.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ProfilesPageTests(Browser browser)
{
    [PageFact]
    public async Task A_profile_is_made_changed_and_deleted_and_what_is_wrong_with_it_is_told()
    {
        await using WebServer server = await WebServer.StartAsync();
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/sensors");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Profiles…" }).ClickAsync();
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Profiles" });
        await Expect(dialog.GetByText("No profiles")).ToBeVisibleAsync();
        await Expect(dialog.GetByText("No agent that takes profiles")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "New profile…" }).ClickAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("North hall");
        await dialog.GetByLabel("Sites").FillAsync("hq*, farm");
        await dialog.GetByLabel("Sources").FillAsync("wlan*:channels=\"1,6,11\",plan=auto\nwlan1");
        await dialog.GetByLabel("Spool of each source, MiB").FillAsync("64");
        await page.ScreenshotAsync("sensors-profile", whole: true);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make the profile" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Row, new() { NameRegex = new("North hall.*sites hq\\*, farm.*plan=auto") })).ToBeVisibleAsync();

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Edit North hall" }).ClickAsync();
        await Expect(dialog.GetByLabel("Spool of each source, MiB")).ToHaveValueAsync("64");
        await Expect(dialog.GetByLabel("Sites")).ToHaveValueAsync("hq*, farm");
        await dialog.GetByLabel("Sources").FillAsync("wlan*:channels=\"1,banana\"");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("'banana' is no channel");
        page.Expect("400");
        await dialog.GetByLabel("Sources").FillAsync("wlan*:hoprate=3");
        await dialog.GetByLabel("Agents").FillAsync("lobby");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Row, new() { NameRegex = new("North hall.*agents lobby of sites hq\\*, farm.*hoprate=3.*2") })).ToBeVisibleAsync();
        using (JsonDocument all = JsonDocument.Parse(await server.PostAsync("/datasource/profiles/all_profiles.json", new { })))
        {
            JsonElement profile = Assert.Single(all.RootElement.EnumerateArray());
            Assert.Equal(("wlan*:hoprate=3", 64 << 20), (profile.GetProperty("kismet.profile.sources")[0].GetString(), profile.GetProperty("kismet.profile.spool_bytes").GetInt32()));
        }
        await page.ScreenshotAsync("sensors-profiles", whole: true);
        page.Page.Dialog += static (_, question) => _ = question.AcceptAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete North hall" }).ClickAsync();
        await Expect(dialog.GetByText("No profiles")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Channels…" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Channels covered" }).GetByText("No radio listens")).ToBeVisibleAsync();
        page.AssertClean();
    }
}
