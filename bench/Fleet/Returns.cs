using System.Diagnostics;
using System.Globalization;

namespace KismetOrleans.Fleet;

/// <summary>How long it takes until all are connected again after connections were lost.</summary>
internal sealed class Returns(Agent[] agents)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until it is told to stop, and prints a line each time.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        long lost = 0, first = 0;
        int before = 0;
        while (!over.IsCancellationRequested)
        {
            int connected = agents.Count(static agent => agent.IsConnected), connections = agents.Sum(static agent => agent.Connections);
            if (connected < agents.Length && lost == 0)
            {
                (lost, first, before) = (Stopwatch.GetTimestamp(), 0, connections);
            }
            else if (lost != 0 && first == 0 && connections > before)
            {
                first = Stopwatch.GetTimestamp();
            }
            if (lost != 0 && connected == agents.Length && connections > before)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"back: {connections - before} connections, the last {Stopwatch.GetElapsedTime(lost).TotalSeconds:F1} s after the loss and {Stopwatch.GetElapsedTime(first).TotalSeconds:F1} s after the first"));
                lost = 0;
            }
            await Task.Delay(s_every, CancellationToken.None);
        }
    }
}
