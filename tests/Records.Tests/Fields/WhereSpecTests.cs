using System.Diagnostics;
using System.Text.Json;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Tests.Fields;

/// <summary>Conditions of a request: each operator on each kind of value, through lists and maps, and what is no condition is refused with its place.</summary>
public class WhereSpecTests
{
    private const string Packets = "kismet.device.base.packets.total";
    private const string Ssid = "dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid";
    private const string Signal = "kismet.device.base.signal/kismet.common.signal.last_signal";
    private const string Frequencies = "kismet.device.base.seenby/kismet.common.seenby.freq_khz_map";

    [Theory]
    [InlineData(Packets, "=", "54", true)]
    [InlineData(Packets, "=", "54.5", false)]
    [InlineData(Packets, "!=", "54", false)]
    [InlineData(Packets, "!=", "55", true)]
    [InlineData(Packets, "<", "54", false)]
    [InlineData(Packets, "<", "54.1", true)]
    [InlineData(Packets, "<=", "54", true)]
    [InlineData(Packets, "<=", "53", false)]
    [InlineData(Packets, ">", "53", true)]
    [InlineData(Packets, ">", "54", false)]
    [InlineData(Packets, ">=", "54", true)]
    [InlineData(Packets, ">=", "5.5e1", false)]
    [InlineData(Packets, "=", "\"54\"", false)]
    [InlineData(Packets, "contains", "\"54\"", false)]
    [InlineData(Packets, "~", "\"54\"", false)]
    [InlineData(Packets, "has", "true", true)]
    [InlineData(Signal, "<", "-80", true)]
    [InlineData(Signal, ">", "-82", false)]
    [InlineData("kismet.device.base.type", "=", "\"wi-fi ap\"", true)]
    [InlineData("kismet.device.base.type", "=", "\"wi-fi\"", false)]
    [InlineData("kismet.device.base.type", "!=", "\"WI-FI AP\"", false)]
    [InlineData("kismet.device.base.type", "contains", "\"FI a\"", true)]
    [InlineData("kismet.device.base.type", "contains", "\"\"", true)]
    [InlineData("kismet.device.base.type", "~", "\"^Wi-Fi\"", true)]
    [InlineData("kismet.device.base.type", "~", "\"^wi-fi\"", false)]
    [InlineData("kismet.device.base.channel", "=", "6", false)]
    [InlineData("kismet.device.base.channel", "=", "\"6\"", true)]
    [InlineData("kismet.device.base.macaddr", "=", "\"aa:bb:cc:dd:ee:01\"", true)]
    [InlineData("kismet.device.base.macaddr", "contains", "\"cc:dd\"", true)]
    [InlineData("kismet.device.base.macaddr", "!=", "\"AA:BB:CC:DD:EE:02\"", true)]
    [InlineData("kismet.device.base.key", "contains", "\"_1eeddccbbaa\"", true)]
    [InlineData("kismet.device.base.seenby/kismet.common.seenby.uuid", "=", "\"4e1d07c3-0000-0000-0000-00006dae08c7\"", true)]
    [InlineData("kismet.device.base.seenby/kismet.common.seenby.source/kismet.datasource.name", "=", "\"ROOF\"", true)]
    [InlineData("kismet.device.base.seenby/kismet.common.seenby.num_packets", ">", "143", true)]
    [InlineData("kismet.device.base.seenby/kismet.common.seenby.num_packets", ">", "144", false)]
    [InlineData("dot11.device/dot11.device.supported_channels", "=", "11", true)]
    [InlineData("dot11.device/dot11.device.supported_channels", "=", "6", false)]
    [InlineData("dot11.device/dot11.device.supported_channels", "!=", "11", false)]
    [InlineData("dot11.device/dot11.device.extended_capabilities", "contains", "\"bss\"", true)]
    [InlineData(Ssid, "contains", "\"CAFÉ\"", true)]
    [InlineData(Ssid, "!=", "\"other\"", true)]
    [InlineData("dot11.device/dot11.device.client_map/dot11.client.dhcp_host", "=", "\"Printer-7\"", true)]
    [InlineData("dot11.device/dot11.device.client_map/E8:DE:27:F3:FE:39/dot11.client.dhcp_host", "has", "true", true)]
    [InlineData("dot11.device/dot11.device.client_map/00:DE:27:F3:FE:39/dot11.client.dhcp_host", "has", "true", false)]
    [InlineData("dot11.device/dot11.device.client_map/00:DE:27:F3:FE:39/dot11.client.dhcp_host", "!=", "\"x\"", true)]
    [InlineData("kismet.device.base.tags/room", "=", "\"a.1\"", true)]
    [InlineData("kismet.device.base.tags/room", "has", "true", true)]
    [InlineData("kismet.device.base.tags/roof", "has", "true", false)]
    [InlineData("kismet.device.base.tags/roof", "has", "false", true)]
    [InlineData("bluetooth.device", "has", "true", false)]
    [InlineData("bluetooth.device", "has", "false", true)]
    [InlineData("uav.device/uav.manufacturer", "has", "true", false)]
    [InlineData("dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid", "has", "true", true)]
    [InlineData("dot11.device/dot11.device.probed_ssid_map/dot11.probedssid.ssid", "has", "true", false)]
    [InlineData("kismet.device.base.signal", "has", "true", true)]
    public void Each_operator_on_each_kind_of_value(string path, string op, string value, bool expected) =>
        Assert.Equal(expected, Holds(Samples.AccessPoint(), (path, op, value)));

