using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>Whoever is heard chooses names: none of them becomes markup on any page.</summary>
[Collection(BrowserCollection.Name)]
public sealed class HostileNamesTests(Browser browser)
{
    private const string Ssid = "<img src=x onerror=hacked=1>";
    private const string Vendor = "\"><svg onload=hacked=2>";
    private const string Name = "<script>hacked=3</script><iframe src=javascript:hacked=4>";
    private const string Key = "4202770D00000000_010000000002";

    [PageFact]
    public async Task They_are_text_on_every_page()
    {
        using TestCapture capture = new();
        capture.Beacon(0x020000000001, Ssid, TestCapture.Wps((0x1021, Vendor), (0x1023, Vendor), (0x1011, Vendor)));
        await using WebServer server = await WebServer.ReplayAsync(capture.Finish() + ":name=" + "<b>hall</b>");
        await server.PostAsync($"/devices/by-key/{Key}/set_name.cmd", new { username = Name });
        await server.PostAsync($"/devices/by-key/{Key}/set_tag.cmd", new { tagname = "note", tagvalue = Vendor });
        await server.PostAsync("/alerts/definitions/define_alert.cmd", new { name = "DOOR", description = Vendor, throttle = "100/min", burst = "100/sec", severity = 20 });
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        foreach (string path in (string[])[.. Pages.Paths, $"/ui/device/{Key}"])
        {
            await page.GoAsync(path);
            await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await page.ListeningAsync();
            await server.PostAsync("/alerts/raise_alert.cmd", new { name = "DOOR", text = Ssid + path });
            await Expect(page.Page.Locator(".notice.alert").GetByText(Ssid + path)).ToBeVisibleAsync();
            await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            Assert.True(await page.Page.EvaluateAsync<bool>("() => typeof hacked === 'undefined' && !document.querySelector('img[src=x], svg[onload], iframe, body script, main b')"), path);
        }
        await page.GoAsync("/ui/devices");
        await Expect(page.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = Name })).ToBeVisibleAsync();
        await page.ScreenshotAsync("hostile-devices");
        await page.GoAsync($"/ui/device/{Key}");
        await Expect(page.Page.GetByText(Ssid).First).ToBeVisibleAsync();
        await page.ScreenshotAsync("hostile-device", whole: true);
        // A refused inline handler would be told on the console.
        page.AssertClean();
    }
}
