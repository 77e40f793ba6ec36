using System.Net;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Silo.Operations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Exporter;

namespace KismetOrleans.Api.Tests.Operations;

/// <summary>Metrics and spans reach a collector, by both protocols, and only when there is one; Prometheus reads metrics where it may.</summary>
public sealed class TelemetryTests
{
    [Theory]
    [InlineData(true, "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    [InlineData(false, "/v1/metrics", "/v1/traces")]
    public async Task Metrics_and_spans_arrive(bool grpc, string metrics, string traces)
    {
        await using Collector collector = await Collector.StartAsync(grpc);
        await using (TestServer server = await TestServer.StartAsync(
            $"--Otlp:Endpoint={collector.Address}", $"--Otlp:Protocol={(grpc ? "grpc" : "http/protobuf")}", "--Otlp:Interval=00:00:00.1", "--Otlp:TraceRatio=1",
            "-c", Repository.Campus))
        {
            await server.WaitForSourcesAsync(1);
            Task received = collector.WaitForAsync(
                "kismetorleans-embedded", "KismetOrleans", "kismet.packets", "IEEE802.11", "kismet.batches", "applied",
                "kismet.duplicates", "kismet.partition.devices", "kismet.queue.depth", "partitions",
                "http.server.request.duration", "dotnet.gc.collections", "Microsoft.AspNetCore.Hosting",
                // Spans go in groups, every 5 s.
                "a-span-of-ours", "/devices/views/");
            // Again and again: spans of other tests of this process go the same way, whose queue drops what is too much.
            do
            {
                (await server.Client.AskAsync("/devices/views/all/devices.json?KISMET=a-secret-key")).Ok();
                (await server.Client.AskAsync("/healthz/live")).Ok();
                using (Traces.Source.StartActivity("a-span-of-ours"))
                {
                }
            }
            while (await Task.WhenAny(received, Task.Delay(TimeSpan.FromSeconds(1))) != received);
            await received;
        }
        Assert.Equal([metrics, traces], collector.Paths.Order(StringComparer.Ordinal));
        Assert.False(collector.Has("a-secret-key"), "a key left the server in a span");
    }

    [Fact]
    public void Nothing_is_exported_without_an_endpoint()
    {
        ServiceCollection services = new();
        services.AddOperations(Settings(), "tests");
        Assert.DoesNotContain(services, static service => service.ServiceType == typeof(IHostedService));
    }

    [Fact]
    public async Task A_server_whose_collector_is_away_starts_answers_and_ends()
    {
        // Nobody listens on the discard port.
        await using TestServer server = await TestServer.StartAsync("--Otlp:Endpoint=http://127.0.0.1:9", "--Otlp:Interval=00:00:00.1");
        (await server.Client.AskAsync("/healthz/ready")).Ok();
    }

    [Fact]
    public async Task Prometheus_reads_metrics_by_the_names_of_the_rules_with_a_key_that_may_read()
    {
        await using TestServer server = await TestServer.StartAsync("--Prometheus:Enabled", "true", "--Auth:Reads", "login", "-c", Repository.Campus);
        await server.WaitForSourcesAsync(1);
        string key = (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name":"prometheus","role":"readonly","duration":0}""")).Ok().Body;
        using HttpClient stranger = new() { BaseAddress = server.Client.BaseAddress };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.AskAsync("/metrics")).Status);
        Answer read = await stranger.AskAsync($"/metrics?KISMET={key}");
        Assert.Equal((HttpStatusCode.OK, "text/plain; version=0.0.4; charset=utf-8"), (read.Status, read.ContentType));
        // Names of dashboards/kismetorleans.rules.yml.
        Assert.All(
            ["kismet_partition_devices{", "kismet_packets_total{", "http_server_request_duration_seconds_count{"],
            name => Assert.Contains("\n" + name, read.Body, StringComparison.Ordinal));
        Assert.DoesNotContain(key, read.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"/metrics\"", (await stranger.AskAsync($"/metrics?KISMET={key}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_reads_metrics_that_are_not_enabled()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.AskAsync("/metrics")).Status);
        Assert.Equal(
            "Prometheus:Enabled: 'perhaps' is neither true nor false",
            Assert.Throws<ArgumentException>(static () => PrometheusEndpoint.IsWanted(Settings(("Prometheus:Enabled", "perhaps")))).Message);
    }

    [Theory]
    [InlineData("http://collector:4317", null, OtlpExportProtocol.Grpc, "http://collector:4317/")]
    [InlineData("http://collector:4318", null, OtlpExportProtocol.HttpProtobuf, "http://collector:4318/v1/metrics")]
    [InlineData("https://collector/in/", "http/protobuf", OtlpExportProtocol.HttpProtobuf, "https://collector/in/v1/metrics")]
    [InlineData("http://collector:4318", "grpc", OtlpExportProtocol.Grpc, "http://collector:4318/")]
    public void The_protocol_is_the_ports_unless_it_is_said(string endpoint, string? protocol, OtlpExportProtocol expected, string address)
    {
        OtlpSettings own = OtlpSettings.Of(Settings(("Otlp:Endpoint", endpoint), ("Otlp:Protocol", protocol)))!;
        OtlpSettings standard = OtlpSettings.Of(Settings(("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)))!;
        Assert.Equal(own, standard);
        Assert.Equal((expected, address), (own.Protocol, own.EndpointOf("metrics").ToString()));
        Assert.Equal((TimeSpan.FromSeconds(15), 0.01), (own.Interval, own.TraceRatio));
    }

    [Theory]
    [InlineData("Otlp:Endpoint", "collector", "'collector' is no address")]
    [InlineData("Otlp:Endpoint", "ftp://collector", "'ftp://collector' is no address")]
    [InlineData("Otlp:Protocol", "http/json", "'http/json' is neither grpc nor http/protobuf")]
    [InlineData("Otlp:Interval", "soon", "'soon' is no time")]
    [InlineData("Otlp:Interval", "00:00:00", "'00:00:00' is no time")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "-5", "'-5' is no number")]
    [InlineData("Otlp:TraceRatio", "2", "'2' is no number from 0 to 1")]
    [InlineData("Otlp:TraceRatio", "NaN", "'NaN' is no number from 0 to 1")]
    public void A_wrong_setting_is_named(string key, string value, string message)
    {
        ArgumentException wrong = Assert.Throws<ArgumentException>(
            () => OtlpSettings.Of(Settings(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector"), (key, value))));
        Assert.StartsWith(key, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(s.Key, s.Value))).Build();
}