    [Theory]
    [InlineData(Frequencies + "/2437000", "has", "true", true)]
    [InlineData(Frequencies + "/2412000", "has", "true", false)]
    [InlineData(Frequencies + "/2437000", ">=", "144", true)]
    [InlineData(Frequencies + "/2412000", "<", "1", false)]
    [InlineData(Frequencies, "between", "[144,144]", true)]
    [InlineData(Frequencies, "between", "[145,1e9]", false)]
    [InlineData(Frequencies, "between", "[0,143.5]", false)]
    [InlineData("bluetooth.device/bluetooth.device.scan_data_bytes", "=", "\"01ab\"", true)]
    [InlineData("bluetooth.device/bluetooth.device.scan_data_bytes", "=", "\"01a\"", false)]
    [InlineData("bluetooth.device/bluetooth.device.scan_data_bytes", "contains", "\"1A\"", true)]
    [InlineData("bluetooth.device/bluetooth.device.scan_data_bytes", "~", "\"^\\\\x01\"", true)]
    [InlineData("dot11.device/dot11.device.probed_ssid_map/dot11.probedssid.ssid", "=", "\"HOME\"", true)]
    public void What_only_some_devices_have(string path, string op, string value, bool expected) =>
        Assert.Equal(expected, Holds(Samples.Full(), (path, op, value)));

    [Fact]
    public void Flags_are_numbers_and_truths()
    {
        const string beacons = "dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.beacon";
        foreach (string yes in (string[])["true", "1"])
        {
            Assert.True(Holds(Samples.AccessPoint(), (beacons, "=", yes)));
            Assert.False(Holds(Samples.AccessPoint(), (beacons, "!=", yes)));
        }
        Assert.False(Holds(Samples.AccessPoint(), (beacons, "=", "false")));
    }

