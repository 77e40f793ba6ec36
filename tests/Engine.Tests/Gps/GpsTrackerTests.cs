using KismetOrleans.Engine.Gps;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Tests.Gps;

/// <summary>GPS of every kind, at receivers of the test's own: what they say, which of them is believed, and what happens when they go.</summary>
public sealed class GpsTrackerTests
{
    private const string Gga = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n";

    [Fact]
    public async Task A_gpsd_is_asked_to_speak_and_believed()
    {
        using FakeReceiver gpsd = new();
        await using GpsTracker gps = new(TimeProvider.System);
        Task<GpsRecord> adding = gps.AddAsync($"gpsd:host=127.0.0.1,port={gpsd.Port},name=roof").AsTask();
        await gpsd.AcceptAsync();
        Assert.Equal("?WATCH={\"enable\":true,\"json\":true};", await gpsd.HearAsync());
        GpsRecord added = await adding;
        Assert.Equal(("roof", true, true, -1000), (added.Name, added.Connected, added.Reconnect, added.Priority));
        Assert.False(added.Location.HasFix);

        // In pieces, as TCP gives them.
        await gpsd.SayAsync("{\"class\":\"VERSION\",\"release\":\"3.25\"}\n{\"class\":\"TPV\",\"mode\":3,\"time\":\"2024-05-06T07:08:09.250Z\",\"lat\":52.5,\"lon\":13.25,");
        await gpsd.SayAsync("\"altMSL\":35.5,\"speed\":10.0,\"track\":90.5}\r\n");
        GeoPoint point = await UntilAsync(gps, static p => p?.Fix == 3);
        Assert.Equal((52.5, 13.25, 35.5f, 36f, 90.5f), (point.Latitude, point.Longitude, point.Altitude, point.Speed, point.Heading));
        Assert.Equal((1714979289u, 250_000u, added.Uuid), (point.Seconds, point.Microseconds, point.Source));

        // What is broken is passed over, and the next report counts.
        await gpsd.SayAsync("{\"class\":\"TPV\",\"mo\n{\"class\":\"TPV\",\"mode\":2,\"lat\":-33,\"lon\":151}\n");
        point = await UntilAsync(gps, static p => p?.Fix == 2);
        Assert.Equal((-33d, 151d), (point.Latitude, point.Longitude));
        await gpsd.SayAsync("{\"class\":\"TPV\",\"mode\":1}\n");
        _ = await UntilAsync(gps, static p => p is null);
        Assert.Equal(-33, (await gps.ListAsync())[0].LastLocation.Latitude);
    }

    [Fact]
    public async Task A_phone_that_comes_back_is_heard_again()
    {
        using FakeReceiver phone = new();
        await using GpsTracker gps = new(TimeProvider.System);
        Task<GpsRecord> adding = gps.AddAsync($"tcp:host=127.0.0.1,port={phone.Port}").AsTask();
        await phone.AcceptAsync();
        _ = await adding;
        await phone.SayAsync(Gga);
        _ = await UntilAsync(gps, static p => p?.Fix == 3);
        phone.HangUp();
        await phone.AcceptAsync();
        await phone.SayAsync("$GPGGA,123520,4907.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,\r\n");
        GeoPoint point = await UntilAsync(gps, static p => p?.Latitude > 49);
        Assert.Equal(49.1173, point.Latitude, 4);
    }

    [Fact]
    public async Task One_that_is_not_there_says_why_and_need_not_be_tried_again()
    {
        using FakeReceiver gone = new();
        int port = gone.Port;
        gone.Dispose();
        await using GpsTracker gps = new(TimeProvider.System);
        GpsRecord record = await gps.AddAsync($"tcp:host=127.0.0.1,port={port},reconnect=false");
        Assert.False(record.Connected);
        Assert.False(record.Reconnect);
        Assert.NotEqual("", record.Error);
    }

