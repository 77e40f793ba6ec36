using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Engine.Tests.Channels;

/// <summary>How channels are laid out over sensors that hear one another.</summary>
public sealed class ChannelLayoutTests
{
    [Fact]
    public void Sensors_that_hear_one_another_share_their_channels_and_together_cover_all()
    {
        PlannedSensor[] sensors = [New(1, "1,6,11"), New(2, "1,6,11"), New(3, "1,6,11")];
        // The third stands elsewhere.
        HearingShare hearing = new([40, 20, 2, 20, 50, 0, 2, 0, 30]);
        Assert.Equal(["1: 1 1,11", "2: 1 6", "3: 2 1,6,11"], Text(sensors, hearing));
        // Who was down is down no more: the same again.
        Assert.Equal(Text(sensors, hearing), Text(sensors, hearing));
        Assert.Equal(["1: 1 1,6,11", "3: 2 1,6,11"], Text([sensors[0], sensors[2]], new([40, 2, 2, 30])));
    }

    [Fact]
    public void All_of_a_group_hear_one_another()
    {
        // A chain: the ends do not hear each other, so each end's place would miss what the other end listens to.
        PlannedSensor[] sensors = [New(1, "1,6"), New(2, "1,6"), New(3, "1,6")];
        Assert.Equal(["1: 1 1", "2: 1 6", "3: 2 1,6"], Text(sensors, new([40, 20, 0, 20, 40, 20, 0, 20, 40])));
    }

    [Theory]
    // Three in common, and a tenth of what the one hears that hears fewer.
    [InlineData(3, 30, 500, true)]
    [InlineData(2, 10, 10, false)]
    [InlineData(3, 31, 500, false)]
    public void A_device_that_passed_by_makes_no_neighbours(int common, int one, int other, bool expected)
    {
        string[] text = Text([New(1, "1,6"), New(2, "1,6")], new([one, common, common, other]));
        Assert.Equal(expected ? ["1: 1 1", "2: 1 6"] : ["1: 1 1,6", "2: 2 1,6"], text);
    }

    [Fact]
    public void What_few_can_listen_to_goes_to_them_and_no_sensor_is_left_without()
    {
        // One radio has no 5 GHz.
        Assert.Equal(["1: 1 1,6", "2: 1 36,40"], Text([New(1, "1,6"), New(2, "1,6,36,40")], All(2)));
        // More sensors than channels: those that the fewest hear are heard twice.
        Assert.Equal(["1: 1 1", "2: 1 6", "3: 1 1"], Text([New(1, "1,6"), New(2, "1,6"), New(3, "1,6")], All(3)));
        // Another kind of radio hears other things.
        Assert.Equal(["1: 1 1,6", "2: 2 1,6"], Text([New(1, "1,6"), New(2, "1,6") with { Kind = "other" }], All(2)));
    }

    [Fact]
    public void Any_number_of_sensors_covers_what_it_shall()
    {
        string[] channels = [.. Enumerable.Range(1, 13).Select(static i => $"{i}")];
        Random random = new(17);
        for (int round = 0; round < 200; round++)
        {
            int count = random.Next(1, 12);
            PlannedSensor[] sensors = [.. Enumerable.Range(1, count).Select(i => New(i, string.Join(',', channels.Where(_ => random.Next(3) > 0).DefaultIfEmpty("1"))))];
            int[] counts = new int[count * count];
            for (int i = 0; i < count; i++)
            {
                counts[(i * count) + i] = 20;
                for (int j = 0; j < i; j++)
                {
                    counts[(i * count) + j] = counts[(j * count) + i] = random.Next(8);
                }
            }
            IReadOnlyList<ChannelShare> shares = ChannelLayout.Lay(sensors, new(counts));
            Assert.Equal(count, shares.Count);
            Assert.All(shares, static share => Assert.NotEmpty(share.Channels));
            Assert.All(shares, static share => Assert.Subset(share.Sensor.Channels.ToHashSet(), share.Channels.ToHashSet()));
            Assert.All(shares.GroupBy(static share => share.Group), static group => Assert.Equal(
                group.SelectMany(static share => share.Sensor.Channels).Distinct().Order(), group.SelectMany(static share => share.Channels).Distinct().Order()));
        }
    }

    [Theory]
    [InlineData("wlan0:channels=\"1,6,40\",plan=auto", "1,6")]
    [InlineData("wlan0:PLAN=Auto", "1,6,11")]
    [InlineData("wlan0:plan=mine", null)]
    [InlineData("wlan0:channels=\"1,6\"", null)]
    [InlineData("wlan0:name=plan=auto", null)]
    public void Only_who_leaves_it_to_the_server_is_told(string definition, string? channels)
    {
        DatasourceRecord record = Record(definition);
        Assert.Equal(channels, PlannedSensor.Of(record) is { } sensor ? string.Join(',', sensor.Channels) : null);
        Assert.Null(PlannedSensor.Of(record with { Running = false }));
        Assert.Null(PlannedSensor.Of(record with { Paused = true }));
        Assert.Null(PlannedSensor.Of(record with { Channels = [] }));
    }

    private static DatasourceRecord Record(string definition) => SourceRows.ToRecord(SourceRows.OfRemote(Guid.NewGuid())) with
    {
        Driver = SourceDrivers.Libpcap,
        Running = true,
        Definition = definition,
        Channels = ["1", "6", "11"],
    };

    private static HearingShare All(int count) => new([.. Enumerable.Repeat(50, count * count)]);

    private static PlannedSensor New(int number, string channels) => new(new(number, 0, 0, new byte[8]), (ushort)number, "linuxwifi", channels.Split(','));

    private static string[] Text(PlannedSensor[] sensors, HearingShare hearing) =>
        [.. ChannelLayout.Lay(sensors, hearing).OrderBy(static share => share.Sensor.Number).Select(static share => $"{share.Sensor.Number}: {share.Group} {string.Join(',', share.Channels)}")];
}