    [Fact]
    public void All_must_hold()
    {
        Assert.True(Holds(Samples.AccessPoint(), (Packets, ">", "1"), (Ssid, "~", "\"caf\""), ("kismet.device.base.type", "=", "\"Wi-Fi AP\"")));
        Assert.False(Holds(Samples.AccessPoint(), (Packets, ">", "1"), (Ssid, "~", "\"caf\""), ("kismet.device.base.type", "=", "\"Wi-Fi\"")));
        Assert.False(Holds(Samples.AccessPoint(), (Ssid, "~", "\"nowhere\""), (Packets, ">", "1")));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    public void No_conditions(string json) => Assert.Null(Parse(json));

    [Theory]
    [InlineData("{}", "where: expected an array")]
    [InlineData("[1]", "where[0]: expected [field, operator, value]")]
    [InlineData("[[\"kismet.device.base.name\",\"=\",\"b\"],[\"kismet.device.base.name\",\"=\"]]", "where[1]: expected [field, operator, value]")]
    [InlineData("[[\"kismet.device.base.name\",1,\"b\"]]", "where[0]: expected [field, operator, value]")]
    [InlineData("[[\"\",\"=\",\"b\"]]", "where[0]: expected a path of up to 16 names, 1024 characters")]
    [InlineData("[[\"no.such.field\",\"=\",\"b\"]]", "where[0]: there is no field 'no.such.field'")]
    [InlineData("[[\"dot11.device/dot11.device.nothing\",\"has\",true]]", "where[0]: there is no field 'dot11.device/dot11.device.nothing'")]
    [InlineData("[[\"kismet.device.base.name\",\"==\",\"b\"]]", "where[0]: expected =, !=, <, <=, >, >=, between, contains, ~ or has, got '=='")]
    [InlineData("[[\"kismet.device.base.name\",\"=\",null]]", "where[0]: expected a number, a text, true or false")]
    [InlineData("[[\"kismet.device.base.name\",\"<\",\"b\"]]", "where[0]: expected a number")]
    [InlineData("[[\"kismet.device.base.name\",\">\",1e999]]", "where[0]: expected a number")]
    [InlineData("[[\"kismet.device.base.name\",\"between\",5]]", "where[0]: expected an array of two numbers")]
    [InlineData("[[\"kismet.device.base.name\",\"between\",[1]]]", "where[0]: expected an array of two numbers")]
    [InlineData("[[\"kismet.device.base.name\",\"between\",[1,\"2\"]]]", "where[0]: expected a number")]
    [InlineData("[[\"kismet.device.base.name\",\"between\",[2,1]]]", "where[0]: expected the smaller number first")]
    [InlineData("[[\"kismet.device.base.name\",\"contains\",5]]", "where[0]: expected a text")]
    [InlineData("[[\"kismet.device.base.name\",\"~\",true]]", "where[0]: expected a text")]
    [InlineData("[[\"kismet.device.base.name\",\"has\",1]]", "where[0]: expected true or false")]
    [InlineData("[[\"kismet.device.base.name\",\"=\",\"\\ud800\"]]", "where[0]: not valid Unicode")]
    [InlineData("[[\"kismet.device.base.name\",\"~\",\"[[:^alpha:]]\"]]", "where[0]: unknown or negated class [:^alpha:]")]
    public void What_is_no_condition_is_refused(string json, string message) =>
        Assert.Equal(message, Assert.Throws<CommandException>(() => Parse(json)).Message);

    [Fact]
    public void Bounds()
    {
        Assert.NotNull(Parse(Json([.. Enumerable.Repeat((Packets, "=", "1"), 64)])));
        Assert.Throws<CommandException>(() => Parse(Json([.. Enumerable.Repeat((Packets, "=", "1"), 65)])));
        Assert.NotNull(Parse(Json((Ssid, "=", $"\"{new string('b', 1024)}\""))));
        Assert.Throws<CommandException>(() => Parse(Json((Ssid, "=", $"\"{new string('b', 1025)}\""))));
        Assert.Throws<CommandException>(() => Parse(Json((new string('a', 1025), "=", "1"))));
    }

    [Fact]
    public void Patterns_share_one_time_and_are_refused_when_it_is_spent()
    {
        Device device = Samples.Bare();
        device.Name = new string('a', 60) + "b";
        WhereSpec spec = Parse(Json(("kismet.device.base.name", "has", "true"), ("kismet.device.base.name", "~", "\"^(a+)+$(?<=x)\"")))!;
        string Refusal(WhereSpec tested) => Assert.Throws<CommandException>(() =>
        {
            RecordConditions<Device> conditions = DeviceTable.Table.Conditions(tested);
            for (int i = 0; i < 100; i++)
            {
                Assert.False(conditions.Hold(device, Samples.Context()));
            }
        }).Message;
        Assert.Equal("where[1]: takes too long", Refusal(spec));
        // Renewed, it has all of its time again.
        Stopwatch clock = Stopwatch.StartNew();
        Assert.Equal("where[1]: takes too long", Refusal(spec.Renew()));
        Assert.True(clock.Elapsed > TimeSpan.FromMilliseconds(400), $"{clock.Elapsed}");
    }

    private static bool Holds(Device device, params (string, string, string)[] conditions) =>
        DeviceTable.Table.Conditions(Parse(Json(conditions))!).Hold(device, Samples.Context());

    private static string Json(params (string Path, string Op, string Value)[] conditions) =>
        $"[{string.Join(',', conditions.Select(static c => $"[{JsonSerializer.Serialize(c.Path)},\"{c.Op}\",{c.Value}]"))}]";

    private static WhereSpec? Parse(string json) => WhereSpec.Parse(Samples.Parse(json), DeviceTable.Table);
}
