using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>The page of sensors lets them join: one command to copy, a list of who may and one of who has, and a button that ends either.</summary>
[Collection(BrowserCollection.Name)]
public sealed class JoinPageTests(Browser browser)
{
    [PageFact]
    public async Task A_sensor_joins_by_the_command_of_the_page_and_a_button_revokes_its_key()
    {
        await using WebServer server = await WebServer.StartAsync();
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/sensors");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Add a sensor…" }).ClickAsync();
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Add a sensor" });
        await Expect(dialog.GetByText("No join tokens")).ToBeVisibleAsync();
        await dialog.GetByLabel("Site").FillAsync("North hall");
        await dialog.GetByLabel("Sensors that may join by it").FillAsync("2");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make the command" }).ClickAsync();
        string command = await dialog.GetByLabel("Command of the sensor").InputValueAsync();
        Match match = Regex.Match(command, "^KismetOrleans\\.Capture --join '(?<server>http://[^#]+)#(?<token>[0-9A-F]{32})' \\\\\n  -c wlan0$");
        Assert.True(match.Success, command);
        Assert.Equal(server.Address, new Uri(match.Groups["server"].Value));
        ILocator tokens = dialog.GetByRole(AriaRole.Region, new() { Name = "Join tokens" });
        await Expect(tokens.GetByRole(AriaRole.Row, new() { NameRegex = new("North hall.*2 of 2") })).ToBeVisibleAsync();

        using JsonDocument joined = JsonDocument.Parse(await server.PostAsync("/auth/join.json", new { token = match.Groups["token"].Value, name = "lobby" }));
        string key = joined.RootElement.GetProperty("kismet.sensorkey.key").GetString()!;
        // It comes by itself.
        ILocator keys = dialog.GetByRole(AriaRole.Region, new() { Name = "Keys of sensors" });
        ILocator row = keys.GetByRole(AriaRole.Row, new() { NameRegex = new("lobby.*North hall") });
        await Expect(row).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(tokens.GetByRole(AriaRole.Row, new() { NameRegex = new("North hall.*1 of 2") })).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.ScreenshotAsync("sensors-join", whole: true);
        using HttpClient sensor = new() { BaseAddress = server.Address, DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
        using (HttpResponseMessage holds = await sensor.GetAsync("/session/check_session"))
        {
            Assert.Equal(System.Net.HttpStatusCode.OK, holds.StatusCode);
        }
        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(row).Not.ToBeVisibleAsync();
        using (HttpResponseMessage revoked = await sensor.GetAsync("/session/check_session"))
        {
            Assert.Equal(System.Net.HttpStatusCode.Unauthorized, revoked.StatusCode);
        }
        await tokens.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(dialog.GetByText("No join tokens")).ToBeVisibleAsync();
        page.AssertClean();
    }
}
