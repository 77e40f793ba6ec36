using System.Globalization;
using System.Text;
using System.Text.Json;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Packets;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>Reading, selecting, writing and counting the devices of a partition.</summary>
public sealed class DevicePartitionTests
{
    private const string Mac = "kismet.device.base.macaddr";
    private const string Signal = "kismet.device.base.signal/kismet.common.signal.last_signal";
    private static readonly DeviceShape s_macs = new(RecordFormat.Json, Slices.Fields(Mac));

    [Fact]
    public void Chunks_cover_every_device_once_in_order_of_first_sight()
    {
        Slices slices = new(1);
        Packets packets = new();
        for (ushort i = 0; i < 500; i++)
        {
            packets.Add(Heard(Beacon(Address(i), $"net {i}", i), -50));
        }
        slices.Hear(Retype(packets));
        List<int> counts = [];
        List<string> macs = [];
        int cursor = 0;
        do
        {
            using DeviceChunk chunk = slices.All[0].Queries.Read(new(), new(RecordFormat.Json, null), cursor);
            counts.Add(chunk.Count);
            using JsonDocument document = JsonDocument.Parse($"[{Encoding.UTF8.GetString(chunk.Body.WrittenSpan)}]");
            macs.AddRange(document.RootElement.EnumerateArray().Select(d => d.GetProperty(Mac).GetString()!));
            // A chunk ends with the device that fills it.
            Assert.InRange(chunk.Body.Length, 1, 300 * 1024);
            cursor = chunk.Next;
        }
        while (cursor >= 0);
        Assert.True(counts.Count > 2, $"{counts.Count} chunks");
        Assert.Equal(500, counts.Sum());
        Assert.Equal(Enumerable.Range(0, 500).Select(i => Address((ushort)i).ToString()), macs);
    }

    [Fact]
    public void An_empty_partition_has_one_empty_chunk()
    {
        using DeviceChunk chunk = new Slices(1).All[0].Queries.Read(new(), s_macs, 0);
        Assert.Equal((0, 0, -1), (chunk.Count, chunk.Body.Length, chunk.Next));
    }

