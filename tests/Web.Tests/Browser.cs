using Microsoft.Playwright;

namespace KismetOrleans.Web.Tests;

/// <summary>One Chromium for all tests: the system's own, driven by Playwright. Nothing is downloaded, and nothing beyond this machine is reached.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Names another Chromium than Debian's.</summary>
    private const string PathVariable = "KISMETORLEANS_CHROMIUM";

    private const string DebianPath = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why there are no browser tests here; null where there are.</summary>
    public static string? Missing { get; } = File.Exists(Executable) ? null : $"browser tests left out: no chromium ({Executable})";

    /// <summary>Where pictures of pages are kept.</summary>
    public static string Screenshots { get; } = Path.Combine(AppContext.BaseDirectory, "screenshots");

    private static string Executable => Environment.GetEnvironmentVariable(PathVariable) ?? DebianPath;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }
        Directory.CreateDirectory(Screenshots);
        // A machine that builds beside it is slow; a test that passes does not wait.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            // A container's root has no sandbox. Every name but this machine's is unknown: a page that asks elsewhere fails, and is told on.
            Args = [.. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(), "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        });
    }

    /// <summary>A page in a session of its own, with nothing open yet; what goes wrong in it is collected.</summary>
    /// <param name="server">Whose paths it opens.</param>
    /// <param name="options">Viewport, colours and so on where they matter.</param>
    internal async Task<WebPage> OpenAsync(WebServer server, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.BaseURL = server.Address.ToString();
        IBrowserContext context = await _browser!.NewContextAsync(options);
        return new(await context.NewPageAsync(), server);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }
        _playwright?.Dispose();
    }
}

/// <summary>A test in a browser, left out where there is none, which its result says.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Missing;
}

/// <summary>As <see cref="BrowserFactAttribute"/>, with data.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Browser.Missing;
}

/// <summary>Tests that share the browser and <see cref="CampusSite"/>, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Browser>, ICollectionFixture<CampusSite>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "browser";
}
