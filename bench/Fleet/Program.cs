using System.Diagnostics;
using System.Globalization;
using KismetOrleans.Fleet;
using KismetOrleans.Packets;
using KismetOrleans.SampleGenerator;
using KismetOrleans.SampleGenerator.Campus;
using KismetOrleans.Wire;

// Many sensors in one process, as a server sees them. usage: Fleet SERVER AGENTS PACKETS-A-SECOND SECONDS [KEY]
// Prints how long it took until all were connected, then, when the seconds are over and all is saved: packets sent, batches unsaved, connections lost.
if (args.Length is < 4 or > 5)
{
    Console.Error.WriteLine("usage: Fleet SERVER AGENTS PACKETS-A-SECOND SECONDS [KEY]");
    return 2;
}
Uri server = new(args[0]);
int[] numbers = [.. args[1..4].Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
PacketBatch packets = new();
int offset = 0;
foreach (Packet packet in Scenario.Build().Take(2048))
{
    packet.Bytes.CopyTo(packets.Bytes, offset);
    packets.Packets[packets.Count++] = new() { LinkType = LinkType.Radiotap, Offset = offset, Length = packet.Bytes.Length, OriginalLength = packet.Bytes.Length };
    offset += packet.Bytes.Length;
}
Agent[] agents = [.. Enumerable.Range(1, numbers[0]).Select(i => new Agent(server, args.ElementAtOrDefault(4), i, packets, numbers[1]))];
using CancellationTokenSource stopping = new();
long began = Stopwatch.GetTimestamp();
Task[] running = [.. agents.Select(agent => Task.Run(() => agent.RunAsync(stopping.Token)))];
while (agents.Any(static agent => !agent.IsConnected))
{
    await Task.Delay(20);
    if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(2))
    {
        Console.Error.WriteLine($"after two minutes {agents.Count(static agent => agent.IsConnected)} of {agents.Length} are connected; {agents.FirstOrDefault(static agent => agent.Fault.Length > 0)?.Fault}");
        return 1;
    }
}
Console.WriteLine($"connected {agents.Length} in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
await Task.Delay(TimeSpan.FromSeconds(numbers[2]));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"sent {agents.Sum(static agent => agent.Sent)} packets, {agents.Max(static agent => agent.Waiting)} batches unsaved at most, {agents.Sum(static agent => agent.Connections - 1)} reconnects"));
await stopping.CancelAsync();
await Task.WhenAll(running);
return 0;
