using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Tests.Partitions;
using KismetOrleans.Engine.Watching;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Watching;

/// <summary>Devices that come and go, and what is told of them.</summary>
public sealed class DeviceWatchTests
{
    private static readonly string s_found = $"DEVICEFOUND Device {Ap}, which is waited for, is seen";
    private static readonly string s_lost = $"DEVICELOST Device {Ap}, which is watched, has not been seen for 60 seconds";
    private readonly Slices _slices = new(2);
    private readonly MemoryPartition[] _partitions;
    private readonly List<string> _raised = [];
    private AlertFate _fate = AlertFate.Raised;
    private IReadOnlyList<string> _kept = [];

    public DeviceWatchTests() => _partitions = [.. _slices.All.Select(static slice => new MemoryPartition(slice))];

    [Fact]
    public async Task A_device_is_found_lost_and_found_again()
    {
        DeviceWatch watch = New();
        Assert.Null(await watch.AddAsync(WatchFor.Both, [Ap]));
        await watch.CheckAsync();
        Assert.Equal([], _raised);

        _slices.Hear(Beacon(Ap, "Campus"), Beacon(OtherAp, "Other"));
        await watch.CheckAsync();
        await watch.CheckAsync();
        Assert.Equal([s_found], _raised);

        _slices.Clock.Second += 60;
        await watch.CheckAsync();
        Assert.Equal([s_found], _raised);
        _slices.Clock.Second += 1;
        await watch.CheckAsync();
        await watch.CheckAsync();
        Assert.Equal([s_found, s_lost], _raised);

        _slices.Hear(Beacon(Ap, "Campus"));
        await watch.CheckAsync();
        Assert.Equal([s_found, s_lost, s_found], _raised);
    }

    [Fact]
    public async Task One_that_came_and_went_between_two_looks_is_found_and_lost()
    {
        DeviceWatch watch = New();
        Assert.Null(await watch.AddAsync(WatchFor.Both, [Ap]));
        _slices.Clock.Second += 5;
        await watch.CheckAsync();
        for (int i = 0; i < 2; i++)
        {
            _raised.Clear();
            _slices.Clock.Second += 1;
            _slices.Hear(Beacon(Ap, "Campus"));
            _slices.Clock.Second += 100;
            await watch.CheckAsync();
            Assert.Equal([s_found], _raised);
            await watch.CheckAsync();
            await watch.CheckAsync();
            Assert.Equal([s_found, s_lost], _raised);
        }
    }

    [Fact]
    public async Task What_was_there_before_is_no_find_and_only_what_is_watched_for_is_told()
    {
        _slices.Hear(Beacon(Ap, "Campus"));
        DeviceWatch watch = New();
        Assert.Null(await watch.AddAsync(WatchFor.Found, [Ap]));
        Assert.Null(await watch.AddAsync(WatchFor.Lost, [OtherAp]));
        await watch.CheckAsync();
        _slices.Hear(Beacon(OtherAp, "Other"));
        await watch.CheckAsync();
        _slices.Clock.Second += 61;
        await watch.CheckAsync();
        Assert.Equal([s_lost.Replace(Ap.ToString(), OtherAp.ToString(), StringComparison.Ordinal)], _raised);
    }

    [Fact]
    public async Task What_a_limit_holds_back_is_told_later()
    {
        DeviceWatch watch = New();
        Assert.Null(await watch.AddAsync(WatchFor.Found, [Ap]));
        await watch.CheckAsync();
        _slices.Hear(Beacon(Ap, "Campus"));
        _fate = AlertFate.Throttled;
        await watch.CheckAsync();
        Assert.Equal([], _raised);
        _fate = AlertFate.Raised;
        await watch.CheckAsync();
        await watch.CheckAsync();
        Assert.Equal([s_found], _raised);
    }

    [Fact]
    public async Task A_restart_keeps_who_is_watched_and_gives_them_time_to_be_heard()
    {
        DeviceWatch watch = New();
        Assert.Null(await watch.AddAsync(WatchFor.Both, [Ap, OtherAp]));
        await watch.RemoveAsync(WatchFor.Found, [OtherAp]);
        _slices.Hear(Beacon(Ap, "Campus"), Beacon(OtherAp, "Other"));
        await watch.CheckAsync();
        Assert.Equal([s_found], _raised);
        _raised.Clear();

        _slices.Clock.Second += 3600;
        DeviceWatch second = New();
        Assert.Equal([Ap], await second.ListAsync(WatchFor.Found));
        Assert.Equal(new[] { Ap, OtherAp }.Order(), await second.ListAsync(WatchFor.Lost));
        Assert.Equal([Ap], await second.ListAsync(WatchFor.Both));
        await second.CheckAsync();
        Assert.Equal([], _raised);
        _slices.Clock.Second += 30;
        _slices.Hear(Beacon(OtherAp, "Other"));
        _slices.Clock.Second += 31;
        await second.CheckAsync();
        Assert.Equal([s_lost], _raised);

        await second.RemoveAsync(WatchFor.Both, [Ap, OtherAp]);
        Assert.Equal([], await second.ListAsync(WatchFor.Lost));
        Assert.Equal([], _kept);
    }

    [Fact]
    public async Task Settings_watch_from_the_start_and_there_is_an_end_to_addresses()
    {
        DeviceWatch watch = New(new() { Found = [Ap.ToString()], Lost = [Ap.ToString()] });
        Assert.Equal([Ap], await watch.ListAsync(WatchFor.Both));
        MacAddress[] many = [.. Enumerable.Range(1, DeviceWatch.MaxWatched).Select(static i => new MacAddress((ulong)i))];
        Assert.Equal("more than 1000 addresses would be watched", await watch.AddAsync(WatchFor.Found, many));
        Assert.Equal([Ap], await watch.ListAsync(WatchFor.Found));
        Assert.Null(await watch.AddAsync(WatchFor.Found, many[1..]));
        Assert.Equal("Alerts:Lost: 'nonsense' is no address", Assert.Throws<ArgumentException>(() => new AlertOptions { Lost = ["nonsense"] }.Checked()).Message);
        Assert.Throws<ArgumentException>(() => new AlertOptions { LostAfter = TimeSpan.Zero }.Checked());
    }

    private DeviceWatch New(AlertOptions? options = null) => new(_partitions, options ?? new(), _slices.Clock, Raise, _kept, lines =>
    {
        _kept = lines;
        return Task.CompletedTask;
    });

    private Task<AlertFate> Raise(RaisedAlert alert)
    {
        if (_fate == AlertFate.Raised)
        {
            _raised.Add($"{alert.Header} {alert.Text}");
        }
        return Task.FromResult(_fate);
    }
}
