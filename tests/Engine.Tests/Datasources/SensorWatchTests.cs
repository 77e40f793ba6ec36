using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>What goes wrong with sensors is reported once when it lasts, and again only after it was gone for a while.</summary>
public sealed class SensorWatchTests
{
    private readonly StepClock _clock = new();
    private SensorWatch _watch;
    private readonly Dictionary<string, DatasourceRecord> _sensors = [];
    private readonly Dictionary<string, string> _problems = [];
    private readonly List<string> _alerts = [];

    public SensorWatchTests() => _watch = new(new AlertOptions(), _clock);

    [Fact]
    public void A_sensor_that_goes_is_down_after_a_minute_once_and_is_well_when_it_is_back_for_a_while()
    {
        Put("lobby");
        Pass(90, hears: "lobby");
        Change("lobby", static s => s with { Running = false, ErrorReason = "connection lost" });
        Pass(59);
        Assert.Empty(_alerts);
        Pass(3);
        Assert.Equal("SENSORDOWN Sensor 'lobby' (00000000-0000-0000-0000-000000000001) is down: connection lost", Assert.Single(_alerts));
        Assert.Equal("down", _problems["lobby"]);
        // It flaps: nothing new is reported, and nothing is over.
        for (int i = 0; i < 20; i++)
        {
            Change("lobby", static s => s with { Running = true, ErrorReason = "" });
            Pass(5, hears: "lobby");
            Change("lobby", static s => s with { Running = false });
            Pass(5);
        }
        Assert.Equal(("down", 1), (_problems["lobby"], _alerts.Count));
        Change("lobby", static s => s with { Running = true, ErrorReason = "" });
        Pass(12, hears: "lobby");
        Assert.Equal("", _problems["lobby"]);
        Change("lobby", static s => s with { Running = false });
        Pass(62);
        Assert.Equal(2, _alerts.Count);
    }

    [Fact]
    public void One_that_never_was_up_that_was_closed_or_is_no_sensor_is_not_down()
    {
        Put("short");
        Put("closed");
        Put("paused");
        Put("pipe");
        Put("file", SourceDrivers.File);
        Put("phone", SourceDrivers.Virtual);
        Pass(30, hears: "short closed paused pipe file phone");
        Change("short", static s => s with { Running = false });
        Pass(40, hears: "closed paused pipe file phone");
        Change("paused", static s => s with { Paused = true });
        Change("closed", static s => s with { Running = false, Error = true, ErrorReason = Health.Disabled });
        Pass(40);
        // Nobody misses one that was closed, whatever becomes of its connection.
        Change("closed", static s => s with { ErrorReason = "connection lost" });
        Change("paused", static s => s with { Running = false });
        // Read to its end.
        Change("pipe", static s => s with { Running = false, Replay = new(1, 0, true) });
        Change("file", static s => s with { Running = false });
        Change("phone", static s => s with { Running = false });
        Pass(300);
        Assert.Empty(_alerts);
        Assert.Empty(_problems);
    }

    [Fact]
    public void One_whose_silo_died_with_it_is_down_although_nobody_said_so()
    {
        Put("lobby");
        Pass(90, hears: "lobby");
        Pass(20);
        Assert.Empty(_alerts);
        Pass(88, isStale: true);
        Assert.Empty(_alerts);
        Pass(5, isStale: true);
        Assert.Equal("down", _problems["lobby"]);
        Assert.StartsWith("SENSORDOWN", Assert.Single(_alerts), StringComparison.Ordinal);
    }

