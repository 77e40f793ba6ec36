using System.Globalization;
using OpenTelemetry.Exporter;

namespace KismetOrleans.Silo.Operations;

/// <summary>Where metrics and spans are sent: section <c>Otlp</c> of the settings, or OpenTelemetry's own environment variables.</summary>
/// <param name="Endpoint">Root of the collector.</param>
/// <param name="Protocol">gRPC, or protobuf over HTTP.</param>
/// <param name="Interval">Time between two exports of metrics.</param>
/// <param name="TraceRatio">Share of requests, saves and batches that are traced, 0 to 1.</param>
internal sealed record OtlpSettings(Uri Endpoint, OtlpExportProtocol Protocol, TimeSpan Interval, double TraceRatio)
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string IntervalVariable = "OTEL_METRIC_EXPORT_INTERVAL";

    // Collectors listen for protobuf over HTTP here, for gRPC on 4317.
    private const int HttpPort = 4318;

    // One in a hundred: a busy server answers thousands of requests a second, and a span is some 500 bytes.
    private const double DefaultTraceRatio = 0.01;
    private static readonly TimeSpan s_defaultInterval = TimeSpan.FromSeconds(15);

    /// <summary>Reads the settings.</summary>
    /// <returns>Null when there is no endpoint: then nothing is measured for export.</returns>
    /// <exception cref="ArgumentException">A setting cannot be understood; the message names it.</exception>
    public static OtlpSettings? Of(IConfiguration configuration)
    {
        string? endpoint = Setting(configuration, "Otlp:Endpoint", EndpointVariable);
        if (endpoint is null)
        {
            return null;
        }
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"Otlp:Endpoint ({EndpointVariable}): '{endpoint}' is no address; one looks like http://collector:4317");
        }
        OtlpExportProtocol protocol = Setting(configuration, "Otlp:Protocol", ProtocolVariable) switch
        {
            null => uri.Port == HttpPort ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            string other => throw new ArgumentException($"Otlp:Protocol ({ProtocolVariable}): '{other}' is neither grpc nor http/protobuf"),
        };
        return new(uri, protocol, IntervalOf(configuration), RatioOf(configuration));
    }

    /// <summary>The address for a signal: over HTTP each has its own path.</summary>
    /// <param name="signal"><c>metrics</c> or <c>traces</c>.</param>
    public Uri EndpointOf(string signal) =>
        Protocol == OtlpExportProtocol.Grpc ? Endpoint : new($"{Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v1/{signal}");

    private static TimeSpan IntervalOf(IConfiguration configuration)
    {
        if (Setting(configuration, "Otlp:Interval", null) is { } text)
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan interval) && interval >= TimeSpan.FromMilliseconds(100)
                ? interval
                : throw new ArgumentException($"Otlp:Interval: '{text}' is no time of 00:00:00.1 or more");
        }
        if (Setting(configuration, IntervalVariable, null) is { } milliseconds)
        {
            return int.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 100
                ? TimeSpan.FromMilliseconds(value)
                : throw new ArgumentException($"{IntervalVariable}: '{milliseconds}' is no number of milliseconds of 100 or more");
        }
        return s_defaultInterval;
    }

    private static double RatioOf(IConfiguration configuration) =>
        Setting(configuration, "Otlp:TraceRatio", null) is not { } text ? DefaultTraceRatio
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double ratio) && ratio is >= 0 and <= 1 ? ratio
        : throw new ArgumentException($"Otlp:TraceRatio: '{text}' is no number from 0 to 1");

    private static string? Setting(IConfiguration configuration, string key, string? variable)
    {
        string? value = configuration[key];
        value = string.IsNullOrEmpty(value) && variable is not null ? configuration[variable] : value;
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
