using System.Diagnostics;
using System.Globalization;
using KismetOrleans.Fleet;
using KismetOrleans.Packets;
using KismetOrleans.SampleGenerator;
using KismetOrleans.SampleGenerator.Campus;
using KismetOrleans.Wire;

// Many sensors in one process, as a server sees them. usage: Fleet SERVER[,SERVER…] AGENTS PACKETS-A-SECOND SECONDS [--browsers N] [--phones N] [--stuck N] [--watch]
// Fleet capture|reports SERVER COUNT: one of Kismet's capture programs, see CaptureProgram.
// Fleet attack SERVER flood|sensors|slow COUNT [MAX-DEVICES]: see bench/attack.sh.
// The key of the sensors is KISMET_KEY, the login of the phones KISMET_USER (name:password).
// Prints how long it took until all were connected, then, when the seconds are over and all is saved: packets sent, batches unsaved, connections lost.
// --watch also counts what the server has: how long a sensor's device stood still, and whether counts are exact at the end (exit code 3 where they are not).
// --stuck are sensors that stop in the middle of a batch. Each time when connections were lost and all are there again, a line says how long that took.
// --browsers ask for a window, the sources and the status every second, --phones post a scan every two; a line a minute says what they met.
int Option(string name) => Array.IndexOf(args, name) is >= 0 and int at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : 0;
if (args is ["attack", .. string[] attack])
{
    return await Attack.RunAsync(attack);
}
if (args is ["capture" or "reports", .. string[] capture])
{
    return await CaptureProgram.RunAsync(args[0], capture);
}
if (args.Length < 4)
{
    Console.Error.WriteLine("usage: Fleet SERVER[,SERVER…] AGENTS PACKETS-A-SECOND SECONDS [--browsers N] [--phones N] [--stuck N] [--watch]");
    return 2;
}
Uri[] servers = [.. args[0].Split(',').Select(static text => new Uri(text))];
int[] numbers = [.. args[1..4].Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
PacketBatch packets = new();
int offset = 0;
foreach (Packet packet in Scenario.Build().Take(2048))
{
    packet.Bytes.CopyTo(packets.Bytes, offset);
    packets.Packets[packets.Count++] = new() { LinkType = LinkType.Radiotap, Offset = offset, Length = packet.Bytes.Length, OriginalLength = packet.Bytes.Length };
    offset += packet.Bytes.Length;
}
string? key = Environment.GetEnvironmentVariable("KISMET_KEY");
Agent[] agents = [.. Enumerable.Range(1, numbers[0]).Select(i => new Agent(servers, key, i, packets, numbers[1]))];
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
Clients clients = new(servers, Environment.GetEnvironmentVariable("KISMET_USER"));
Watch watch = new(servers, agents);
using CancellationTokenSource over = new();
List<Task> others = [.. Enumerable.Range(0, Option("--browsers")).Select(i => Task.Run(() => clients.BrowseAsync(i, over.Token)))];
others.AddRange(Enumerable.Range(0, Option("--phones")).Select(i => Task.Run(() => clients.ReportAsync(i, over.Token))));
StuckAgent[] stuck = [.. Enumerable.Range(1, Option("--stuck")).Select(i => new StuckAgent(servers[0], key, i))];
others.AddRange(stuck.Select(one => Task.Run(() => one.RunAsync(over.Token))));
Returns returns = new(agents);
others.Add(Task.Run(() => returns.RunAsync(over.Token)));
bool isWatching = args.Contains("--watch");
if (isWatching)
{
    others.Add(Task.Run(() => watch.RunAsync(over.Token)));
}
for (int left = numbers[2]; left > 0; left -= 60)
{
    await Task.Delay(TimeSpan.FromSeconds(Math.Min(60, left)));
    if (isWatching || Option("--browsers") + Option("--phones") > 0)
    {
        Console.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {clients.Minute()}{(isWatching ? $", {watch.Minute()}" : "")}, {agents.Max(static agent => agent.Waiting)} batches unsaved at most");
    }
}
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"sent {agents.Sum(static agent => agent.Sent)} packets, {agents.Max(static agent => agent.Waiting)} batches unsaved at most, {agents.Sum(static agent => agent.Connections - 1)} reconnects"));
await over.CancelAsync();
await Task.WhenAll(others);
bool isExact = true;
if (isWatching)
{
    Console.WriteLine(watch.Summary());
    Array.ForEach(agents, static agent => agent.Quiet());
    isExact = await watch.CompareAsync(TimeSpan.FromMinutes(2));
}
if (Option("--phones") > 0)
{
    bool isPosted = await clients.CompareAsync();
    isExact &= isPosted;
}
await stopping.CancelAsync();
await Task.WhenAll(running);
return isExact ? 0 : 3;
