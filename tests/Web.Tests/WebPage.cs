using System.Collections.Concurrent;
using Microsoft.Playwright;
using IRequest = Microsoft.Playwright.IRequest;

namespace KismetOrleans.Web.Tests;

/// <summary>A page of the server in the browser. It collects what a user would not see at once: errors on the console, refused and failed requests, and any that leave this machine.</summary>
internal sealed class WebPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<IRequest> _requests = new();
    private readonly WebServer _server;

    public WebPage(IPage page, WebServer server)
    {
        Page = page;
        _server = server;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _problems.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _problems.Enqueue($"uncaught: {error}");
        page.Request += (_, request) =>
        {
            _requests.Enqueue(request);
            NoteIfElsewhere(request.Url);
        };
        page.WebSocket += (_, socket) => NoteIfElsewhere(socket.Url);
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                _problems.Enqueue($"{response.Status}: {response.Request.Method} {response.Url}");
            }
        };
        page.RequestFailed += (_, request) =>
        {
            // A page that goes elsewhere breaks off what it waited for.
            if (request.Failure != "net::ERR_ABORTED")
            {
                _problems.Enqueue($"{request.Failure}: {request.Method} {request.Url}");
            }
        };
    }

    /// <summary>Playwright's page.</summary>
    public IPage Page { get; }

    /// <summary>What went wrong so far, one line each.</summary>
    public IReadOnlyList<string> Problems => [.. _problems];

    /// <summary>What was asked for so far, the page itself first; no websockets.</summary>
    public IReadOnlyList<IRequest> Requests => [.. _requests];

    /// <summary>Opens a path and waits until it and what it names are loaded.</summary>
    public async Task<IResponse> GoAsync(string path) =>
        await Page.GotoAsync(path) ?? throw new InvalidOperationException($"{path} gave no answer");

    /// <summary>Gives the page the administrator's session before it is opened, without a dialog.</summary>
    public async Task LogInAsync() =>
        await Page.Context.AddCookiesAsync([new() { Name = "KISMET", Value = await _server.NewSessionAsync(), Url = _server.Address.ToString(), HttpOnly = true }]);

    /// <summary>Waits until live events come: what is raised after it is told. "live" is shown before the server has read what the page subscribes to.</summary>
    public Task ListeningAsync() => Assertions.Expect(Page.Locator(".pulse > span").Nth(2)).ToBeVisibleAsync();

    /// <summary>Keeps a picture of the page in <see cref="Browser.Screenshots"/>.</summary>
    /// <param name="name">File name without an end.</param>
    /// <param name="whole">The page from top to bottom, not only what fits.</param>
    public async Task ScreenshotAsync(string name, bool whole = false) =>
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, name + ".png"), FullPage = whole });

    /// <summary>Compressed bytes of all scripts that the page has loaded.</summary>
    public Task<long> ScriptBytesAsync() => Page.EvaluateAsync<long>(
        "() => performance.getEntriesByType('resource').filter(r => new URL(r.name).pathname.endsWith('.js')).reduce((sum, r) => sum + r.encodedBodySize, 0)");

    /// <summary>Takes away what went wrong and was meant to, as a refused password, and fails where nothing did.</summary>
    public void Expect(params string[] parts)
    {
        string[] all = [.. _problems];
        Assert.All(parts, part => Assert.Contains(all, problem => problem.Contains(part, StringComparison.Ordinal)));
        _problems.Clear();
        foreach (string problem in all.Where(problem => !parts.Any(part => problem.Contains(part, StringComparison.Ordinal))))
        {
            _problems.Enqueue(problem);
        }
    }

    /// <summary>Fails if anything went wrong.</summary>
    public void AssertClean() => Assert.True(_problems.IsEmpty, string.Join('\n', _problems));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    private void NoteIfElsewhere(string url)
    {
        Uri at = new(url);
        if (at.Scheme is not ("data" or "blob" or "about") && at.Authority != _server.Address.Authority)
        {
            _problems.Enqueue($"elsewhere: {url}");
        }
    }
}
