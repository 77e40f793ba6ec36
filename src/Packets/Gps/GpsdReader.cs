// https://gpsd.gitlab.io/gpsd/gpsd_json.html (protocol 3): ?WATCH, TPV.
using System.Text.Json;

namespace KismetOrleans.Packets.Gps;

internal sealed class GpsdReader : GpsReader
{
    private const int DefaultPort = 2947;
    private const double KmhOfMetresPerSecond = 3.6;
    private readonly string _host;
    private readonly int _port;

    public GpsdReader(GpsDefinition definition, IGpsListener listener, TimeProvider clock)
        : base(definition, listener, clock)
    {
        _host = definition["host"] ?? "localhost";
        _port = (int)definition.Number("port", DefaultPort, 1, ushort.MaxValue);
    }

    protected override Task<Stream> OpenAsync(CancellationToken cancellation) => ConnectAsync(_host, _port, cancellation);

    protected override async Task GreetAsync(Stream stream, CancellationToken cancellation) =>
        await stream.WriteAsync("?WATCH={\"enable\":true,\"json\":true};\n"u8.ToArray(), cancellation);

    protected override void Take(ReadOnlySpan<byte> line)
    {
        try
        {
            Utf8JsonReader reader = new(line);
            using JsonDocument report = JsonDocument.ParseValue(ref reader);
            if (report.RootElement.ValueKind == JsonValueKind.Object
                && report.RootElement.TryGetProperty("class", out JsonElement kind) && kind.ValueEquals("TPV"))
            {
                Listener.Report(FixOf(report.RootElement));
            }
            else
            {
                Listener.Touch();
            }
        }
        catch (JsonException)
        {
            // Half a line, of a server that was stopped in the middle of it: the next one is whole again.
            Listener.Touch();
        }
    }

    private static GpsFix FixOf(JsonElement report)
    {
        double mode = Number(report, "mode") ?? 0;
        double? latitude = Number(report, "lat");
        double? longitude = Number(report, "lon");
        // Which altitude is meant was told apart in gpsd 3.20 only.
        double? altitude = Number(report, "altMSL") ?? Number(report, "alt") ?? Number(report, "altHAE");
        if (mode < 2 || latitude is not (>= -90 and <= 90) || longitude is not (>= -180 and <= 180))
        {
            return new() { TimeNs = TimeOf(report) };
        }
        return new()
        {
            Latitude = latitude.Value,
            Longitude = longitude.Value,
            Altitude = (float)(altitude ?? 0),
            Fix = mode >= 3 && altitude is not null ? (byte)3 : (byte)2,
            Speed = (float)((Number(report, "speed") ?? 0) * KmhOfMetresPerSecond),
            Heading = (float)(Number(report, "track") ?? 0),
            MagneticHeading = (float)(Number(report, "magtrack") ?? 0),
            TimeNs = TimeOf(report),
        };
    }

    private static long TimeOf(JsonElement report) =>
        report.TryGetProperty("time", out JsonElement time) && time.ValueKind == JsonValueKind.String
            && time.TryGetDateTimeOffset(out DateTimeOffset at) && at > DateTimeOffset.UnixEpoch
            ? UnixTime.ToNs(at)
            : 0;

    private static double? Number(JsonElement report, string name) =>
        report.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            && double.IsFinite(number) ? number : null;
}
