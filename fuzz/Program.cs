using System.Diagnostics;
using KismetOrleans.Fuzz;

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
if (options.Differential > 0)
{
    return await CompareAsync(options);
}
Corpus corpus = Corpus.Load(options.Paths);
if (corpus.Files.Count == 0)
{
    Console.Error.WriteLine("no captures to begin with");
    return 2;
}
int seeds = corpus.Packets.Values.Sum(packets => packets.Count);
Console.WriteLine($"{corpus.Files.Count} files, {seeds} packets, seed {options.Seed}, {options.Seconds} s");

// Memory rather than disk, where Linux has it: one file is written for each input.
string scratch = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
    $"kismetorleans-fuzz-{Environment.ProcessId}");
Pipeline pipeline = new();
byte[] input = [];
int failures = 0;
Watchdog watchdog = new(() => Save("hang"));
long inputs = 0, packets = 0, devices = 0, refused = 0, mostAllocated = 0;

try
{
    // The captures as they are come first; they also make every parser build its tables.
    foreach ((string name, byte[] bytes) in corpus.Files)
    {
        Run(bytes, name);
    }
    pipeline.IsWarm = true;
    Mutator mutator = new(corpus, new Random((int)(options.Seed % int.MaxValue)));
    Stopwatch time = Stopwatch.StartNew();
    TimeSpan nextLine = TimeSpan.FromSeconds(10);
    while (time.Elapsed.TotalSeconds < options.Seconds && failures < 20)
    {
        Run(mutator.Next(), "mutation");
        if (time.Elapsed > nextLine)
        {
            nextLine += TimeSpan.FromSeconds(10);
            Console.WriteLine($"{time.Elapsed.TotalSeconds:F0} s: {Counts()}");
        }
    }
}
finally
{
    File.Delete(scratch);
}
Console.WriteLine($"{Counts()}; most allocated {mostAllocated / 1024} KB");
return failures == 0 ? 0 : 1;

static async Task<int> CompareAsync(Options options)
{
    if (!Differential.IsPossible)
    {
        Console.Error.WriteLine("there is no tshark");
        return 2;
    }
    // As many senders as fit into some hundred MiB.
    const int atATime = 100_000;
    Directory.CreateDirectory(options.Failures);
    int differences = 0;
    for (int done = 0, seed = (int)(options.Seed % int.MaxValue); done < options.Differential; done += atATime, seed++)
    {
        string capture = Path.Combine(options.Failures, $"differential-{seed}.pcap");
        IReadOnlyList<Difference> found = await Differential.CompareAsync(Math.Min(atATime, options.Differential - done), seed, capture);
        foreach (Difference one in found)
        {
            Console.WriteLine($"{capture} frame {one.Frame}: {one.What}: tshark '{one.Theirs}', here '{one.Ours}'");
        }
        differences += found.Count;
        if (found.Count == 0)
        {
            File.Delete(capture);
        }
    }
    Console.WriteLine($"{options.Differential} frames, {differences} differences");
    return differences == 0 ? 0 : 1;
}

string Counts() => $"{inputs} inputs ({refused} refused), {packets} packets, {devices} devices, {failures} failures";

void Run(byte[] bytes, string name)
{
    input = bytes;
    File.WriteAllBytes(scratch, bytes);
    watchdog.Begin();
    try
    {
        Outcome outcome = pipeline.Run(scratch);
        (inputs, packets, devices) = (inputs + 1, packets + outcome.Packets, devices + outcome.Devices);
        refused += outcome.IsRefused ? 1 : 0;
        mostAllocated = Math.Max(mostAllocated, outcome.Allocated);
    }
    catch (Exception e)
    {
        failures++;
        Console.Error.WriteLine($"{name}: {Save("failure")}: {e}");
    }
    watchdog.End();
}

string Save(string kind)
{
    Directory.CreateDirectory(options.Failures);
    string path = Path.Combine(options.Failures, $"{kind}-{System.IO.Hashing.Crc32.HashToUInt32(input):x8}.bin");
    File.WriteAllBytes(path, input);
    if (kind == "hang")
    {
        Console.Error.WriteLine($"an input takes too long: {path}");
    }
    return path;
}
