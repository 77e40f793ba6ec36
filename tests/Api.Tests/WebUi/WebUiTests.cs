using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.WebUi;

/// <summary>The pages' files are served as they were built, and nothing else of the disk is.</summary>
public sealed class WebUiTests : IDisposable
{
    private const string Script = "console.log('a page');";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public WebUiTests()
    {
        string built = Path.Combine(_folder.FullName, "built");
        Directory.CreateDirectory(Path.Combine(built, "assets"));
        File.WriteAllText(Path.Combine(built, "index.html"), "<!doctype html><title>Pages</title>");
        File.WriteAllText(Path.Combine(built, "assets", "main-1.js"), Script);
        File.WriteAllText(Path.Combine(built, "assets", "main-1.js.br"), "as brotli");
        File.WriteAllText(Path.Combine(built, "assets", "main-1.js.gz"), "as gzip");
        File.WriteAllText(Path.Combine(_folder.FullName, "secret.txt"), "not for anybody");
    }

    private string Built => Path.Combine(_folder.FullName, "built");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("/")]
    [InlineData("/ui")]
    [InlineData("/ui/")]
    [InlineData("/ui/devices")]
    [InlineData("/ui/device/4202770D00000000_106D2ABFC750")]
    [InlineData("/ui/index.html")]
    public async Task A_page_of_the_browsers_own_is_the_one_page(string path)
    {
        await using TestServer server = await StartAsync("--Auth:Reads", "login");
        using HttpResponseMessage answer = await server.Anonymous.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("<!doctype html><title>Pages</title>", await answer.Content.ReadAsStringAsync());
        Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("/ui/nothing")]
    [InlineData("/ui/devices/more")]
    [InlineData("/ui/device")]
    public async Task An_address_that_is_no_page_is_not_found_and_the_page_says_so(string path)
    {
        await using TestServer server = await StartAsync();
        using HttpResponseMessage answer = await server.Anonymous.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("<!doctype html><title>Pages</title>", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public void Pages_are_those_that_the_browser_knows()
    {
        string app = File.ReadAllText(Path.Combine(Repository.Root, "src", "Web", "src", "shell", "app.tsx"));
        Assert.Equal(
            System.Text.RegularExpressions.Regex.Matches(app, "path: \"/ui/([a-z]+)\"").Select(static page => page.Groups[1].Value).Order(),
            KismetOrleans.Api.WebUi.WebUiEndpoints.Pages.Order());
    }

    [Fact]
    public async Task Browsers_find_the_picture_that_they_ask_for_by_themselves()
    {
        await File.WriteAllTextAsync(Path.Combine(Built, "icon.svg"), "<svg/>");
        await using TestServer server = await StartAsync("--Auth:Reads", "login");
        using HttpResponseMessage answer = await server.Anonymous.GetAsync("/favicon.ico");

        Assert.Equal(("image/svg+xml", "<svg/>"), (answer.Content.Headers.ContentType!.MediaType, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("br, gzip", "br", "as brotli")]
    [InlineData("gzip, deflate", "gzip", "as gzip")]
    [InlineData("br;q=0, gzip", "gzip", "as gzip")]
    [InlineData("", null, Script)]
    public async Task A_script_is_sent_as_the_browser_takes_it_and_kept_for_ever(string accepts, string? encoding, string body)
    {
        await using TestServer server = await StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/ui/assets/main-1.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        using HttpResponseMessage answer = await server.Anonymous.SendAsync(request);

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("Accept-Encoding", answer.Headers.Vary.Single());
    }

    [Fact]
    public async Task What_the_browser_has_is_not_sent_again()
    {
        await using TestServer server = await StartAsync();
        using HttpResponseMessage first = await server.Anonymous.GetAsync("/");
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(first.Headers.ETag!.ToString()));
        using HttpResponseMessage again = await server.Anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/ui/assets/gone.js")]
    [InlineData("/ui/assets/main-1.js.br")]
    [InlineData("/ui/../secret.txt")]
    [InlineData("/ui/%2e%2e/secret.txt")]
    [InlineData("/ui/..%2fsecret.txt")]
    [InlineData("/ui/plans/0")]
    public async Task What_is_not_among_the_files_is_not_there(string path)
    {
        await using TestServer server = await StartAsync();
        using HttpResponseMessage answer = await server.Anonymous.GetAsync(new Uri(server.Address, path));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("not for anybody", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_built_pages_the_first_says_what_is_missing_and_the_API_works()
    {
        await using TestServer server = await TestServer.StartAsync("--WebUi:Folder", Path.Combine(_folder.FullName, "nothing"));
        using HttpResponseMessage answer = await server.Anonymous.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("npm", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous.GetAsync("/system/status.json")).StatusCode);
    }

    [Fact]
    public async Task Tiles_are_allowed_from_their_server_and_plans_are_told_with_their_edges()
    {
        string plan = Path.Combine(_folder.FullName, "hall.svg");
        await File.WriteAllTextAsync(plan, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        await using TestServer server = await StartAsync(
            "--WebUi:Tiles", "https://{s}.tile.example.org/{z}/{x}/{y}.png", "--WebUi:TilesAttribution", "Example", "--WebUi:Plans:0:Name", "Hall", "--WebUi:Plans:0:File", plan,
            "--WebUi:Plans:0:South", "52.5", "--WebUi:Plans:0:West", "13.3", "--WebUi:Plans:0:North", "52.51", "--WebUi:Plans:0:East", "13.31");
        using HttpResponseMessage page = await server.Anonymous.GetAsync("/");
        using JsonDocument settings = JsonDocument.Parse(await server.Anonymous.GetStringAsync("/ui/settings.json"));
        using HttpResponseMessage picture = await server.Anonymous.GetAsync("/ui/plans/0");

        Assert.Contains("img-src 'self' blob: data: https://*.tile.example.org;", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("https://{s}.tile.example.org/{z}/{x}/{y}.png", settings.RootElement.GetProperty("tiles").GetString());
        JsonElement told = settings.RootElement.GetProperty("plans")[0];
        Assert.Equal(("Hall", 52.5, 13.31), (told.GetProperty("name").GetString(), told.GetProperty("south").GetDouble(), told.GetProperty("east").GetDouble()));
        Assert.Equal("image/svg+xml", picture.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sandbox", picture.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--WebUi:Tiles", "tile.example.org")]
    [InlineData("--WebUi:Tiles", "javascript:{z}")]
    [InlineData("--WebUi:Plans:0:File", "/no/such.png")]
    public async Task A_setting_of_no_use_is_told_at_the_start(string name, string value)
    {
        ArgumentException told = await Assert.ThrowsAsync<ArgumentException>(() => TestServer.StartAsync(name, value));
        Assert.Contains(name[2..], told.Message, StringComparison.Ordinal);
    }

    private Task<TestServer> StartAsync(params string[] args) => TestServer.StartAsync(["--WebUi:Folder", Built, .. args]);
}
