using KismetOrleans.Api.Tests.Sensors.Reports;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>What the registry said of an aircraft stays with it, also when the registry is gone.</summary>
public sealed class AircraftKeptTests
{
    [Fact]
    public async Task Registered_aircraft_go_on_after_a_restart_without_the_registry()
    {
        using AircraftRig aircraft = new();
        await using (TestServer server = await TestServer.StartAsync("--Aircraft:Registry", aircraft.Registry, "--Storage:Sqlite", aircraft.Database))
        {
            await AircraftRig.ReportAsync(server);
            await AircraftRig.AssertKnownAsync(server);
        }
        await using TestServer again = await TestServer.StartAsync("--Aircraft:Registry", aircraft.Registry + ".gone", "--Storage:Sqlite", aircraft.Database);
        await AircraftRig.AssertKnownAsync(again);
    }
}
