using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Filters;

/// <summary>What the filters of logs leave out.</summary>
public sealed class FilterRulesTests
{
    private static readonly MacAddress s_a = new(0x0200_0000_0001), s_b = new(0x0200_0000_0002), s_c = new(0x0200_0100_0001);

    [Fact]
    public void Nothing_is_left_out_without_entries()
    {
        FilterGate gate = new();
        Assert.False(gate.Known.IsCompleted);
        Assert.False(gate.BlocksPacket(0, s_a, s_b, s_c, s_a) || gate.BlocksDevice(0, s_a));
        Assert.Equal((0, 0), gate.TakeCounts());
    }

    [Theory]
    [InlineData(FilterBlock.Source, true, false, false, false)]
    [InlineData(FilterBlock.Destination, false, true, false, false)]
    [InlineData(FilterBlock.Network, false, false, true, false)]
    [InlineData(FilterBlock.Other, false, false, false, true)]
    [InlineData(FilterBlock.Any, true, true, true, true)]
    public void A_block_is_compared_with_its_address(FilterBlock block, params bool[] blocked)
    {
        FilterGate gate = Gate(FilterRules.SetLine(Rule(FilterOf.Packets, block, "02:00:00:00:00:01"), true));
        Assert.Equal(
            (IEnumerable<bool>)blocked,
            [gate.BlocksPacket(0, s_a, s_b, s_b, s_b), gate.BlocksPacket(0, s_b, s_a, s_b, s_b), gate.BlocksPacket(0, s_b, s_b, s_a, s_b), gate.BlocksPacket(0, s_b, s_b, s_b, s_a)]);
        // Another phy has its own entries, and devices another filter.
        Assert.False(gate.BlocksPacket(6, s_a, s_a, s_a, s_a) || gate.BlocksDevice(0, s_a));
        Assert.Equal((blocked.Count(static one => one), 0), gate.TakeCounts());
    }

    [Fact]
    public void An_address_goes_before_ranges_a_small_range_before_a_large_one_and_all_before_the_rest()
    {
        FilterGate gate = Gate(
            FilterRules.DefaultLine(FilterOf.Devices, true), Line("02:00:00:00:00:00/FF:FF:00:00:00:00", false), Line("02:00:01:00:00:00/FF:FF:FF:00:00:00", true),
            Line("02:00:01:00:00:01", false), Line("02:00:00:00:00:02", true));
        Assert.Equal(
            [false, true, false, true, true],
            new ulong[] { 0x0200_0000_0001, 0x0200_0000_0002, 0x0200_0100_0001, 0x0200_0100_0002, 0x0400_0000_0001 }.Select(address => gate.BlocksDevice(0, new(address))));
    }

    [Fact]
    public void Changes_replace_and_remove_entries_and_lines_of_a_newer_version_stay()
    {
        FilterRules rules = new FilterRules(["Weather Rain 1"]).With([Line("02:00:00:00:00:01", true), Line("02:00:00:00:00:02", true), FilterRules.DefaultLine(FilterOf.Packets, true)])!;
        rules = rules.With([Line("02-00-00-00-00-01", false), FilterRules.RemoveLine(Rule(FilterOf.Devices, FilterBlock.Any, "020000000002")), FilterRules.DefaultLine(FilterOf.Packets, false)])!;
        Assert.Equal(["Weather Rain 1", "Devices IEEE802.11 Any 02:00:00:00:00:01 0", "Packets 0"], rules.Lines);
        Assert.Equal(rules.Lines, new FilterRules(rules.Lines).Lines);
        Assert.Single(rules[FilterOf.Devices].Rules);
        Assert.Null(rules.With(Enumerable.Range(0, FilterRules.MaxCount).Select(static i => Line(new MacAddress(0x0600_0000_0000 + (ulong)i).ToString(), true))));
    }

    [Fact]
    public void All_of_a_phy_goes_after_ranges_and_is_what_names_nobody_too()
    {
        FilterGate gate = new();
        gate.Renew(FilterSettings.Read(new() { PacketFilter = ["IEEE802.11,any,*,block", "ieee802.11, source, 02:00:00:00:00:00/FF:FF:FF:00:00:00, pass"] }).Rules);
        Assert.Equal(
            [false, true, true, false],
            [gate.BlocksPacket(0, s_a, s_c, s_c, s_c), gate.BlocksPacket(0, s_c, s_a, s_a, s_a), gate.BlocksPacket(0, default, default, default, default), gate.BlocksPacket(6, s_c, s_c, s_c, s_c)]);
    }

