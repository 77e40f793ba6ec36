using System.Diagnostics;
using System.Text.Json;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Tests.Fields;

/// <summary>Regular expressions find text anywhere in a multifield, as PCRE would, and no pattern can stop the server.</summary>
public class RegexSpecTests
{
    private const string Ssid = "dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid";

    [Theory]
    [InlineData("kismet.device.base.type", "Fi", true)]
    [InlineData("kismet.device.base.type", "fi", false)]
    [InlineData("kismet.device.base.type", "(?i)fi", true)]
    [InlineData("kismet.device.base.type", "^Wi-Fi AP$", true)]
    [InlineData("kismet.device.base.type", "^AP", false)]
    [InlineData("kismet.device.base.macaddr", "^AA:BB:", true)]
    [InlineData("kismet.device.base.key", "_1EEDDCCBBAA$", true)]
    [InlineData("kismet.device.base.name", "^café", true)]
    [InlineData("kismet.device.base.packets.total", "54", false)]
    [InlineData("kismet.device.base.username", ".*", false)]
    [InlineData("no.such.field", ".*", false)]
    [InlineData("kismet.device.base.signal", ".*", false)]
    [InlineData(Ssid, "\"1\"$", true)]
    [InlineData("dot11.device/dot11.device.extended_capabilities", "^BSS", true)]
    [InlineData("dot11.device/dot11.device.supported_channels", "1", false)]
    [InlineData("dot11.device/dot11.device.client_map/dot11.client.dhcp_host", "printer-[0-9]", true)]
    [InlineData("dot11.device/dot11.device.client_map/E8:DE:27:F3:FE:39/dot11.client.dhcp_host", "printer", true)]
    [InlineData("dot11.device/dot11.device.client_map/00:DE:27:F3:FE:39/dot11.client.dhcp_host", "printer", false)]
    [InlineData("dot11.device/dot11.device.associated_client_map", "_8C8B76849F56$", true)]
    [InlineData("kismet.device.base.tags", "^A\\.1$", true)]
    [InlineData("kismet.device.base.tags/room", "^A\\.1$", true)]
    [InlineData("kismet.device.base.tags/roof", ".*", false)]
    [InlineData("kismet.device.base.seenby/kismet.common.seenby.uuid", "^4E1D07C3-", true)]
    [InlineData("kismet.device.base.seenby/kismet.common.seenby.source/kismet.datasource.name", "roof", true)]
    [InlineData("kismet.device.base.seenby/kismet.common.seenby.source/kismet.datasource.channels", "^6$", true)]
    [InlineData("kismet.server.uuid", "^C62213E6", true)]
    public void A_multifield_opens_lists_and_maps(string multifield, string pattern, bool expected) =>
        Assert.Equal(expected, Matches((multifield, pattern)));

    [Fact]
    public void Bytes_are_matched_raw()
    {
        Device device = Samples.Full();
        Assert.True(Matches(device, ("bluetooth.device/bluetooth.device.scan_data_bytes", "^\\x01\\xAB$")));
        Assert.False(Matches(device, ("bluetooth.device/bluetooth.device.scan_data_bytes", "01AB")));
        Assert.True(Matches(device, ("bluetooth.device/bluetooth.device.service_data_bytes", "^d$")));
    }

    [Fact]
    public void Handshakes_open_twice() => Assert.True(
        Matches(Samples.Full(), ("dot11.device/dot11.device.wpa_handshake_list/dot11.eapol.nonce", "^\\x00{32}$")));

    [Fact]
    public void Any_pattern_suffices()
    {
        Assert.True(Matches((Ssid, "nowhere"), (Ssid, "caf")));
        Assert.False(Matches((Ssid, "nowhere"), (Ssid, "neither")));
    }

