using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>How sensors do, and what is reported of it: once for the cluster, and not again before it was over.</summary>
public sealed class SensorHealthTests
{
    private const long Second = 1_000_000_000;
    private const long Hour = 3600 * Second;

    // Radiotap with 2,412 MHz and a signal of -50 dBm; beacons of two access points.
    private const string Front = "00000D0028000000" + "6C090000CE";
    private const string Beacon = Front + "80000000FFFFFFFFFFFF02000000300102000000300100000000000000000000640001000002686F010402040B16";
    private const string Another = Front + "80000000FFFFFFFFFFFF02000000300202000000300200000000000000000000640001000002686F010402040B16";

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_sensor_whose_clock_is_off_by_an_hour_gives_right_times_and_is_flagged(int hours)
    {
        await using TestServer server = await TestServer.StartAsync();
        long now = (long)RawSensor.Now();
        long off = hours * Hour;
        // By its clock, it was started a day ago.
        HostClock clock = new(77, now - (24 * Hour) + off);
        Hello hello = RawSensor.Hello(Guid.NewGuid(), RawSensor.Now());
        await using RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, hello with { ClockNs = hello.ClockNs + off, HostClock = clock });
        // From its spool, of three hours ago, when its clock was off as it is now; and of now.
        sensor.Clock = clock;
        await sensor.SendRadioAsync(now - (3 * Hour) + off, Another);
        await sensor.SendRadioAsync(now + off, Beacon);
        await sensor.SavedAsync();
        Dictionary<string, long> times = (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List
            .ToDictionary(static device => device.Text("kismet.device.base.macaddr"), static device => device.Number("kismet.device.base.last_time"));
        // A correction is in whole seconds.
        Assert.InRange(times["02:00:00:00:30:01"], (now / Second) - 3, (now / Second) + 3);
        Assert.InRange(times["02:00:00:00:30:02"], ((now - (3 * Hour)) / Second) - 3, ((now - (3 * Hour)) / Second) + 3);

        await sensor.SendAsync(new Health { Running = true, ClockNs = (long)RawSensor.Now() + off, Host = new() { Clock = clock } });
        JsonElement source = await UntilAsync(server, sensor.Uuid, static s => Problems(s) == "clock");
        Assert.InRange(source.GetProperty("kismet.datasource.sensor.clock_skew").GetDouble(), (hours * 3600) - 20, (hours * 3600) + 20);
        Assert.InRange(source.GetProperty("kismet.datasource.sensor.clock_correction").GetDouble(), (hours * 3600) - 20, (hours * 3600) + 20);
        Assert.StartsWith("The sensor's clock was ", source.Text("kismet.datasource.warning"), StringComparison.Ordinal);
        string alert = await AlertAsync(server, "SENSORCLOCK");
        Assert.Contains(hours > 0 ? "60 min ahead of the server's" : "60 min behind the server's", alert, StringComparison.Ordinal);
        Assert.Contains($"Sensor 'hall' ({sensor.Uuid.ToString().ToUpperInvariant()})", alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_captured_before_a_clock_was_set_right_is_put_right_and_a_spool_of_a_right_clock_stays_as_it_is()
    {
        await using TestServer server = await TestServer.StartAsync();
        long now = (long)RawSensor.Now();
        HostClock right = new(78, now - (24 * Hour));
        await using RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, RawSensor.Hello(Guid.NewGuid(), RawSensor.Now()) with { HostClock = right });
        // A Pi without a battery, that was three days behind until it found the network.
        sensor.Clock = right with { BaseNs = right.BaseNs - (72 * Hour) };
        await sensor.SendRadioAsync(now - (5 * Hour) - (72 * Hour), Another);
        sensor.Clock = right;
        await sensor.SendRadioAsync(now - (4 * Hour), Beacon);
        await sensor.SavedAsync();
        Dictionary<string, long> times = (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List
            .ToDictionary(static device => device.Text("kismet.device.base.macaddr"), static device => device.Number("kismet.device.base.first_time"));
        Assert.InRange(times["02:00:00:00:30:02"], ((now - (5 * Hour)) / Second) - 3, ((now - (5 * Hour)) / Second) + 3);
        Assert.Equal((now - (4 * Hour)) / Second, times["02:00:00:00:30:01"]);
    }

    [Fact]
    public async Task How_the_host_does_stands_in_the_record_and_what_is_wrong_with_it()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawSensor sensor = await ConnectAsync(server, Guid.NewGuid());
        await sensor.SendAsync(new Health
        {
            ClockNs = (long)RawSensor.Now(),
            Running = false,
            Error = "wlan0 is gone",
            Host = new() { Cpu = 0.25, Temperature = 61.5, DiskFree = 40_000, DiskSize = 100_000, Queue = 7, RadioGone = true },
        });
        JsonElement source = await UntilAsync(server, sensor.Uuid, static s => Problems(s) == "radio");
        Assert.Equal([0.25, 61.5, 40_000, 100_000, 7], ((string[])["cpu", "temperature", "disk_free", "disk_size", "queue"]).Select(name => source.GetProperty($"kismet.datasource.sensor.host.{name}").GetDouble()));
        Assert.Equal(1, source.Number("kismet.datasource.sensor.host.radio_gone"));
        // What a system does not tell is not there.
        await sensor.SendAsync(new Health { Running = true, Host = new() });
        source = await UntilAsync(server, sensor.Uuid, static s => Problems(s).Length == 0 && !s.TryGetProperty("kismet.datasource.sensor.host.disk_size", out _));
        Assert.All((string[])["cpu", "temperature", "disk_free"], name => Assert.False(source.TryGetProperty($"kismet.datasource.sensor.host.{name}", out _), name));
    }

    [Fact]
    public async Task A_sensor_that_goes_is_down_once_and_well_when_it_is_back_and_one_that_is_retired_is_forgotten()
    {
        await using TestServer server = await TestServer.StartAsync("--Alerts:SensorDownAfter", "00:00:03");
        Guid uuid = Guid.NewGuid();
        RawSensor first = await ConnectAsync(server, uuid);
        await first.SendAsync(new Health { Running = true });
        await first.SendRadioAsync(Beacon);
        await first.SavedAsync();
        await Task.Delay(TimeSpan.FromSeconds(5));
        await first.DisposeAsync();
        Assert.Contains($"Sensor 'hall' ({uuid.ToString().ToUpperInvariant()}) is down", await AlertAsync(server, "SENSORDOWN"), StringComparison.Ordinal);
        _ = await UntilAsync(server, uuid, static s => Problems(s) == "down");

        // It is back for less than that counts, and is gone again: that is the same as before.
        await using (RawSensor flapping = await ConnectAsync(server, uuid))
        {
            await flapping.SendAsync(new Health { Running = true });
            _ = await UntilAsync(server, uuid, static s => s.Number("kismet.datasource.running") == 1);
        }
        await Task.Delay(TimeSpan.FromSeconds(5));
        _ = await AlertAsync(server, "SENSORDOWN");
        await using (RawSensor back = await ConnectAsync(server, uuid))
        {
            await back.SendAsync(new Health { Running = true });
            _ = await UntilAsync(server, uuid, static s => Problems(s).Length == 0);
        }
        // For good.
        JsonElement source = await UntilAsync(server, uuid, static s => Problems(s) == "down");
        long number = source.Number("kismet.datasource.source_number");
        (await server.Client.CommandAsync($"/datasource/by-uuid/{uuid}/remove_source.cmd", "{}")).Ok();
        await UntilAsync(async () => !(await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List.Any(s => Guid.Parse(s.Text("kismet.datasource.uuid")) == uuid));
        await Task.Delay(TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await AlertsAsync(server, "SENSORDOWN")).Length);
        // It is another one when it comes again.
        await using RawSensor again = await ConnectAsync(server, uuid);
        source = (await RawSensor.KnownAsync(server, uuid)).Single();
        Assert.Equal((0, ""), (source.Number("kismet.datasource.num_packets"), Problems(source)));
        Assert.NotEqual(number, source.Number("kismet.datasource.source_number"));
        _ = (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List.Single().GetProperty("kismet.device.base.seenby");
    }

    private static Task<RawSensor> ConnectAsync(TestServer server, Guid uuid) => RawSensor.ConnectAsync(server.Address, null, RawSensor.Hello(uuid, RawSensor.Now()));

    private static string Problems(JsonElement source) => !source.TryGetProperty("kismet.datasource.sensor.problems", out JsonElement problems) ? ""
        : string.Join(' ', problems.EnumerateArray().Select(static one => one.GetString()));

    private static async Task<JsonElement> UntilAsync(TestServer server, Guid uuid, Func<JsonElement, bool> there)
    {
        JsonElement source = default;
        await UntilAsync(async () =>
        {
            source = (await RawSensor.KnownAsync(server, uuid)).Single();
            return there(source);
        });
        return source;
    }

    // The text of the only alert of its kind.
    private static async Task<string> AlertAsync(TestServer server, string kind)
    {
        string[] alerts = [];
        await UntilAsync(async () => (alerts = await AlertsAsync(server, kind)).Length > 0);
        return Assert.Single(alerts);
    }

    private static async Task<string[]> AlertsAsync(TestServer server, string kind) =>
        [.. (await server.Client.AskAsync("/alerts/all_alerts.json")).Ok().List.Where(alert => alert.Text("kismet.alert.header") == kind).Select(static alert => alert.Text("kismet.alert.text"))];

    private static async Task UntilAsync(Func<Task<bool>> there)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(40));
        while (!await there())
        {
            await Task.Delay(50, timeout.Token);
        }
    }
}
