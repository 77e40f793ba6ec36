using System.Diagnostics;
using System.Globalization;
using KismetOrleans.Engine.Locating;

// The server's own estimates for samples with sensors of known places, uncalibrated: true places are never looked at, and no sample knows of another but for
// which sensors listen at all. Sensors that no sample of the file has are taken as switched off.
// usage: SENSORS.csv TEST.csv [--rate]        prints east,north,floor,semi_major_68,semi_minor_68,angle a sample; an empty line is no estimate
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: SENSORS.csv TEST.csv [--rate]");
    return 2;
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Dictionary<string, (SensorPoint At, bool IsHighBand)> sensors = File.ReadLines(args[0]).Skip(1).Where(static line => line.Length > 0)
    .Select(static line => line.Split(','))
    .ToDictionary(static f => f[0], static f => (new SensorPoint(double.Parse(f[1]), double.Parse(f[2]), int.Parse(f[3])), f.Length > 4 && double.Parse(f[4]) > 4));
List<Sample> samples = [.. File.ReadLines(args[1]).Skip(1).Where(static line => line.Length > 0).Select(ReadSample)];
HashSet<string> listening = [.. samples.SelectMany(static sample => sample.Names)];
foreach (Sample sample in samples)
{
    sample.Silent = [.. listening.Except(sample.Names).Select(name => sensors[name].At)];
}
PositionEstimator estimator = new();
if (args.Contains("--rate"))
{
    Measure();
    return 0;
}
using StreamWriter output = new(Console.OpenStandardOutput());
foreach (Sample sample in samples)
{
    output.WriteLine(
        estimator.Estimate(sample.Seen, sample.Silent) is { } e
            ? $"{e.East:F3},{e.North:F3},{e.Floor},{e.Within68.SemiMajor:F3},{e.Within68.SemiMinor:F3},{e.Within68.Angle:F1}" : "");
}
return 0;

Sample ReadSample(string line)
{
    // Nothing but the last column: the first ones are the truth.
    string[] pairs = line[(line.LastIndexOf(',') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    List<string> names = [];
    List<SensorSignal> heard = [];
    foreach (string pair in pairs)
    {
        int colon = pair.LastIndexOf(':');
        if (sensors.TryGetValue(pair[..colon], out (SensorPoint At, bool IsHighBand) sensor))
        {
            names.Add(pair[..colon]);
            heard.Add(new(sensor.At, float.Parse(pair[(colon + 1)..]), sensor.IsHighBand));
        }
    }
    return new(names, [.. heard]);
}

// One core for three seconds, after one to warm up.
void Measure()
{
    double seconds = 0;
    long count = 0;
    long places = 0;
    for (int turn = 0; turn < 2; turn++)
    {
        (count, places) = (0, 0);
        TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long until = Stopwatch.GetTimestamp() + ((turn == 0 ? 1 : 3) * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < until)
        {
            foreach (Sample sample in samples)
            {
                places += sample.Seen.Length;
                count += estimator.Estimate(sample.Seen, sample.Silent) is null ? 0 : 1;
            }
        }
        seconds = (Process.GetCurrentProcess().TotalProcessorTime - start).TotalSeconds;
        Console.Error.WriteLine($"{GC.GetAllocatedBytesForCurrentThread() - allocated} bytes allocated");
    }
    Console.WriteLine($"{count / seconds:F0} estimates a second of a core, {(double)places / count:F1} signals each");
}

internal sealed record Sample(List<string> Names, SensorSignal[] Seen)
{
    public SensorPoint[] Silent { get; set; } = [];
}