    [Fact]
    public void One_is_deaf_when_neighbours_hear_and_not_when_all_is_quiet_or_they_are_far_away()
    {
        Put("near", place: (52.5, 13.25));
        Put("deaf", place: (52.5004, 13.25));
        Put("far", place: (52.6, 13.25));
        Put("paused", place: (52.5, 13.25));
        Change("paused", static s => s with { Paused = true });
        Put("annex", place: (52.5, 13.25));
        Change("annex", static s => s with { Building = "annex" });
        Change("near", static s => s with { Building = "main" });
        Change("deaf", static s => s with { Building = "main" });
        Pass(400);
        Assert.Empty(_alerts);
        Pass(2, hears: "near");
        Assert.Equal("SENSORDEAF Sensor 'deaf' (00000000-0000-0000-0000-000000000002) has heard nothing for 7 min, though its neighbour 'near' does", Assert.Single(_alerts));
        Assert.Equal("deaf", Assert.Single(_problems).Value);
        Pass(5, hears: "near deaf");
        Assert.Equal("deaf", _problems["deaf"]);
        Pass(10, hears: "near deaf");
        Assert.Equal("", _problems["deaf"]);
        Pass(299, hears: "near");
        Assert.Single(_alerts);
        Pass(3, hears: "near");
        Assert.Equal(2, _alerts.Count);
    }

    [Fact]
    public void One_stays_deaf_while_its_neighbours_fall_silent_and_is_not_for_what_is_said_on_channels_that_it_is_not_on()
    {
        Put("near");
        Put("deaf");
        Put("elsewhere");
        Change("near", static s => s with { Hopping = true, HopChannels = ["1", "6"] });
        Change("deaf", static s => s with { Channel = "6" });
        Change("elsewhere", static s => s with { Hopping = true, HopChannels = ["36", "40"] });
        for (int i = 0; i < 40; i++)
        {
            Pass(20);
            Pass(1, hears: "near");
        }
        Assert.Contains("'deaf'", Assert.Single(_alerts), StringComparison.Ordinal);
        Assert.Equal("deaf", Assert.Single(_problems).Key);
    }

    [Fact]
    public void Another_life_of_the_server_reports_nothing_again_and_misses_who_does_not_come_back()
    {
        Put("lobby");
        Put("roof");
        Put("new");
        Change("lobby", static s => s with { Sensor = new(500, 0, 0, 0, 3600) });
        Pass(50, hears: "roof");
        Assert.Empty(_watch.Lines);
        Change("new", static s => s with { Running = false });
        Pass(15, hears: "roof");
        Assert.Equal(["00000000-0000-0000-0000-000000000001 clock", "00000000-0000-0000-0000-000000000002"], _watch.Lines);
        string[] lines = [.. _watch.Lines, "not a line"];
        Assert.Single(_alerts);

        _watch = new(new AlertOptions(), _clock);
        _watch.Restore(lines);
        _problems.Clear();
        foreach (string name in (string[])["lobby", "roof", "new"])
        {
            Change(name, static s => s with { Running = false, Sensor = null });
        }
        Pass(1);
        Assert.Equal("clock", Assert.Single(_problems).Value);
        Assert.Equal(lines[..2], _watch.Lines);
        // It has gone on counting what it loses.
        Change("lobby", static s => s with { Running = true, Sensor = new(1000, 0, 0, 0, 3600) });
        Pass(70);
        Assert.Equal(2, _alerts.Count);
        Assert.StartsWith("SENSORDOWN Sensor 'roof'", _alerts[1], StringComparison.Ordinal);
        Assert.Equal(("clock", "down"), (_problems["lobby"], _problems["roof"]));
    }

    [Fact]
    public void A_clock_is_off_above_its_limit_until_it_is_well_below()
    {
        Put("lobby");
        Skew(-3600);
        Pass(5, hears: "lobby");
        Assert.Equal("SENSORCLOCK Sensor 'lobby' (00000000-0000-0000-0000-000000000001) has a clock that is 60 min behind the server's", Assert.Single(_alerts));
        Skew(3);
        Pass(120, hears: "lobby");
        Assert.Equal("clock", _problems["lobby"]);
        Skew(1);
        Pass(59, hears: "lobby");
        Assert.Equal("clock", _problems["lobby"]);
        Pass(3, hears: "lobby");
        Assert.Equal("", _problems["lobby"]);
        Skew(4);
        Pass(120, hears: "lobby");
        Skew(6);
        Pass(4, hears: "lobby");
        Assert.Equal(2, _alerts.Count);

        void Skew(double seconds) => Change("lobby", s => s with { Sensor = new(0, 0, 0, 0, seconds) });
    }