    [Fact]
    public void Lines_are_separated_by_their_ends()
    {
        Slices slices = Three();
        using DeviceChunk chunk = slices.All[0].Queries.Read(new(), s_macs with { Format = RecordFormat.EkJson }, 0);
        string[] lines = Encoding.UTF8.GetString(chunk.Body.WrittenSpan).Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public void Without_an_order_the_first_ones_come_in_order_of_first_sight()
    {
        DeviceWindow window = Three().All[0].Queries.Select(new(), s_macs, null, 2);
        Assert.Equal((3, 3), (window.Matching, window.Total));
        Assert.Equal([Address(1), Address(2)], window.First.Select(ranked => ranked.Id.Address));
    }

    [Theory]
    [InlineData(false, "3 1 2")]
    [InlineData(true, "2 1 3")]
    public void An_order_is_by_value(bool descending, string order)
    {
        // Heard at -50, -40 and -60.
        DeviceWindow window = Three().All[0].Queries.Select(new(), s_macs, new(Signal, descending), 10);
        Assert.Equal(Addresses(order), window.First.Select(ranked => ranked.Id.Address));
        DeviceWindow one = Three().All[0].Queries.Select(new(), s_macs, new(Signal, descending), 1);
        Assert.Equal(window.First[0], Assert.Single(one.First));
        Assert.Equal((3, 3), (one.Matching, one.Total));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ties_are_broken_by_identity_so_that_windows_do_not_overlap(bool descending)
    {
        Slices slices = new(1);
        int[] shuffled = [.. Enumerable.Range(0, 50)];
        new Random(1).Shuffle(shuffled);
        slices.Hear([.. shuffled.Select(i => Beacon(Address((ushort)i), "same"))]);
        DeviceOrder order = new("kismet.device.base.name", descending);
        for (int count = 0; count <= 55; count += 5)
        {
            IEnumerable<MacAddress> expected = Enumerable.Range(0, 50).Select(i => Address((ushort)i));
            expected = descending ? expected.Reverse() : expected;
            Assert.Equal(expected.Take(count), slices.All[0].Queries.Select(new(), s_macs, order, count).First.Select(ranked => ranked.Id.Address));
        }
    }

    [Fact]
    public void Names_are_ordered_naturally()
    {
        Slices slices = new Slices(1).Hear(Beacon(Address(1), "ap10"), Beacon(Address(2), "ap9"), Beacon(Address(3), "AP1"));
        DeviceWindow window = slices.All[0].Queries.Select(new(), s_macs, new("kismet.device.base.name", false), 9);
        Assert.Equal(Addresses("3 2 1"), window.First.Select(ranked => ranked.Id.Address));
    }

    [Fact]
    public void An_absent_value_ranks_as_zero()
    {
        Slices slices = new Slices(1).Hear(ProbeRequest(Address(1), "without radio header"));
        slices.Hear(new Packets().Add(Heard(ProbeRequest(Address(2), "x"), -50), LinkType.Radiotap).ToBatch());
        Assert.Equal(Addresses("2 1"), slices.All[0].Queries.Select(new(), s_macs, new(Signal, false), 9).First.Select(ranked => ranked.Id.Address));
    }

    [Fact]
    public void A_search_looks_at_the_fields_that_are_asked_for()
    {
        DevicePartition partition = Three().All[0];
        DeviceShape names = new(RecordFormat.Json, Slices.Fields("kismet.device.base.name"));
        Assert.Equal((1, 3), Sizes(partition.Queries.Select(new() { Search = "beta" }, names, null, 9)));
        Assert.Equal((0, 3), Sizes(partition.Queries.Select(new() { Search = "beta" }, s_macs, null, 9)));
        Assert.Equal((3, 3), Sizes(partition.Queries.Select(new() { Search = "" }, s_macs, null, 9)));
        Assert.Equal((3, 3), Sizes(partition.Queries.Select(new() { Search = ":00:0" }, s_macs, null, 9)));
        Assert.Equal(Address(2), Assert.Single(partition.Queries.Select(new() { Search = "beta" }, names, new(Signal, true), 9).First).Id.Address);
    }

    [Fact]
    public void Regular_expressions_of_which_one_must_fit()
    {
        DevicePartition partition = Three().All[0];
        DeviceFilter filter = new() { Regex = Regex("""[["kismet.device.base.name", "^al"], ["kismet.device.base.name", "^ga"]]""") };
        DeviceWindow window = partition.Queries.Select(filter, s_macs, null, 9);
        Assert.Equal((2, 3), Sizes(window));
        Assert.Equal(Addresses("1 3"), window.First.Select(ranked => ranked.Id.Address));
        Assert.Equal(2, Slices.ReadAll(partition, filter, s_macs).Count);
    }

    [Theory]
    [InlineData(0u, 3)]
    [InlineData(2u, 2)]
    [InlineData(3u, 1)]
    [InlineData(4u, 0)]
    public void Since_is_the_newest_packet_or_later(uint after, int matching)
    {
        // Heard one, two and three seconds after the start.
        DeviceFilter filter = new() { Since = Packets.Start + after };
        Assert.Equal((matching, 3), Sizes(Three().All[0].Queries.Select(filter, s_macs, null, 9)));
        Assert.Equal(matching, Slices.ReadAll(Three().All[0], filter, s_macs).Count);
    }

    [Fact]
    public void Addresses_may_be_masked()
    {
        DevicePartition partition = Three().All[0];
        int Count(params MaskedAddress[] addresses) => Slices.ReadAll(partition, new() { Addresses = addresses }, s_macs).Count;
        Assert.Equal(1, Count(new MaskedAddress(Address(2), ulong.MaxValue)));
        Assert.Equal(2, Count(new(Address(2), ulong.MaxValue), new(Address(3), ulong.MaxValue)));
        Assert.Equal(3, Count(new MaskedAddress(Address(0), 0xFFFF_FF00_0000)));
        Assert.Equal(0, Count(new MaskedAddress(Address(2), 0)));
        Assert.Equal(0, Count());
    }

    [Fact]
    public void The_total_is_the_views_and_matching_what_passes_too()
    {
        Slices slices = new Slices(1).Hear(Beacon(Ap, "Campus"), Beacon(OtherAp, "Guests"), ProbeRequest(Client, "Campus"));
        DeviceFilter filter = new() { View = new AccessPointView(), Search = "Campus" };
        DeviceShape names = new(RecordFormat.Json, Slices.Fields("kismet.device.base.name"));
        Assert.Equal((1, 2), Sizes(slices.All[0].Queries.Select(filter, names, null, 9)));
        Assert.Equal((1, 2), Sizes(slices.All[0].Queries.Select(filter, names, new(Signal, false), 9)));
        Assert.Equal((2, 2), Sizes(slices.All[0].Queries.Select(new() { View = new AccessPointView() }, names, null, 9)));
        Assert.Equal((3, 3), Sizes(slices.All[0].Queries.Select(new() { View = new PhyView(Phy.Dot11) }, names, null, 9)));
        Assert.Equal((0, 0), Sizes(slices.All[0].Queries.Select(new() { View = new PhyView(Phy.Btle) }, names, null, 9)));
    }

    [Fact]
    public void Devices_are_written_in_the_order_asked_for_and_an_unknown_one_takes_no_bytes()
    {
        DevicePartition partition = Three().All[0];
        using DeviceChunk chunk = partition.Queries.Write(
            [new(Phy.Dot11, Address(3)), new(Phy.Dot11, Address(77)), new(Phy.Btle, Address(1)), new(Phy.Dot11, Address(1))], s_macs);
        Assert.Equal((4, -1), (chunk.Count, chunk.Next));
        int[] ends = [0, .. chunk.Ends!];
        string[] texts = [.. Enumerable.Range(0, 4).Select(i => Encoding.UTF8.GetString(chunk.Body.WrittenSpan[ends[i]..ends[i + 1]]))];
        Assert.Equal([$$"""{"{{Mac}}": "{{Address(3)}}"}""", "", "", $$"""{"{{Mac}}": "{{Address(1)}}"}"""], texts.Select(Spaced));
        Assert.Equal(chunk.Body.Length, ends[^1]);
    }

    [Fact]
    public void A_field_is_written_by_its_path()
    {
        DevicePartition partition = Three().All[0];
        DeviceShape json = new(RecordFormat.Json, null);
        using DeviceChunk? name = partition.Queries.WritePath(new(Phy.Dot11, Address(1)), "kismet.device.base.name", json);
        Assert.Equal((1, "\"alpha\""), (name!.Count, Encoding.UTF8.GetString(name.Body.WrittenSpan)));
        using DeviceChunk? deep = partition.Queries.WritePath(new(Phy.Dot11, Address(1)), Signal, json);
        Assert.Equal("-50", Encoding.UTF8.GetString(deep!.Body.WrittenSpan));
        using DeviceChunk? unknown = partition.Queries.WritePath(new(Phy.Dot11, Address(1)), "no.such.field", json);
        Assert.Equal((0, 0), (unknown!.Count, unknown.Body.Length));
        using DeviceChunk? absent = partition.Queries.WritePath(new(Phy.Dot11, Address(1)), "uav.device", json);
        Assert.Equal(0, absent!.Count);
        Assert.Null(partition.Queries.WritePath(new(Phy.Dot11, Address(77)), "kismet.device.base.name", json));
    }

    [Fact]
    public void Counts_are_the_sizes_of_the_views()
    {
        Slices slices = new(1);
        slices.Hear(Beacon(Ap, "a"), Beacon(OtherAp, "peers", capabilities: Ibss), AdHoc(new(0x0200_0000_0009), Client, OtherClient, new byte[9]));
        slices.Hear(new Packets().Add(Beacon(Ap, "a")).Add(ProbeRequest(Client, "x")).ToBatch(), source: 2);
        PartitionCounts counts = slices.All[0].Count();
        Assert.Equal(5, counts.Devices);
        Assert.Equal(5, counts.ByPhy[Phy.Dot11.Id]);
        Assert.Equal(5, counts.ByPhy.Sum());
        Assert.Equal((5, 2), (counts.BySource[1], counts.BySource[2]));
        Assert.Equal(1, counts.Duplicates);
        Assert.Equal(3, counts.AccessPoints);
        foreach ((DeviceView view, int size) in (IEnumerable<(DeviceView, int)>)[
            (DeviceView.All, counts.Devices), (new AccessPointView(), counts.AccessPoints), (new SeenByView(1), counts.BySource[1]),
            (new SeenByView(2), counts.BySource[2]), (new SeenByView(3), 0)])
        {
            Assert.Equal(size, slices.All[0].Queries.Select(new() { View = view }, s_macs, null, 0).Total);
        }
    }

    [Fact]
    public void Applying_tells_of_new_devices_once()
    {
        Slices slices = new(1);
        Engine.Observations.ObservationBatch batch = new();
        batch.Reset(1, slices.Clock.Second);
        slices.Dissector(1).Dissect(new Packets().Add(Beacon(Ap, "Campus")).Add(ToDs(Client, Ap, Ap, new byte[8])).ToBatch(), [batch]);
        Assert.Equal(
            ["Detected new 802.11 Wi-Fi access point 00:11:22:33:44:55 (Campus)", "Wi-Fi device 00:11:22:33:44:55 announces SSID 'Campus'", "Detected new 802.11 Wi-Fi device 0C:00:00:00:00:01"],
            slices.All[0].Apply(batch).Messages.Select(message => message.Text));
        Assert.Empty(slices.All[0].Apply(batch).Messages);
    }

    [Fact]
    public void A_name_is_told_once_whether_it_is_announced_or_answered_and_a_hidden_one_as_cloaked()
    {
        Slices slices = new(1);
        Engine.Observations.ObservationBatch batch = new();
        batch.Reset(1, slices.Clock.Second);
        slices.Dissector(1).Dissect(
            new Packets().Add(Beacon(Ap, "Campus")).Add(ProbeResponse(Ap, Client, "Campus")).Add(ProbeResponse(Ap, Client, "Guests", 2)).Add(Beacon(Wired, "")).ToBatch(), [batch]);
        Assert.Equal(
            [
                "Wi-Fi device 00:11:22:33:44:55 announces SSID 'Campus'", "Wi-Fi device 00:11:22:33:44:55 answers with SSID 'Guests'",
                $"Wi-Fi device {Wired} announces a cloaked SSID, which hides its name",
            ],
            slices.All[0].Apply(batch).Messages.Select(static message => message.Text).Where(static text => text.Contains("SSID", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_name_that_a_device_asks_for_is_told_once_and_asking_for_any_is_not()
    {
        Slices slices = new(1);
        Engine.Observations.ObservationBatch batch = new();
        batch.Reset(1, slices.Clock.Second);
        slices.Dissector(1).Dissect(
            new Packets().Add(ProbeRequest(Client, "Campus")).Add(ProbeRequest(Client, "")).Add(ProbeRequest(Client, "Home")).Add(ProbeRequest(Client, "Campus")).ToBatch(), [batch]);
        Assert.Equal(
            [$"Wi-Fi device {Client} probes for SSID 'Campus'", $"Wi-Fi device {Client} probes for SSID 'Home'"],
            slices.All[0].Apply(batch).Messages.Select(static message => message.Text).Where(static text => text.Contains("SSID", StringComparison.Ordinal)));
    }

    [Fact]
    public void Applying_tells_of_duplicates_and_of_what_is_wrong_inside_frames_once()
    {
        Slices slices = new(1);
        Engine.Observations.ObservationBatch batch = new();
        batch.Reset(1, 77);
        byte[] beacon = Beacon(Ap, new string('s', 33));
        slices.Dissector(1).Dissect(new Packets().Add(beacon).Add(beacon).ToBatch(), [batch]);
        BatchOutcome outcome = slices.All[0].Apply(batch);
        Assert.Equal((77u, 1L), (outcome.Clock, outcome.Duplicates));
        Assert.Equal([new AnomalyCount(Anomalies.SsidTooLong, 1)], outcome.Anomalies);
        batch.Reset(1, 78);
        outcome = slices.All[0].Apply(batch);
        Assert.Equal((78u, 0L), (outcome.Clock, outcome.Duplicates));
        Assert.Empty(outcome.Anomalies);
    }

    [Fact]
    public void Of_many_new_devices_the_newest_fifty_are_told()
    {
        Slices slices = new(1);
        Engine.Observations.ObservationBatch batch = new();
        batch.Reset(1, 9);
        Packets packets = new();
        for (ushort i = 0; i < 80; i++)
        {
            packets.Add(Beacon(Address(i), "x", i));
        }
        slices.Dissector(1).Dissect(packets.ToBatch(), [batch]);
        IReadOnlyList<Records.Server.MessageRecord> messages = slices.All[0].Apply(batch).Messages;
        Assert.Equal(50, messages.Count);
        Assert.Contains(Address(79).ToString(), messages[^1].Text);
        Assert.All(messages, message => Assert.Equal(9u, message.Seconds));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(59u)]
    [InlineData(61u)]
    [InlineData(7200u)]
    [InlineData(200_000u)]
    public void Maintaining_changes_nothing_that_is_shown(uint later)
    {
        Slices kept = Three();
        Slices maintained = Three();
        kept.Clock.Second += later;
        maintained.Clock.Second += later;
        maintained.All[0].Maintain();
        Assert.Equal(kept.ToJson(), maintained.ToJson());
        maintained.All[0].Maintain();
        Assert.Equal(kept.ToJson(), maintained.ToJson());
    }

    private static Slices Three()
    {
        Packets packets = new();
        packets.Add(Heard(Beacon(Address(1), "alpha"), -50), LinkType.Radiotap, 1);
        packets.Add(Heard(Beacon(Address(2), "beta"), -40), LinkType.Radiotap, 2);
        packets.Add(Heard(Beacon(Address(3), "gamma"), -60), LinkType.Radiotap, 3);
        return new Slices(1).Hear(packets.ToBatch());
    }

    private static PacketBatch Retype(Packets packets)
    {
        PacketBatch batch = packets.ToBatch();
        for (int i = 0; i < batch.Count; i++)
        {
            batch.Packets[i].LinkType = LinkType.Radiotap;
        }
        return batch;
    }

    private static MacAddress Address(ushort number) => new(0x0E00_0000_0000UL + number);

    private static IEnumerable<MacAddress> Addresses(string numbers) =>
        numbers.Split(' ').Select(number => Address(ushort.Parse(number, CultureInfo.InvariantCulture)));

    private static (int Matching, int Total) Sizes(DeviceWindow window) => (window.Matching, window.Total);

    private static RegexSpec Regex(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return RegexSpec.Parse(document.RootElement)!;
    }

    private static string Spaced(string json) => json.Replace("\":\"", "\": \"");
}
