using System.Globalization;
using System.Net;
using KismetOrleans.Calls;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// dotnet run -c Release --project bench/Orleans/Calls
// Two silos in this process, with real TCP between them; the first calls the partitions of the second. A line a figure: what|measured
// The campus has some sixty devices: each partition must have some.
const int Partitions = 8;
const int Variants = 8;
const int FirstPort = 12190;
const int FirstGateway = 31190;
TimeSpan duration = TimeSpan.FromSeconds(4);
PartitionOptions settings = new(Partitions, TimeSpan.FromSeconds(2));
using IHost first = await StartAsync(0);
using IHost second = await StartAsync(1);
PartitionHost there = second.Services.GetRequiredService<PartitionHost>();
while (Enumerable.Range(0, Partitions).Count(there.IsMine) != Partitions / 2)
{
    await Task.Delay(100);
}
// The first silo must know the second too, or it would place the partitions on itself.
await Task.Delay(TimeSpan.FromSeconds(2));
int[] remote = [.. Enumerable.Range(0, Partitions).Where(there.IsMine)];
IGrainFactory grains = first.Services.GetRequiredService<IGrainFactory>();
// Partitions look up who saw what.
await grains.GetGrain<ISourceDirectoryGrain>(0).AddAsync(
    new(0, Guid.Parse("5FE308BD-0000-0000-0000-000000000001"), "bench", "pcapfile", "bench.pcap", "bench.pcap", "", 0, 0, default));
await second.Services.GetRequiredService<SourceCache>().DoNowAsync();

foreach (int size in (int[])[1, 100, 1000])
{
    ReadOnlyMemory<byte>[][] batches = Batches.Make(Partitions, size, Variants);
    string what = $"{size} observations of {batches.Sum(static of => of.Sum(static batch => batch.Length)) / (Partitions * Variants * size)} bytes a call";
    await MeasureAsync($"{what}, read only", size, (partition, turn) =>
        grains.GetGrain<IDecodeGrain>(partition).DecodeAsync(batches[partition][turn % Variants]).AsTask());
    await MeasureAsync($"{what}, applied", size, (partition, turn) =>
        grains.GetGrain<IDevicePartitionGrain>(partition).ApplyAsync(batches[partition][turn % Variants]).AsTask());
}
await second.StopAsync();
await first.StopAsync();

async Task<IHost> StartAsync(int number)
{
    IHostBuilder builder = Host.CreateDefaultBuilder();
    builder.ConfigureLogging(static logging => logging.SetMinimumLevel(LogLevel.Error));
    builder.UseOrleans(silo =>
    {
        silo.AddSilo(settings, new ConfigurationBuilder().Build());
        silo.UseLocalhostClustering(FirstPort + number, FirstGateway + number, number == 0 ? null : new IPEndPoint(IPAddress.Loopback, FirstPort));
    });
    IHost host = builder.Build();
    await host.StartAsync();
    return host;
}

// A few calls at a time to each partition: so many sources send to it in practice.
async Task MeasureAsync(string what, int size, Func<int, int, Task> call)
{
    const int AtATime = 8;
    await RunAsync(TimeSpan.FromSeconds(1));
    double before = Cpu();
    (long calls, double seconds) = await RunAsync(duration);
    double cpu = Cpu() - before;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what}|{calls * size / seconds:N0} observations/s, {calls / seconds:N0} calls/s, {cpu / calls * 1e6:F1} µs CPU a call, {cpu / (calls * size) * 1e9:F0} ns an observation"));

    async Task<(long Calls, double Seconds)> RunAsync(TimeSpan how)
    {
        long began = TimeProvider.System.GetTimestamp();
        long[] calls = await Task.WhenAll(remote.SelectMany(partition => Enumerable.Range(0, AtATime).Select(i => Task.Run(async () =>
        {
            int turn = 0;
            for (; TimeProvider.System.GetElapsedTime(began) < how; turn++)
            {
                await call(partition, turn + i);
            }
            return (long)turn;
        }))));
        return (calls.Sum(), TimeProvider.System.GetElapsedTime(began).TotalSeconds);
    }

    static double Cpu() => Environment.CpuUsage.TotalTime.TotalSeconds;
}