    [Fact]
    public void Settings_are_what_the_lines_are()
    {
        FilterRules rules = FilterSettings.Read(new() { PacketFilterDefault = "Block", DeviceFilterDefault = "false", DeviceFilter = ["BTLE,*,pass", "IEEE802.11,020000000001,reject"] }).Rules;
        Assert.Equal(["Packets 1", "Devices BTLE Any * 0", "Devices IEEE802.11 Any 02:00:00:00:00:01 1"], rules.Lines);
        Assert.Equal(rules.Lines, new FilterRules(rules.Lines).Lines);
        Assert.Equal(2, new FilterRules(rules.Lines)[FilterOf.Devices].Rules.Count);
        Assert.Empty(FilterSettings.Read(new()).Rules.Lines);
    }

    [Theory]
    [InlineData("IEEE802.11,source,02:00:00:00:00:01", "it has another number of parts")]
    [InlineData("WiFi,source,02:00:00:00:00:01,block", "'WiFi' is none of IEEE802.11, ")]
    [InlineData("IEEE802.11,1,02:00:00:00:00:01,block", "'1' is none of source, ")]
    [InlineData("IEEE802.11,any,02:00:00,block", "'02:00:00' is neither an address, ")]
    [InlineData("IEEE802.11,any,*,maybe", "'maybe' is neither block nor pass")]
    public void A_setting_that_is_wrong_is_named(string entry, string error)
    {
        string said = Assert.Throws<ArgumentException>(() => new KismetOrleans.Engine.Logging.LogOptions { PacketFilter = ["BTLE,any,*,block", entry] }.Validate()).Message;
        Assert.StartsWith("Log:PacketFilter:1: expected phy,block,address,verdict: " + error, said, StringComparison.Ordinal);
        Assert.StartsWith("Log:DeviceFilterDefault: 'x'", Assert.Throws<ArgumentException>(() => FilterSettings.Read(new() { DeviceFilterDefault = "x" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_changes_to_settings_the_last_stays_and_a_removal_where_there_is_something()
    {
        FilterRules settings = new([Line("02:00:00:00:00:01", true)]);
        string removed = FilterRules.RemoveLine(Rule(FilterOf.Devices, FilterBlock.Any, "02:00:00:00:00:01"));
        List<string> changes = settings.JoinChanges([Line("02:00:00:00:00:02", true), removed, FilterRules.RemoveLine(Rule(FilterOf.Devices, FilterBlock.Any, "02:00:00:00:00:02"))]);
        Assert.Equal([removed], changes);
        Assert.Empty(settings.With(changes)!.Lines);
        Assert.Equal([Line("02:00:00:00:00:01", false)], settings.With(settings.JoinChanges(changes.Append(Line("02:00:00:00:00:01", false))))!.Lines);
    }

    [Theory]
    [InlineData("*", "*")]
    [InlineData("02:00:00:00:00:01", "02:00:00:00:00:01")]
    [InlineData("020000000001", "02:00:00:00:00:01")]
    [InlineData("02:00:00:00:00:01/ff:ff:ff:ff:ff:ff", "02:00:00:00:00:01")]
    [InlineData("02:00:00:01:02:03/FF:FF:FF:00:00:00", "02:00:00:00:00:00/FF:FF:FF:00:00:00")]
    [InlineData("02:00:00:01:02:03:04:05", "02:00:00:01:02:03:04:05")]
    [InlineData("02:00:00:00:00", null)]
    [InlineData("02:00:00:00:00:01/24", null)]
    [InlineData("02:00:00:00:00:01/00:00:00:00:00:00", null)]
    [InlineData("", null)]
    public void Addresses_and_ranges_are_listed_in_one_form(string text, string? listed)
    {
        Assert.Equal(listed is not null, FilterRule.TryParseRange(text, out MaskedAddress range));
        Assert.Equal(listed, listed is null ? null : new FilterRule(FilterOf.Packets, Phy.Dot11, FilterBlock.Any, range).Addresses);
    }

    private static FilterGate Gate(params string[] lines)
    {
        FilterGate gate = new();
        gate.Renew(new(lines));
        return gate;
    }

    private static string Line(string address, bool blocks) => FilterRules.SetLine(Rule(FilterOf.Devices, FilterBlock.Any, address), blocks);

    private static FilterRule Rule(FilterOf of, FilterBlock block, string address)
    {
        Assert.True(FilterRule.TryParseRange(address, out MaskedAddress range));
        return new(of, Phy.Dot11, block, range);
    }
}
