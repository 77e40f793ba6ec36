using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Tests.Fields;

/// <summary>A search finds a text in the requested fields, in either case.</summary>
public class SearchTests
{
    [Theory]
    [InlineData("kismet.device.base.type", "wi-fi", true)]
    [InlineData("kismet.device.base.type", "FI A", true)]
    [InlineData("kismet.device.base.type", "bluetooth", false)]
    [InlineData("kismet.device.base.name", "CAFÉ", true)]
    [InlineData("kismet.device.base.macaddr", "bb:cc", true)]
    [InlineData("kismet.device.base.key", "_1eed", true)]
    [InlineData("kismet.device.base.packets.total", "54", false)]
    [InlineData("kismet.device.base.signal/kismet.common.signal.type", "DBM", true)]
    [InlineData("kismet.device.base.tags", "a.1", true)]
    [InlineData("kismet.device.base.tags/room", "a.1", true)]
    [InlineData("kismet.device.base.seenby", "roof", false)]
    [InlineData("dot11.device/dot11.device.extended_capabilities", "TRANSITION", true)]
    [InlineData("no.such.field", "a", false)]
    public void Requested_fields(string path, string term, bool expected)
    {
        FieldSelection selection = new([new("kismet.device.base.packets.data", null), new(path, "renamed")]);
        Assert.Equal(expected, DeviceTable.Table.Searcher(selection, term).Matches(Samples.AccessPoint(), Samples.Context()));
    }

    [Theory]
    [InlineData("wi-fi ap", true)]
    [InlineData("ee:01", true)]
    [InlineData("a.1", true)]
    [InlineData("roof", false)]
    [InlineData("printer", false)]
    public void Without_a_selection_the_records_own_texts(string term, bool expected) =>
        Assert.Equal(expected, DeviceTable.Table.Searcher(null, term).Matches(Samples.AccessPoint(), Samples.Context()));

    [Fact]
    public void Bytes_are_searched_in_hexadecimal()
    {
        FieldSelection selection = new([new("bluetooth.device/bluetooth.device.scan_data_bytes", null)]);
        Assert.True(DeviceTable.Table.Searcher(selection, "1aB").Matches(Samples.Full(), Samples.Context()));
        Device device = Samples.Full();
        device.Bluetooth!.ScanData = new byte[100_000];
        Assert.False(DeviceTable.Table.Searcher(selection, "1").Matches(device, Samples.Context()));
    }
}
