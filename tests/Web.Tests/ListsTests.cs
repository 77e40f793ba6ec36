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

    private static Task ButtonAsync(WebPage page, string name) => page.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    // "3 found".
    private static async Task<string> FoundAsync(WebPage page)
    {
        ILocator found = page.Page.GetByText(new Regex("^[0-9,]+ found$"));
        await Expect(found).ToBeVisibleAsync();
        return await found.InnerTextAsync();
    }
}