    [Fact]
    public async Task A_serial_port_is_read_and_its_end_is_noticed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        using Terminal terminal = new();
        await using GpsTracker gps = new(TimeProvider.System);
        GpsRecord added = await gps.AddAsync($"serial:device={terminal.Path},baud=9600,reconnect=false");
        Assert.Equal(("", true), (added.Error, added.Connected));
        terminal.Write("garbage of a wrong rate\n" + Gga);
        GeoPoint point = await UntilAsync(gps, static p => p is not null);
        Assert.Equal((48.1173, 545.4f), (Math.Round(point.Latitude, 4), point.Altitude));
        terminal.HangUp();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while ((await gps.ListAsync())[0].Connected)
        {
            Assert.False(patience.IsCancellationRequested, "nobody noticed that the port has gone");
            await Task.Delay(5);
        }
        Assert.NotEqual("", (await gps.ListAsync())[0].Error);
    }

    [Theory]
    [InlineData("/dev/ttyNobody", "No such file or directory")]
    [InlineData("/dev/null", "Inappropriate ioctl for device")]
    public async Task A_serial_port_that_is_none_says_why(string device, string reason)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        await using GpsTracker gps = new(TimeProvider.System);
        GpsRecord record = await gps.AddAsync($"serial:device={device},reconnect=false");
        Assert.False(record.Connected);
        Assert.Equal($"{device}: {reason}", record.Error);
    }

    [Fact]
    public async Task The_lowest_priority_with_a_fix_wins_then_the_better_fix()
    {
        ManualClock clock = new();
        await using GpsTracker gps = new(clock);
        Assert.Null(gps.Current);
        GpsRecord place = await gps.AddAsync("virtual:lat=1,lon=2,alt=3,name=desk");
        Assert.Equal((1d, 2d, 3f, (byte)3), (gps.Current!.Latitude, gps.Current.Longitude, gps.Current.Altitude, gps.Current.Fix));
        Assert.Equal(place.Uuid, gps.Current.Source);
        GpsRecord web = await gps.AddAsync("web:priority=-5");
        Assert.Equal(1, gps.Current!.Latitude);
        Assert.True(await gps.PostAsync("web", null, new() { Latitude = 10, Longitude = 20, Fix = 2 }));
        Assert.Equal(10, gps.Current!.Latitude);
        GpsRecord meta = await gps.AddAsync("meta:name=car,priority=-5,data_only=false");
        Assert.True(await gps.PostAsync("meta", "car", new() { Latitude = 30, Longitude = 40, Fix = 3 }));
        Assert.Equal(30, gps.Current!.Latitude);
        Assert.Equal(30, GpsChoice.Best(await gps.ListAsync())!.Latitude);

        // Nothing was posted for a while: the desk stands where it stood, and its time is now.
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, gps.Current!.Latitude);
        Assert.Equal((uint)clock.GetUtcNow().ToUnixTimeSeconds(), gps.Current!.Seconds);
        Assert.Same(gps.Current, gps.Current);

        Assert.True(await gps.RemoveAsync(place.Uuid));
        Assert.False(await gps.RemoveAsync(place.Uuid));
        Assert.Null(gps.Current);
        Assert.Equal([web.Uuid, meta.Uuid], (await gps.ListAsync()).Select(static g => g.Uuid));
        Assert.False(await gps.PostAsync("meta", "bus", new()));
    }

    [Fact]
    public async Task One_that_is_asked_for_by_name_is_made_to_be_posted_to_and_is_never_the_servers_place()
    {
        await using GpsTracker gps = new(new ManualClock());
        Assert.Null(gps.Named("bus, red"));
        Assert.Null(gps.Named("no \" name"));
        Assert.True(await gps.PostAsync("meta", "bus, red", new() { Latitude = 30, Longitude = 40, Fix = 3 }));
        Assert.Equal(30, gps.Named("bus, red")!.Latitude);
        Assert.Null(gps.Current);
        Assert.Equal("meta:name=\"bus, red\"", (await gps.ListAsync()).Single().Definition);
        // Whoever makes up names does not make more of them than there can be.
        for (int i = 0; i < 100; i++)
        {
            _ = gps.Named($"{i}");
        }
        Assert.Equal(64, (await gps.ListAsync()).Count);
    }

    [Theory]
    [InlineData("", "there is no kind ''")]
    [InlineData("glonass", "there is no kind 'glonass'")]
    [InlineData("virtual", "option lat is missing")]
    [InlineData("virtual:lat=91,lon=0", "option lat: '91' is not a number from -90 to 90")]
    [InlineData("virtual:lat=1,lon=NaN", "option lon: 'NaN' is not a number from -180 to 180")]
    [InlineData("virtual:lat=1,lon=2,lat=3", "option lat is given twice")]
    [InlineData("gpsd:port=70000", "option port: '70000' is not a number from 1 to 65535")]
    [InlineData("tcp:host=x", "option port is missing")]
    [InlineData("serial:baud=9600", "option device is missing")]
    [InlineData("serial:device=/dev/null,baud=20", "option baud: '20' is not a number from 50 to 4000000")]
    [InlineData("web:uuid=x", "option uuid: 'x' is not a UUID")]
    [InlineData("web:reconnect=maybe", "option reconnect: 'maybe' is not true or false")]
    [InlineData("web:name", "'name' at character 5 is no option of the form key=value")]
    public async Task A_definition_of_no_use_is_refused(string definition, string reason)
    {
        await using GpsTracker gps = new(TimeProvider.System);
        GpsException e = await Assert.ThrowsAsync<GpsException>(() => gps.AddAsync(definition).AsTask());
        Assert.StartsWith($"gps '{definition}': {reason}", e.Message, StringComparison.Ordinal);
        Assert.Empty(await gps.ListAsync());
    }

    [Fact]
    public async Task There_is_one_of_a_definition_and_one_browser()
    {
        await using GpsTracker gps = new(TimeProvider.System);
        _ = await gps.AddAsync("web:name=a");
        await Assert.ThrowsAsync<GpsException>(() => gps.AddAsync("web:name=a").AsTask());
        await Assert.ThrowsAsync<GpsException>(() => gps.AddAsync("web:name=b").AsTask());
        Assert.Single(await gps.ListAsync());
    }

    private static async Task<GeoPoint> UntilAsync(GpsTracker gps, Func<GeoPoint?, bool> there)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            GeoPoint? current = gps.Current;
            if (there(current))
            {
                return current ?? GeoPoint.Unknown;
            }
            _ = await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private sealed class ManualClock : TimeProvider
    {
        private DateTimeOffset _now = new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.Ticks;
    }
}
