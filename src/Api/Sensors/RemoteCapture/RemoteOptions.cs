using System.Globalization;
using System.Net;
using System.Net.Sockets;

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
    public IPEndPoint? ListenAt() =>
        string.IsNullOrEmpty(Listen) ? null
        : ushort.TryParse(Listen, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? new(IPAddress.Loopback, port)
        : IPEndPoint.TryParse(Listen.Replace("localhost:", "127.0.0.1:", StringComparison.OrdinalIgnoreCase), out IPEndPoint? place)
            && (place.Port != 0 || (place.AddressFamily == AddressFamily.InterNetwork && Listen.EndsWith(":0", StringComparison.Ordinal))) ? place
        : throw new ArgumentException($"{Section}:Listen: '{Listen}' is no address with a port: 3501, 127.0.0.1:3501 and [::]:3501 are");
}
