using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>Where a source is sent to.</summary>
/// <param name="Server">Address of the server: http, https, ws or wss.</param>
/// <param name="Key">Its ingest key; null for none.</param>
public sealed record LinkOptions(Uri Server, string? Key)
{
    /// <summary>How long connecting and the server's welcome may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the source's health is told.</summary>
    public TimeSpan HealthEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The websocket's address.</summary>
    public Uri Endpoint => new UriBuilder(Server)
    {
        Scheme = Server.Scheme is "https" or "wss" ? "wss" : "ws",
        Path = Server.AbsolutePath.TrimEnd('/') + EdgeProtocol.Path,
    }.Uri;
}
