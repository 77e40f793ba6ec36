using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Sensors.Reports;

/// <summary>A registry of two aircraft, and messages of them and of one that it does not have.</summary>
internal sealed class AircraftRig : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-aircraft-");

    public AircraftRig()
    {
        Registry = Path.Combine(_folder.FullName, "icao.txt");
        Database = Path.Combine(_folder.FullName, "devices.db");
        File.WriteAllText(Registry, "ABCDEF\tN12345\tC172\tCESSNA 172\tFLYING CLUB\t4\n123456\tG-HELI\tEC35\tEC135\tAMBULANCE\t6\n");
    }

    public string Registry { get; }

    /// <summary>Where a database may be; none is there yet.</summary>
    public string Database { get; }

    public void Dispose() => _folder.Delete(recursive: true);

    public static async Task ReportAsync(TestServer server)
    {
        using StringContent content = new(string.Join('\n', new[] { Squitter.AllCall(0xABCDEF), Squitter.Named(0x123456, "CHX1"), Squitter.AllCall(0x777777) }.Select(Squitter.Line)) + "\n");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(HttpMethod.Put, "/datasource/remote/rtl_adsb.cmd", content)).Status);
    }

    public static async Task AssertKnownAsync(TestServer server)
    {
        JsonElement plane = await ReportLinesTests.DeviceAsync(server, "ADSB", "C172 FLYING CLUB");
        Assert.Equal("Airplane", plane.Text("kismet.device.base.type"));
        Assert.Equal(
            """{"adsb.icao.icao": 11259375,"adsb.icao.regid": "N12345","adsb.icao.type": "C172","adsb.icao.model": "CESSNA 172","adsb.icao.owner": "FLYING CLUB","adsb.icao.atype": "Fixed wing single engine","adsb.icao.atype_short": 52}""",
            plane.GetProperty("adsb.device").GetProperty("adsb.device.icao_record").GetRawText());
        Assert.Equal("Helicopter", (await ReportLinesTests.DeviceAsync(server, "ADSB", "CHX1 EC35 AMBULANCE")).Text("kismet.device.base.type"));
        JsonElement unknown = await ReportLinesTests.DeviceAsync(server, "ADSB", "ADSB 777777");
        Assert.Equal(("Airplane", "Unknown Aircraft"), (unknown.Text("kismet.device.base.type"), unknown.GetProperty("adsb.device").GetProperty("adsb.device.icao_record").Text("adsb.icao.atype")));
    }
}