    [Theory]
    [InlineData("[[:upper:]]afé", "Café", true)]
    [InlineData("[[:upper:]]afé", "café", false)]
    [InlineData("^[[:alpha:]_]+$", "ab_", true)]
    [InlineData("^[[:alpha:]_]+$", ":a", false)]
    [InlineData("^[^[:digit:]]+$", "abc", true)]
    [InlineData("^[^[:digit:]]+$", "a1c", false)]
    [InlineData("^[[:punct:]]+$", "!]\\[-^~", true)]
    [InlineData("^\\Qa.b*[\\E+$", "a.b*[[[", true)]
    [InlineData("^\\Qa.b", "aXb", false)]
    [InlineData("^[\\Q]-^\\E]+$", "]-^", true)]
    [InlineData("^(?P<x>a|b)(?P=x)$", "bb", true)]
    [InlineData("^(?P<x>a|b)(?P=x)$", "ab", false)]
    [InlineData("^a\\hb$", "a\tb", true)]
    [InlineData("^[\\h]$", " ", true)]
    [InlineData("^\\x{e9}$", "é", true)]
    [InlineData("^[]a]+$", "a]", true)]
    [InlineData("^[^]a]+$", "b", true)]
    [InlineData("^[a-z-[aeiou]]$", "a]", true)]
    [InlineData("^a\\Rb$", "a\r\nb", true)]
    [InlineData("(?<=x)y", "xy", true)]
    [InlineData("^(?!x)", "xy", false)]
    [InlineData("(a)\\1", "aa", true)]
    [InlineData("^a++b", "aaab", true)]
    [InlineData("^a++ab", "aaab", false)]
    [InlineData("^(?:ab|c)*+c$", "abcc", false)]
    [InlineData("^[a-c]{2,3}+x$", "abcx", true)]
    [InlineData("^x?+x$", "x", false)]
    [InlineData("^\\d++$", "123", true)]
    [InlineData("^(?P<x>a)(?P=x)++$", "aaa", true)]
    [InlineData("^a+?b{,2}$", "ab{,2}", true)]
    [InlineData("^(?|(a)|(b))c$", "bc", true)]
    [InlineData("^(?|a|(?:b))++$", "abab", true)]
    [InlineData("(*UTF8)(*UCP)^é$", "é", true)]
    [InlineData("^foo\\Kbar$", "foobar", true)]
    [InlineData("^foo\\Kbar$", "foo", false)]
    public void PCRE_syntax_is_understood(string pattern, string name, bool expected)
    {
        Device device = Samples.Bare();
        device.Name = name;
        Assert.Equal(expected, Matches(device, ("kismet.device.base.name", pattern)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    public void No_filter(string json) => Assert.Null(RegexSpec.Parse(Samples.Parse(json)));

    [Theory]
    [InlineData("{}", "Invalid regex: expected an array")]
    [InlineData("[\"a\"]", "Invalid regex: regex[0]: expected [field, pattern]")]
    [InlineData("[[\"a\", \"b\"], [\"a\"]]", "Invalid regex: regex[1]: expected [field, pattern]")]
    [InlineData("[[\"a\", 1]]", "Invalid regex: regex[0]: expected [field, pattern]")]
    [InlineData("[[\"\", \"b\"]]", "Invalid regex: regex[0]: expected a path of up to 16 names, 1024 characters")]
    [InlineData("[[\"a\", \"\\ud800\"]]", "Invalid regex: regex[0]: not valid Unicode")]
    [InlineData("[[\"a\", \"[[:^alpha:]]\"]]", "Invalid regex: regex[0]: unknown or negated class [:^alpha:]")]
    public void A_filter_that_is_not_understood_is_refused(string json, string message) =>
        Assert.Equal(message, Assert.Throws<CommandException>(() => RegexSpec.Parse(Samples.Parse(json))).Message);

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("*")]
    [InlineData("\\")]
    [InlineData("*+")]
    [InlineData("(?|(a)|(b))\\1")]
    [InlineData("a(*UTF8)")]
    [InlineData("(*CRLF)a")]
    [InlineData("(*ACCEPT)")]
    [InlineData("(?R)")]
    [InlineData("\\x{110000}")]
    [InlineData("(?P>x)")]
    public void A_pattern_that_is_invalid_is_refused(string pattern) => Assert.StartsWith(
        "Invalid regex: regex[0]: ", Assert.Throws<CommandException>(() => Spec(("kismet.device.base.name", pattern))).Message);

    [Fact]
    public void Bounds()
    {
        Assert.NotNull(Spec([.. Enumerable.Repeat(("a", "b"), 64)]));
        Assert.Throws<CommandException>(() => Spec([.. Enumerable.Repeat(("a", "b"), 65)]));
        Assert.NotNull(Spec(("a", new string('b', 1024))));
        Assert.Throws<CommandException>(() => Spec(("a", new string('b', 1025))));
        Assert.Throws<CommandException>(() => Spec((new string('a', 1025), "b")));
    }

    [Fact]
    public void Nested_repetition_costs_no_time()
    {
        Device device = Samples.Bare();
        device.Name = new string('a', 5000) + "b";
        RecordMatcher<Device> matcher = DeviceTable.Table.Matcher(Spec(("kismet.device.base.name", "^(a+)+$")));
        Stopwatch clock = Stopwatch.StartNew();
        Assert.False(matcher.Matches(device, Samples.Context()));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
    }

    [Fact]
    public void A_list_may_be_as_long_as_it_likes_for_a_pattern_that_costs_little_a_text()
    {
        Device device = Samples.Bare();
        device.Name = "a name of some length, and with nothing in it that is looked for";
        RecordMatcher<Device> matcher = DeviceTable.Table.Matcher(Spec(("kismet.device.base.name", "^zz"), ("kismet.device.base.name", "^AA:BB")));
        for (int i = 0; i < 2_000_000; i++)
        {
            Assert.False(matcher.Matches(device, Samples.Context()));
        }
    }

    [Fact]
    public void Time_that_passes_while_others_have_the_processor_is_not_counted()
    {
        RegexBudget budget = new();
        for (int i = 0; i < 3; i++)
        {
            // Half a second of the wall is given; what follows is looked at more closely.
            (bool IsCounted, TimeSpan Since) begun = budget.Begin();
            Thread.Sleep(600);
            budget.End(begun);
            Assert.Equal(i > 0, begun.IsCounted);
            Assert.False(budget.IsSpent);
        }
        (bool IsCounted, TimeSpan Since) busy = budget.Begin();
        TimeSpan start = ThreadTime.Now;
        while (ThreadTime.Now - start < TimeSpan.FromSeconds(0.6))
        {
        }
        budget.End(busy);
        Assert.True(budget.IsSpent);
    }

    [Fact]
    public void A_backtracking_pattern_that_takes_long_is_no_match_and_then_refused()
    {
        Device device = Samples.Bare();
        device.Name = new string('a', 60) + "b";
        RecordMatcher<Device> matcher = DeviceTable.Table.Matcher(Spec(("kismet.device.base.name", "^(a+)+$(?<=x)")));
        Assert.False(matcher.Matches(device, Samples.Context()));
        // Each text may take 50 ms and all of them together half a second.
        string refusal = Assert.Throws<CommandException>(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                matcher.Matches(device, Samples.Context());
            }
        }).Message;
        Assert.Equal(
            "Invalid regex: regex[0]: takes too long",
            refusal);
    }

    [Fact]
    public void Random_patterns_are_refused_or_work()
    {
        Random random = new(5);
        string alphabet = "ab[]()*+?{}|^$.\\-:1,=<>!PQEhRNx";
        Device device = Samples.AccessPoint();
        int worked = 0;
        for (int i = 0; i < 3000; i++)
        {
            string pattern = new(random.GetItems(alphabet.AsSpan(), random.Next(1, 12)));
            try
            {
                DeviceTable.Table.Matcher(Spec(("kismet.device.base.type", pattern))).Matches(device, Samples.Context());
                worked++;
            }
            catch (CommandException)
            {
            }
        }
        Assert.InRange(worked, 300, 2700);
    }

    private static bool Matches(params (string, string)[] patterns) => Matches(Samples.AccessPoint(), patterns);

    private static bool Matches(Device device, params (string, string)[] patterns) =>
        DeviceTable.Table.Matcher(Spec(patterns)).Matches(device, Samples.Context());

    private static RegexSpec Spec(params (string Field, string Pattern)[] patterns) =>
        RegexSpec.Parse(JsonSerializer.SerializeToElement(patterns.Select(static p => new[] { p.Field, p.Pattern })))!;
}
