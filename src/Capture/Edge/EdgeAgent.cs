using KismetOrleans.Capture.Edge.Joining;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Capture.Edge;

/// <summary>Captures on this host and sends to a server: a pipeline per source, which know nothing of each other.</summary>
internal sealed class EdgeAgent(AgentOptions options, EdgeLog log, TimeProvider time, Random random)
{
    /// <summary>Exit code: all went well.</summary>
    public const int Good = 0;

    public const int SourceFailed = 1;

    /// <summary>Runs until all capture files are saved or the agent is told to stop.</summary>
    /// <returns><see cref="Good"/> or <see cref="SourceFailed"/>.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        List<EdgeSource> sources = [];
        await using Receivers receivers = new(time);
        HostMeter host = new(options.SpoolFolder, time);
        bool failed = false;
        foreach (SourceDefinition definition in options.Sources)
        {
            try
            {
                sources.Add(new(options, definition, receivers.Of(definition, options.Gps), host, log, time, random));
            }
            catch (Exception e) when (e is SpoolException or GpsException)
            {
                log.Error(definition.Name, e.Message);
                failed = true;
            }
        }
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task renewing = options.Link.Joined is { } joined ? new Enrolment(log, time, random).RenewAsync(joined, options.Link.Servers, over.Token) : Task.CompletedTask;
        await Task.WhenAll(sources.Select(source => RunAsync(source, stop)));
        await over.CancelAsync();
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return failed || sources.Any(static source => source.Failure is not null) ? SourceFailed : Good;
    }

    private static async Task RunAsync(EdgeSource source, CancellationToken stop)
    {
        await using (source)
        {
            await source.RunAsync(stop);
        }
    }

    // One for all sources that name the same: a serial port is opened once.
    private sealed class Receivers(TimeProvider time) : IAsyncDisposable
    {
        private readonly Dictionary<string, GpsReceiver> _all = [];

        public GpsReceiver? Of(SourceDefinition definition, GpsDefinition? otherwise)
        {
            // What a capture file holds was not captured here and now.
            if ((definition.Gps ?? (PacketSources.IsFile(definition) ? null : otherwise)) is not { } gps)
            {
                return null;
            }
            if (!_all.TryGetValue(gps.Text, out GpsReceiver? receiver))
            {
                _all.Add(gps.Text, receiver = new(gps, time));
            }
            return receiver;
        }

        public async ValueTask DisposeAsync() => await Task.WhenAll(_all.Values.Select(static receiver => receiver.DisposeAsync().AsTask()));
    }
}
