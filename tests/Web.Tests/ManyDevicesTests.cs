using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>A list of 100,000 devices is as quick as one of ten: only what is in sight is fetched, and only that exists.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ManyDevicesTests(Browser browser, ITestOutputHelper output)
{
    private const int Devices = 100_000;
    private const ulong First = 0x021000000000;

    // What a list of all rows would be far above of.
    private const int MaxRows = 100;

    // Measured where it is seen: from the scrolling until the row has its content, looked at with each frame that is drawn.
    private const string ScrollTo =
        """
        ([index, text]) => new Promise(done => {
            const began = performance.now();
            document.querySelector('.window').scrollTo(0, index * 32);
            const look = () => document.querySelector(`[data-index='${index}']`)?.textContent.includes(text)
                ? done(performance.now() - began)
                : requestAnimationFrame(look);
            look();
        })
        """;

    [PageFact]
    public async Task It_scrolls_from_end_to_end()
    {
        using TestCapture capture = new();
        for (ulong i = 0; i < Devices; i++)
        {
            capture.Probe(First + i);
        }
        await using WebServer server = await WebServer.ReplayAsync(capture.Finish());
        await using WebPage page = await browser.OpenAsync(server, new() { ViewportSize = new() { Width = 1280, Height = 850 } });
        // The first page brings what all pages share.
        await page.GoAsync("/ui/messages");
        long began = Stopwatch.GetTimestamp();
        await page.GoAsync("/ui/devices?sort=mac&dir=asc");
        ILocator rows = page.Page.Locator(".window .body [role=row]");
        await Expect(rows.First).ToContainTextAsync("02:10:00:00:00:00");
        Report("first rows", Stopwatch.GetElapsedTime(began));
        // The header is a row, too.
        await Expect(page.Page.Locator(".window")).ToHaveAttributeAsync("aria-rowcount", (Devices + 1).ToString(CultureInfo.InvariantCulture));

        await rows.First.FocusAsync();
        began = Stopwatch.GetTimestamp();
        await page.Page.Keyboard.PressAsync("End");
        await Expect(page.Page.Locator($"[data-index='{Devices - 1}']")).ToContainTextAsync("02:10:00:01:86:9F");
        Report("the last rows", Stopwatch.GetElapsedTime(began));
        for (int step = 9; step >= 1; step--)
        {
            int index = Devices * step / 10;
            double took = await page.Page.EvaluateAsync<double>(ScrollTo, new object[] { index, Mac(First + (ulong)index) });
            Report($"rows from {index}", TimeSpan.FromMilliseconds(took));
        }
        Assert.InRange(await rows.CountAsync(), 1, MaxRows);
        await page.ScreenshotAsync("devices-100000");
        page.AssertClean();
    }

    private static string Mac(ulong value) => string.Join(':', Convert.ToHexString(BitConverter.GetBytes(value)[..6].Reverse().ToArray()).Chunk(2).Select(static pair => new string(pair)));

    private void Report(string what, TimeSpan took) => output.WriteLine($"{what}: {took.TotalMilliseconds:0} ms");
}
