using System.Text.Json;

namespace KismetOrleans.Api.Tests;

/// <summary>One server for all tests that only read: the sample capture, replayed to its end.</summary>
public sealed class Campus : IAsyncLifetime
{
    private TestServer? _server;

    internal TestServer Server => _server!;

    /// <summary>A client of the server.</summary>
    internal HttpClient Client => Server.Client;

    /// <summary>All devices as the server prints them, by key.</summary>
    internal IReadOnlyDictionary<string, JsonElement> Devices { get; private set; } = new Dictionary<string, JsonElement>();

    /// <summary>The datasource's UUID.</summary>
    internal string Uuid { get; private set; } = "";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _server = await TestServer.ReplayAsync(Repository.Campus);
        // Lists come as partitions answer. The first ones here are always the same, and were heard themselves: who was only spoken to has no signal.
        Devices = (await Client.AskAsync("/devices/all_devices.itjson")).Ok().Lines
            .OrderBy(static d => !d.TryGetProperty("kismet.device.base.signal", out _)).ThenBy(static d => d.Text("kismet.device.base.key"), StringComparer.Ordinal)
            .ToDictionary(static d => d.Text("kismet.device.base.key"));
        Uuid = (await Client.AskAsync("/datasource/all_sources.json")).Ok().List.Single().Text("kismet.datasource.uuid");
    }

    /// <summary>Puts names that exist in the place of <c>{uuid}</c>, <c>{key}</c> and <c>{mac}</c>.</summary>
    internal string Fill(string path)
    {
        JsonElement device = Devices.Values.First();
        return path.Replace("{uuid}", Uuid, StringComparison.Ordinal)
            .Replace("{key}", device.Text("kismet.device.base.key"), StringComparison.Ordinal)
            .Replace("{mac}", device.Text("kismet.device.base.macaddr"), StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>Tests that share <see cref="Campus"/>.</summary>
[CollectionDefinition(Name)]
public sealed class CampusCollection : ICollectionFixture<Campus>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "campus";
}
