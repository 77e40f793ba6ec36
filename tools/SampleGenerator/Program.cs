using System.Globalization;
using KismetOrleans.SampleGenerator;
using KismetOrleans.SampleGenerator.Campus;

const string Usage = """
    usage: SampleGenerator OUT.pcapng                          the campus sample (the same bytes every time)
           SampleGenerator --beacons N [--repeat M] OUT.pcap   M (1) beacons of each of N access points
    """;

int beacons = 0, repeat = 1;
string? path = null;
for (int i = 0; i < args.Length; i++)
{
    bool isNumber = args[i] is "--beacons" or "--repeat";
    int number = 0;
    if (isNumber && !(++i < args.Length && int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number is > 0 and <= BeaconFlood.MaxAccessPoints))
    {
        Console.Error.WriteLine($"{args[i - 1]} needs a number from 1 to {BeaconFlood.MaxAccessPoints}");
        return 2;
    }
    (beacons, repeat) = isNumber ? args[i - 1] == "--beacons" ? (number, repeat) : (beacons, number) : (beacons, repeat);
    if (!isNumber && (path is not null || args[i].StartsWith('-')))
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
    path = isNumber ? path : args[i];
}
if (path is null)
{
    Console.Error.WriteLine(Usage);
    return 2;
}
using FileStream output = File.Create(path);
if (beacons > 0)
{
    CaptureFiles.WritePcap(output, BeaconFlood.Build(beacons, repeat));
}
else
{
    CaptureFiles.WritePcapng(output, "campus", Scenario.Build());
}
return 0;
