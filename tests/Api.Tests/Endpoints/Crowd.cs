namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>A server with more devices than a window holds; device number n was heard in second n.</summary>
public sealed class Crowd : IAsyncLifetime
{
    /// <summary>Devices.</summary>
    public const int Count = 613;

    private readonly ProbeFile _file = ProbeFile.Create(Count);
    private TestServer? _server;

    /// <summary>A client of the server.</summary>
    internal HttpClient Client => _server!.Client;

    /// <summary>The address of a device.</summary>
    public static string Mac(int number) => $"02:00:00:00:{number >> 8:X2}:{number & 255:X2}";

    /// <inheritdoc/>
    public async Task InitializeAsync() => _server = await TestServer.ReplayAsync(_file.Path);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        _file.Dispose();
    }
}
