using System.Collections.Concurrent;
using System.Diagnostics;
using KismetOrleans.Api.Tests;

namespace KismetOrleans.Silo.Tests;

/// <summary>A trace goes from the API server into the silos.</summary>
public sealed class TraceTests
{
    private const string Grains = "Microsoft.Orleans.Application";

    [Fact]
    public async Task The_spans_of_the_silos_are_in_the_trace_of_the_request()
    {
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name is "Microsoft.AspNetCore" or Grains,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using TestServer server = await TestServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/devices/last-time/0/devices.json");
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        using HttpResponseMessage answer = await server.Client.SendAsync(request);
        Assert.Equal("[]", (await answer.Content.ReadAsStringAsync()).Trim());
        Activity[] asked = [.. spans.Where(static span => span.Source.Name == Grains && span.Kind == ActivityKind.Client)];
        Activity[] answered = [.. spans.Where(static span => span.Source.Name == Grains && span.Kind == ActivityKind.Server)];
        // One for each partition.
        Assert.Equal(32, answered.Length);
        Assert.All(answered, span => Assert.Contains(asked, one => one.SpanId == span.ParentSpanId));
        Assert.All(answered, static span => Assert.Contains("IDevicePartitionGrain", span.OperationName, StringComparison.Ordinal));
    }
}
