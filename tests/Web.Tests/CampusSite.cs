using KismetOrleans.Api.Tests;

namespace KismetOrleans.Web.Tests;

/// <summary>A server for all tests that only look: the sample capture, replayed to its end.</summary>
public sealed class CampusSite : IAsyncLifetime
{
    private WebServer? _server;

    internal WebServer Server => _server!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Browser.Missing is null)
        {
            _server = await WebServer.ReplayAsync(Repository.Campus);
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
