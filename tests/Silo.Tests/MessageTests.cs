using System.Reflection;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace KismetOrleans.Silo.Tests;

/// <summary>What calls of grains carry arrives as it was sent.</summary>
public sealed class MessageTests
{
    private static readonly ServiceProvider s_services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    [Fact]
    public void Every_type_of_a_message_has_an_alias_of_its_own_so_that_it_may_move()
    {
        Type[] types = [.. new[] { typeof(Device), typeof(BatchOutcome), typeof(IDevicePartitionGrain) }
            .SelectMany(static known => known.Assembly.GetTypes())
            .Where(static type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)
                && type.Namespace!.StartsWith("KismetOrleans.", StringComparison.Ordinal))];

        Assert.True(types.Length > 50, $"{types.Length} types");
        string?[] aliases = [.. types.Select(static type => type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias)];
        Assert.All(aliases, Assert.NotNull);
        Assert.Distinct(aliases);
    }

    [Fact]
    public void An_outcome_arrives_with_all_but_what_is_for_its_own_process()
    {
        BatchOutcome sent = new(7, [new("hello", MessageFlags.Info, 6)], 3, [new(Anomalies.FrameTruncated, 2)])
        {
            Gap = true,
            Alerts = [new("DEAUTH", "text") { Bssid = new(0x0200_0000_0001), Once = new("class", 5), Device = new DeviceId(9), Location = new() { Latitude = 1.5, Fix = 2 } }],
            Events = [new Engine.Events.TextEvent(Engine.Events.EventTopics.NewDevice, "stays")],
        };

        BatchOutcome came = Through(sent);

        Assert.Equal((sent.Clock, sent.Duplicates, true), (came.Clock, came.Duplicates, came.Gap));
        Assert.Equal(sent.Messages, came.Messages);
        Assert.Equal(sent.Anomalies, came.Anomalies);
        Assert.Equal(sent.Alerts[0] with { Location = null }, came.Alerts[0] with { Location = null });
        Assert.Equal(1.5, came.Alerts[0].Location!.Latitude);
        Assert.Empty(came.Events);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("phy")]
    [InlineData("points")]
    [InlineData("seen")]
    public void Filters_arrive_with_their_view(string kind)
    {
        DeviceView view = kind switch
        {
            "all" => DeviceView.All,
            "phy" => new PhyView(Phy.Btle),
            "points" => new AccessPointView(),
            _ => new SeenByView(3),
        };
        DeviceFilter sent = new() { View = view, Since = 5, Search = "x", Addresses = [new(new(1), 2)], Devices = [new(9), new(10)] };

        DeviceFilter came = Through(sent);

        Assert.Equal(sent.View, came.View);
        Assert.Equal((sent.Since, sent.ChangedSince, sent.Search), (came.Since, came.ChangedSince, came.Search));
        Assert.Equal(sent.Addresses, came.Addresses);
        Assert.Equal(sent.Devices, came.Devices);
    }

    [Fact]
    public void A_datasource_arrives_with_its_histories()
    {
        Rrd history = new();
        history.Add(1_700_000_000, 5);
        history.Add(1_700_000_001, 6);
        DatasourceRecord sent = new()
        {
            Number = 4,
            Uuid = Guid.NewGuid(),
            Name = "radio",
            Definition = "wlan0",
            Interface = "wlan0",
            Driver = SourceDrivers.File,
            PacketsRrd = history,
            DataRrd = new(),
            Channels = ["1", "6"],
            Sensor = new(1, 2, 3, 4, 5.5),
            Antenna = new("dipole", 2, 0, 360, "", 0),
        };

        DatasourceRecord came = Through(sent);

        Assert.Equal(sent.Channels, came.Channels);
        Assert.Equal((1_700_000_001, 6), ((int)came.PacketsRrd.LastTime, came.PacketsRrd.LastValue));
        Assert.Equal(sent with { PacketsRrd = came.PacketsRrd, DataRrd = came.DataRrd, Channels = came.Channels, HostInterfaces = came.HostInterfaces, HopChannels = came.HopChannels }, came);
    }

    [Fact]
    public void Shares_of_SSIDs_arrive_with_devices_that_are_named_and_those_that_are_counted()
    {
        SsidGroup sent = new() { Hash = 1, Crypt = 2, Ssid = "net", Length = 3, FirstTime = 4, LastTime = 5 };
        sent.Advertising.Add(new DeviceId(11), named: true);
        sent.Probing.Add(new DeviceId(12), named: false);

        SsidGroup came = Assert.Single(Through(new SsidShare([sent])).Groups);

        Assert.Equal((sent.Identity, sent.Ssid, sent.Length, 4u, 5u), (came.Identity, came.Ssid, came.Length, came.FirstTime, came.LastTime));
        Assert.Equal([new DeviceId(11)], came.Advertising.Ids);
        Assert.Equal((1, 0, 1), (came.Advertising.Count, came.Responding.Count, came.Probing.Count));
        Assert.Empty(came.Probing.Ids);
    }

    private static T Through<T>(T value)
    {
        Serializer serializer = s_services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
