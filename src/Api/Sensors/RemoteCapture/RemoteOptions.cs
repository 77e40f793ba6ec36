using System.Net;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

/// <summary>How Kismet's capture programs are taken (section <c>Remote</c>).</summary>
internal sealed record RemoteOptions
{
    public const string Section = "Remote";

    /// <summary>Where to listen for capture programs that come by plain TCP, without login: 3501, 127.0.0.1:3501 or [::]:3501; nowhere without. A port alone is for this machine.</summary>
    public string? Listen { get; init; }

    /// <summary>Whether packets have the time of their receipt, as in Kismet, and not that of the capture program's clock.</summary>
    public bool OverrideTimestamp { get; init; } = true;

    /// <summary>Where to listen; null for nowhere.</summary>
    /// <exception cref="ArgumentException">It is no such place.</exception>
    public IPEndPoint? ListenAt() => ListenPlace.Of(Section, Listen);
}
