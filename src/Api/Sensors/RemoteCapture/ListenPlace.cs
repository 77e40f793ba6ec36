using System.Globalization;
using System.Net;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

internal static class ListenPlace
{
    /// <summary>Reads one: a port alone is for this machine.</summary>
    /// <param name="section">Section of the setting, for the error.</param>
    /// <param name="text">As it was given; nothing for nowhere.</param>
    /// <exception cref="ArgumentException">It is no such place.</exception>
    public static IPEndPoint? Of(string section, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? new(IPAddress.Loopback, port)
        : IPEndPoint.TryParse(text.Replace("localhost:", "127.0.0.1:", StringComparison.OrdinalIgnoreCase), out IPEndPoint? place)
            && (place.Port != 0 || (place.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && text.EndsWith(":0", StringComparison.Ordinal))) ? place
        : throw new ArgumentException($"{section}:Listen: '{text}' is no address with a port: 3501, 127.0.0.1:3501 and [::]:3501 are");
}
