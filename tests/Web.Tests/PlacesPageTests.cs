using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KismetOrleans.Web.Tests;

/// <summary>Places are edited by hand: a plan, its reference points, a zone, a sensor; who was in the zone is known then, and the map shows it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PlacesPageTests(Browser browser)
{
    [PageFact]
    public async Task A_zone_is_drawn_on_a_plan_and_who_was_there_is_known()
    {
        await using WebServer server = await WebServer.ReplayAsync(Api.Tests.Repository.Campus + ":name=lobby");
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/places");
        await ButtonAsync(page, "Add a site");
        await ButtonAsync(page, "Add a building");
        await FillAsync(page, "Latitude of its corner", "52.5");
        await FillAsync(page, "Longitude of its corner", "13.25");
        await page.Page.GetByRole(AriaRole.Combobox, new() { NameRegex = new("^Site") }).SelectOptionAsync("Site 1");

        await page.Page.GetByLabel("Picture").SetInputFilesAsync(new FilePayload { Name = "plan.png", MimeType = "image/png", Buffer = Png(400, 250) });
        // The second point to the middle of the lower edge, which is 20 m from the first.
        ILocator plan = page.Page.GetByRole(AriaRole.Group, new() { Name = "Plan of Building 1, floor 0" });
        ILocator second = page.Page.GetByRole(AriaRole.Button, new() { Name = "Reference point 2" });
        await Expect(second).ToBeVisibleAsync();
        ILocator first = page.Page.GetByRole(AriaRole.Button, new() { Name = "Reference point 1" });
        (float x1, float y1) = await MiddleAsync(first);
        (float x2, float y2) = await MiddleAsync(second);
        await DragAsync(page, second, (x1 + x2) / 2, (y1 + y2) / 2);
        await FillAsync(page, "x of point 2, metres", "20");
        await Expect(page.Page.GetByRole(AriaRole.Region, new() { Name = "Reference points" })).ToContainTextAsync("A pixel is 0.100 m.");

        await ButtonAsync(page, "Draw a zone");
        foreach ((double right, double down) in ((double, double)[])[(0.25, 0.3), (0.45, 0.3), (0.45, 0.7), (0.25, 0.7)])
        {
            LocatorBoundingBoxResult box = (await plan.BoundingBoxAsync())!;
            await page.Page.Mouse.ClickAsync((float)(box.X + (box.Width * right)), (float)(box.Y + (box.Height * down)));
        }
        await ButtonAsync(page, "Finish");
        await FillAsync(page, "Name of the zone", "Lab");
        await page.Page.GetByLabel("Put a sensor here").SelectOptionAsync(new SelectOptionValue { Label = "lobby" });
        ILocator sensor = page.Page.GetByRole(AriaRole.Button, new() { Name = "Sensor lobby" });
        await Expect(sensor).ToBeVisibleAsync();
        await SaveAsync(page);
        JsonElement places = await PlacesAsync(server);
        JsonElement floor = places.GetProperty("buildings")[0].GetProperty("floors")[0];
        Assert.Equal(4, floor.GetProperty("zones")[0].GetProperty("polygon").GetArrayLength());
        Assert.InRange(floor.GetProperty("plan").GetProperty("fit").GetProperty("scale").GetDouble(), 0.099, 0.101);
        // It was put into the middle, which is not in the zone.
        Assert.Empty(await InLabAsync(server));

        ILocator zone = page.Page.GetByRole(AriaRole.Button, new() { Name = "Zone Lab" });
        (float x, float y) = await MiddleAsync(zone);
        await DragAsync(page, sensor, x, y);
        // A corner is dragged, and one is added between two.
        ILocator corner = page.Page.GetByRole(AriaRole.Button, new() { Name = "Corner 1 of Lab", Exact = true });
        await zone.ClickAsync(new() { Position = new() { X = 8, Y = 60 } });
        (float cornerX, float cornerY) = await MiddleAsync(corner);
        await DragAsync(page, corner, cornerX - 30, cornerY - 20);
        ILocator between = page.Page.GetByRole(AriaRole.Button, new() { Name = "New corner behind corner 2 of Lab", Exact = true });
        (float betweenX, float betweenY) = await MiddleAsync(between);
        await DragAsync(page, between, betweenX + 25, betweenY);
        await page.ScreenshotAsync("places", whole: true);
        await SaveAsync(page);
        JsonElement changed = await PlacesAsync(server);
        Assert.Equal(5, changed.GetProperty("buildings")[0].GetProperty("floors")[0].GetProperty("zones")[0].GetProperty("polygon").GetArrayLength());
        Assert.NotEmpty(await InLabAsync(server));

        // The picture is the server's own after a reload.
        await page.GoAsync("/ui/places");
        await Expect(page.Page.Locator("svg.floor image")).ToHaveAttributeAsync("href", $"/places/pictures/{floor.GetProperty("plan").GetProperty("picture").GetString()}");
        await page.GoAsync("/ui/map?at=52.5001,13.2502,19");
        await Expect(page.Page.Locator(".map-label", new() { HasText = "Lab" })).ToBeVisibleAsync();
        await page.ScreenshotAsync("map-zones");
        page.AssertClean();
    }

    [PageFact]
    public async Task Who_may_only_look_sees_places_and_changes_nothing()
    {
        await using WebServer server = await WebServer.StartAsync();
        using (HttpResponseMessage answer = await server.Client.PutAsync("/places/all.json", new StringContent("""
            {"buildings": [{"name": "B", "lat": 1, "lon": 2, "floors": [{"floor": 3, "zones": [{"name": "Lab", "polygon": [[0, 0], [9, 0], [9, 9]]}]}]}]}
            """)))
        {
            answer.EnsureSuccessStatusCode();
        }
        await using WebPage page = await browser.OpenAsync(server);
        await page.GoAsync("/ui/places");
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Zone Lab" })).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCountAsync(0);
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Add a building" })).ToHaveCountAsync(0);
        await Expect(page.Page.GetByLabel("Latitude of its corner")).ToBeDisabledAsync();
        page.AssertClean();
    }

    [PageFact]
    public async Task What_somebody_else_changed_meanwhile_is_not_lost()
    {
        await using WebServer server = await WebServer.StartAsync();
        await using WebPage page = await browser.OpenAsync(server);
        await page.LogInAsync();
        await page.GoAsync("/ui/places");
        await ButtonAsync(page, "Add a site");
        using (HttpResponseMessage answer = await server.Client.PutAsync("/places/all.json", new StringContent("""{"sites": [{"name": "Theirs"}]}""")))
        {
            answer.EnsureSuccessStatusCode();
        }
        await ButtonAsync(page, "Save");
        await Expect(page.Page.GetByText("Somebody else changed the places meanwhile.")).ToBeVisibleAsync();
        await ButtonAsync(page, "Undo");
        await Expect(page.Page.GetByLabel("Name of the site")).ToHaveValueAsync("Theirs");
        page.Expect("409");
        page.AssertClean();
    }

    private static Task ButtonAsync(WebPage page, string name) => page.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static async Task FillAsync(WebPage page, string label, string value)
    {
        ILocator input = page.Page.GetByLabel(label);
        await input.FillAsync(value);
        await input.BlurAsync();
    }

    private static async Task SaveAsync(WebPage page)
    {
        await ButtonAsync(page, "Save");
        await Expect(page.Page.GetByText("Not saved yet")).ToHaveCountAsync(0);
    }

    private static async Task<(float X, float Y)> MiddleAsync(ILocator locator)
    {
        await locator.ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult box = (await locator.BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    private static async Task DragAsync(WebPage page, ILocator what, float x, float y)
    {
        (float fromX, float fromY) = await MiddleAsync(what);
        await page.Page.Mouse.MoveAsync(fromX, fromY);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(x, y, new() { Steps = 5 });
        await page.Page.Mouse.UpAsync();
    }

    private static async Task<JsonElement> PlacesAsync(WebServer server)
    {
        using JsonDocument json = JsonDocument.Parse(await server.Client.GetStringAsync("/places/all.json"));
        return json.RootElement.Clone();
    }

    private static async Task<JsonElement[]> InLabAsync(WebServer server)
    {
        using JsonDocument sources = JsonDocument.Parse(await server.Client.GetStringAsync("/devices/views/all/devices.json"));
        long last = sources.RootElement.EnumerateArray().Max(static device => device.GetProperty("kismet.device.base.last_time").GetInt64());
        using JsonDocument json = JsonDocument.Parse(await server.Client.GetStringAsync($"/presence/devices.json?building=Building%201&zone=lab&from={last - 86_400}&until={last + 300}"));
        return [.. json.RootElement.EnumerateArray().Select(static one => one.Clone())];
    }

    // A light picture with a darker frame, as a plan would be.
    private static byte[] Png(int width, int height)
    {
        using MemoryStream rows = new();
        using (ZLibStream zlib = new(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (int x = 0; x < width; x++)
                {
                    zlib.WriteByte((byte)(x < 4 || y < 4 || x >= width - 4 || y >= height - 4 || x == width / 2 ? 90 : 235));
                }
            }
        }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        // 8 bits of grey.
        header[8] = 8;
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR", header), .. Chunk("IDAT", rows.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] made = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(made, content.Length);
        Encoding.ASCII.GetBytes(type, made.AsSpan(4));
        content.CopyTo(made, 8);
        uint crc = uint.MaxValue;
        foreach (byte b in made.AsSpan(4, content.Length + 4))
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }
        BinaryPrimitives.WriteUInt32BigEndian(made.AsSpan(content.Length + 8), ~crc);
        return made;
    }
}
