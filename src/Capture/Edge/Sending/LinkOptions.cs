using KismetOrleans.Capture.Edge.Joining;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>Where a source is sent to.</summary>
/// <param name="Servers">Addresses of the servers, which are all the same to it: http, https, ws or wss; one or more.</param>
/// <param name="Key">Their ingest key; null for none.</param>
public sealed record LinkOptions(IReadOnlyList<Uri> Servers, string? Key)
{
    /// <summary>What this host got by joining, in the place of <see cref="Key"/>; null where it did not join.</summary>
    internal JoinedKey? Joined { get; init; }

    /// <summary>The key as it is now.</summary>
    internal string? CurrentKey => Joined?.State.Key ?? Key;

    /// <summary>How long connecting and the server's welcome may take.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the source's health is told.</summary>
    public TimeSpan HealthEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether key and packets would go over a network in the clear.</summary>
    public bool IsInTheClear => Servers.Any(static server => server is { Scheme: "http" or "ws", IsLoopback: false });
}
