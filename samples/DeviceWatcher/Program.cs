// Joins a cluster of this machine (dotnet run --project src/Silo) as an Orleans client and follows one device:
//   dotnet run --project samples/DeviceWatcher -- 4202770D00000000_BC9A78563412 "Lobby printer"
using System.Text;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Grains.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

if (args.Length == 0)
{
    Console.Error.WriteLine("DeviceWatcher <device key> [name to give it]");
    return 2;
}

// A cluster with PostgreSQL is found with UseAdoNetClustering instead (Microsoft.Orleans.Clustering.AdoNet).
using IHost host = new HostBuilder()
    .UseOrleansClient(static client => client.UseLocalhostClustering(serviceId: "kismetorleans", clusterId: "kismetorleans"))
    .Build();
await host.StartAsync();

IDeviceGrain device = host.Services.GetRequiredService<IClusterClient>().GetGrain<IDeviceGrain>(args[0]);
if (args.Length > 1)
{
    EditOutcome outcome = await device.SetNameAsync(args[1]);
    Console.WriteLine($"name: {outcome}");
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };
await foreach (byte[] record in device.WatchAsync(stop.Token))
{
    Console.WriteLine(Encoding.UTF8.GetString(record));
}
return 0;
