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

    [Theory]
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
