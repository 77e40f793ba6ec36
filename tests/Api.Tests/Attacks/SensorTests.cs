using System.Text;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Packets.Protocol;
using static KismetOrleans.Api.Tests.Sensors.RawSensor;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>Who speaks for a sensor neither locks it out, nor is believed beyond what he may say.</summary>
public sealed class SensorTests
{
    private const string Report = "/phy/phy80211/scan/scan_report.cmd";
    private static readonly byte[] s_probe = Convert.FromHexString("40000000FFFFFFFFFFFF020000000001FFFFFFFFFFFF0000" + "0000" + "010402040B16");

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 1)]
    [InlineData(4_000_000_000_000_000_000)]
    public async Task A_life_of_the_future_is_refused_and_locks_no_sensor_out(ulong bootId)
    {
        await using TestServer server = await TestServer.StartAsync();
        Guid uuid = Guid.NewGuid();
        await using (RawSensor liar = await RawSensor.ConnectAsync(server.Address, null, Hello(uuid, bootId)))
        {
            Assert.Null(liar.Welcome);
            Assert.Equal(new Bye(ByeReason.Refused, "its boot id lies in the future: set the sensor's clock"), liar.Refusal);
        }
        await using RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, Hello(uuid, Now()));
        await sensor.SendAsync((long)Now(), s_probe);
        await sensor.SavedAsync();
    }

    [Fact]
    public async Task A_sensor_whose_clock_is_some_hours_ahead_is_taken()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, Hello(Guid.NewGuid(), Now() + (12UL * 3600 * 1_000_000_000)));
        Assert.NotNull(sensor.Welcome);
        await sensor.SendAsync((long)Now(), s_probe);
        await sensor.SavedAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_batch_behind_a_newer_one_is_refused_where_it_would_be_lost_silently(ulong number)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, Hello(Guid.NewGuid(), Now()));
        await sensor.SendAsync((long)Now(), s_probe);
        await sensor.SendAsync((long)Now(), s_probe);
        sensor.GoBackTo(number);
        await sensor.SendAsync((long)Now(), s_probe);
        Assert.Equal(new Bye(ByeReason.Protocol, $"batch {number} behind batch 2: batches come in order"), await sensor.FarewellAsync());
    }

    [Fact]
    public async Task A_phone_does_not_speak_for_a_sensor_nor_a_sensor_for_a_phone()
    {
        await using TestServer server = await TestServer.StartAsync();
        (Guid sensor, Guid phone) = (Guid.NewGuid(), Guid.NewGuid());
        await using (RawSensor first = await RawSensor.ConnectAsync(server.Address, null, Hello(sensor, Now())))
        {
            Assert.NotNull(first.Welcome);
        }
        Assert.Equal(200, await ReportAsync(server, phone));
        await KnownAsync(server, sensor, phone);
        Assert.Equal(403, await ReportAsync(server, sensor));
        await using (RawSensor second = await RawSensor.ConnectAsync(server.Address, null, Hello(phone, Now())))
        {
            Assert.Equal(new Bye(ByeReason.Refused, "the UUID is that of a phone"), second.Refusal);
        }
        Assert.Equal(200, await ReportAsync(server, phone));
        await using RawSensor again = await RawSensor.ConnectAsync(server.Address, null, Hello(sensor, Now()));
        Assert.NotNull(again.Welcome);
    }

    [Fact]
    public async Task What_a_sensor_says_of_itself_has_no_control_characters()
    {
        await using TestServer server = await TestServer.StartAsync();
        Guid uuid = Guid.NewGuid();
        await using RawSensor sensor = await RawSensor.ConnectAsync(
            server.Address, null, Hello(uuid, Now()) with { Name = "hall\r\n2026-01-01 fail root: \u001B[2J\u009B31m\u202Egnp.exe\u2066", Hardware = "a\0b\u007Fc\u2028d" });
        Assert.NotNull(sensor.Welcome);
        JsonElement source = (await KnownAsync(server, uuid))[0];
        Assert.Equal("hall  2026-01-01 fail root:  [2J 31m gnp.exe ", source.Text("kismet.datasource.name"));
        Assert.Equal("a b c d", source.Text("kismet.datasource.hardware"));
    }

    private static async Task<int> ReportAsync(TestServer server, Guid source)
    {
        using StringContent content = new(
            $$"""{"source_uuid":"{{source}}","source_name":"phone","reports":[{"bssid":"02:00:00:00:00:09","ssid":"x","channel":"6","signal":-60}]}""", Encoding.UTF8, "application/json");
        return (int)(await server.Anonymous.SendAsync(HttpMethod.Post, Report, content)).Status;
    }
}