    [Fact]
    public void Drops_count_by_their_share_over_a_minute_also_where_an_agent_counts_anew()
    {
        Put("lobby");
        Lose(0, 0);
        Pass(61, hears: "lobby");
        Lose(3_000, 40);
        Pass(61, hears: "lobby");
        // Too few to matter, and then too small a share.
        Lose(20_000, 140);
        Pass(61, hears: "lobby");
        Assert.Empty(_alerts);
        Lose(30_000, 340);
        Pass(61, hears: "lobby");
        Assert.Equal("SENSORDROPS Sensor 'lobby' (00000000-0000-0000-0000-000000000001) has lost 200 packets within a minute, 2 % of what it heard", Assert.Single(_alerts));
        Lose(40_000, 60);
        Pass(61, hears: "lobby");
        Assert.Equal("drops", _problems["lobby"]);
        Pass(125, hears: "lobby");
        Assert.Equal("", _problems["lobby"]);
        Assert.Single(_alerts);

        void Lose(ulong packets, ulong lost) => Change("lobby", s => s with { Packets = packets, Sensor = new(lost / 2, lost - (lost / 2), 0, 0, 0) });
    }

    [Fact]
    public void A_host_that_is_hot_full_or_without_its_radio_is_shown_and_raises_nothing()
    {
        Put("pi");
        Change("pi", static s => s with { Sensor = new(0, 0, 0, 0, 0) { Host = new(0.5, 85, 1, 100, 0, RadioGone: true) } });
        Pass(12, hears: "pi");
        Assert.Equal(("radio disk heat", 0), (_problems["pi"], _alerts.Count));
        Change("pi", static s => s with { Sensor = new(0, 0, 0, 0, 0) { Host = new(0.5, 76, 50, 100, 0, RadioGone: false) } });
        Pass(70, hears: "pi");
        Assert.Equal("heat", _problems["pi"]);
        Change("pi", static s => s with { Sensor = new(0, 0, 0, 0, 0) { Host = new(null, null, 50, 100, 0, RadioGone: false) } });
        Pass(70, hears: "pi");
        Assert.Equal("", _problems["pi"]);
    }

    private void Put(string name, DatasourceDriver? driver = null, (double Latitude, double Longitude)? place = null) => _sensors[name] = new()
    {
        Number = (ushort)(_sensors.Count + 1),
        Uuid = Guid.Parse($"00000000-0000-0000-0000-{_sensors.Count + 1:D12}"),
        Name = name,
        Definition = name,
        Interface = name,
        Driver = driver ?? SourceDrivers.Libpcap,
        Remote = true,
        Running = true,
        Place = place is { } at ? new() { Latitude = at.Latitude, Longitude = at.Longitude, Fix = 2 } : null,
        PacketsRrd = new(),
        DataRrd = new(),
    };

    private void Change(string name, Func<DatasourceRecord, DatasourceRecord> change) => _sensors[name] = change(_sensors[name]);

    // Second by second; a sensor that hears something has a packet more in each, and one that is connected a new record.
    private void Pass(int seconds, string hears = "", bool isStale = false)
    {
        for (int i = 0; i < seconds; i++)
        {
            _clock.Step();
            if (!isStale)
            {
                foreach (string name in _sensors.Keys.ToArray())
                {
                    DatasourceRecord record = _sensors[name];
                    // What a test lays down itself grows by itself.
                    ulong more = hears.Split(' ').Contains(name) && record.Sensor is not { Dropped: > 0 } ? 1u : 0;
                    _sensors[name] = record with { Packets = record.Packets + more };
                }
            }
            foreach (RaisedAlert alert in _watch.Look(_sensors.Values, (record, problems) => _problems[record.Name] = string.Join(' ', problems)))
            {
                _alerts.Add($"{alert.Header} {alert.Text}");
            }
        }
    }

    private sealed class StepClock : TimeProvider
    {
        private long _seconds = 1_000_000;

        public override long TimestampFrequency => 1;

        public void Step() => _seconds++;

        public override long GetTimestamp() => _seconds;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + _seconds);
    }
}
