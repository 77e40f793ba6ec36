using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Engine.Tests.Alerts;

/// <summary>Limits hold as Kismet has them, the backlog keeps the newest, and all of it outlives a restart.</summary>
public sealed class AlertEngineTests
{
    private readonly FakeClock _clock = new();
    private readonly AlertEngine _engine;

    public AlertEngineTests()
    {
        _engine = new(new() { Backlog = 3 }, _clock);
    }

    [Fact]
    public void A_burst_is_cut_off_and_the_limit_holds_beyond_it()
    {
        Assert.Equal([AlertFate.Raised, AlertFate.Raised, AlertFate.Throttled], Raise("DEAUTHFLOOD", 3));
        _clock.Second += 2;
        Assert.Equal([AlertFate.Raised, AlertFate.Raised, AlertFate.Throttled], Raise("DEAUTHFLOOD", 3));
        _clock.Second += 2;
        // Five a minute.
        Assert.Equal([AlertFate.Raised, AlertFate.Throttled], Raise("DEAUTHFLOOD", 2));
        _clock.Second += 61;
        Assert.Equal([AlertFate.Raised, AlertFate.Raised, AlertFate.Throttled], Raise("DEAUTHFLOOD", 3));
    }

    [Fact]
    public void What_is_squelched_is_never_raised_and_what_is_unlimited_always()
    {
        Assert.Equal([AlertFate.Throttled], Raise("OVERPOWERED", 1));
        Assert.All(Raise("KISMET", 100), static fate => Assert.Equal(AlertFate.Raised, fate));
        Assert.Equal([AlertFate.Unknown], Raise("NOBODY", 1));
    }

    [Fact]
    public void Limits_of_the_configuration_count()
    {
        AlertEngine engine = new(new() { Rates = new() { ["overpowered"] = "2/min,2/sec", ["DEAUTHFLOOD"] = "0/min" } }, _clock);
        Assert.Equal(AlertFate.Raised, engine.Raise(new("OVERPOWERED", ""), out _));
        Assert.Equal(AlertFate.Throttled, engine.Raise(new("DEAUTHFLOOD", ""), out _));
    }

    [Theory]
    [InlineData("NOBODY", "1/min", "Alerts:Rates:NOBODY: there is no such alert")]
    [InlineData("DEAUTHFLOOD", "often", "Alerts:Rates:DEAUTHFLOOD: expected limits such as 5/min,2/sec, got 'often'")]
    public void A_limit_that_cannot_be_used_is_named(string name, string limit, string message) => Assert.Equal(
        message, Assert.Throws<ArgumentException>(() => new AlertOptions { Rates = new() { [name] = limit } }.Checked()).Message);

    [Fact]
    public void Each_alert_has_a_time_of_its_own_and_the_backlog_the_newest()
    {
        _ = Raise("KISMET", 5);
        IReadOnlyList<AlertRecord> kept = _engine.Since(-1);
        Assert.Equal(["2", "3", "4"], kept.Select(static alert => alert.Alert.Text));
        Assert.Equal(kept[0].Microseconds + 1, kept[1].Microseconds);
        Assert.Equal(["4"], _engine.Since(kept[1].Microseconds).Select(static alert => alert.Alert.Text));
        Assert.Equal(3, kept.Select(static alert => alert.Hash).Distinct().Count());
    }

    [Fact]
    public void A_kind_is_defined_once()
    {
        AlertDefinition visitor = new("VISITOR", "OTHER", 5, AlertDefinition.AnyPhy, new(1, RateUnit.Minute), new(1, RateUnit.Second), "someone came");
        Assert.True(_engine.Define(visitor));
        Assert.False(_engine.Define(visitor));
        Assert.Equal([AlertFate.Raised, AlertFate.Throttled], Raise("VISITOR", 2));
    }

    [Fact]
    public void All_of_it_outlives_a_restart()
    {
        AlertDefinition visitor = new("VISITOR", "OTHER", 5, 0, new(2, RateUnit.Hour), new(2, RateUnit.Minute), "someone came");
        _engine.Define(visitor);
        RaisedAlert full = new("VISITOR", "at the door")
        {
            Device = new(7),
            Bssid = new(1),
            Source = new(2),
            Destination = new(3),
            Other = new(4),
            Channel = "6",
            Location = new() { Latitude = 1.5, Longitude = 2.5, Fix = 3, Altitude = 4, Seconds = 5, Microseconds = 6 },
        };
        _engine.Raise(full, out AlertRecord? raised);
        _engine.Raise(SystemAlerts.SourceOpen("wlan0"), out _);

        AlertEngine next = new(new() { Backlog = 3 }, _clock);
        next.Restore(AlertCodec.ReadState(AlertCodec.Write(_engine.Save())));
        Assert.Equal(AlertFate.Raised, next.Raise(new("VISITOR", ""), out _));
        Assert.Equal(AlertFate.Throttled, next.Raise(new("VISITOR", ""), out _));
        Assert.Equal(visitor, next.Definitions()[^1].Definition);
        IReadOnlyList<AlertRecord> kept = next.Since(-1);
        Assert.Equal(raised! with { Alert = full with { Location = null } }, kept[0] with { Alert = kept[0].Alert with { Location = null } });
        Assert.Equal((1.5, 2.5, 4f, 3, 5u, 6u), Place(kept[0]));
        Assert.Equal(("SOURCEOPEN", 20, -1), (kept[1].Alert.Header, kept[1].Severity, kept[1].PhyId));
    }

    [Fact]
    public void Spoilt_bytes_are_refused()
    {
        byte[] bytes = AlertCodec.Write(_engine.Save());
        _ = Raise("KISMET", 3);
        byte[] whole = AlertCodec.Write(_engine.Save());
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => AlertCodec.ReadState(whole[..length]));
        }
        Assert.Empty(AlertCodec.ReadState(bytes).Backlog);
    }

    private static (double, double, float, byte, uint, uint) Place(AlertRecord alert) => alert.Alert.Location is { } p
        ? (p.Latitude, p.Longitude, p.Altitude, p.Fix, p.Seconds, p.Microseconds) : default;

    private AlertFate[] Raise(string header, int count) =>
        [.. Enumerable.Range(0, count).Select(i => _engine.Raise(new(header, $"{i}"), out _))];
}
