using System.Globalization;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.ChannelRecord>;
using MapField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.ChannelMap>;

namespace KismetOrleans.Records.Server;

/// <summary>Fields of the use of one frequency or channel.</summary>
internal static class ChannelTable
{
    /// <summary>Use of one frequency or channel.</summary>
    public static readonly RecordTable<ChannelRecord> Table = new("channelrec",
    [
        Field.Text("kismet.channelrec.channel", "channel, empty in the map by frequency", static c => c.Channel),
        Field.Whole("kismet.channelrec.frequency", "frequency in kHz, 0 in the map by channel", static c => c.FrequencyKhz),
        Field.Record("kismet.channelrec.packets_rrd", "history of packets", static c => c.PacketsRrd, RrdTable.Table),
        Field.Record("kismet.channelrec.data_rrd", "history of bytes", static c => c.DataRrd, RrdTable.Table),
        Field.Record(
            "kismet.channelrec.device_rrd", "history of active devices, a sample a minute",
            static c => c.DevicesRrd, RrdTable.Table),
        Field.Record("kismet.channelrec.signal", "signal statistics", static c => c.Signal ?? NoSignal, SignalTable.Table),
    ]);

    // Clients expect the record on every channel.
    private static readonly Signal NoSignal = new();
}

/// <summary>Fields of the use of all frequencies and channels.</summary>
public static class ChannelMapTable
{
    /// <summary>Use of all frequencies and channels.</summary>
    public static readonly RecordTable<ChannelMap> Table = new("channels",
    [
        MapField.MapByText(
            "kismet.channeltracker.frequency_map", "use by frequency in kHz",
            static m => ByFrequency(m.Frequencies), ChannelTable.Table, type: "map[double, x]"),
        MapField.MapByText("kismet.channeltracker.channel_map", "use by channel", static m => ByChannel(m.Channels), ChannelTable.Table),
    ]);

    private static IEnumerable<KeyValuePair<string, ChannelRecord>> ByFrequency(IReadOnlyList<ChannelRecord> channels) =>
        channels.Select(static c => KeyValuePair.Create(c.FrequencyKhz.ToString(CultureInfo.InvariantCulture), c));

    private static IEnumerable<KeyValuePair<string, ChannelRecord>> ByChannel(IReadOnlyList<ChannelRecord> channels) =>
        channels.Select(static c => KeyValuePair.Create(c.Channel, c));
}
