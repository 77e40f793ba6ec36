using System.Text.Json;
using KismetOrleans.Grains.Messages;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Channels;

/// <summary>What <see cref="TotalsGrain"/> keeps beside, once a minute.</summary>
[GenerateSerializer, Alias("KismetOrleans.TrendsState")]
public sealed class TrendsState : IStoredState
{
    /// <summary>What was seen by minute, hour and day (<see cref="Engine.Channels.Trends.ToBytes"/>).</summary>
    [Id(0)] public byte[] Trends { get; set; } = [];

    /// <summary>Use of frequencies and channels.</summary>
    [Id(1)] public StoredChannel[] Channels { get; set; } = [];

    /// <summary>Alerts until then are counted, in microseconds since 1970.</summary>
    [Id(2)] public long AlertsUntil { get; set; }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, RecordJson.Options);

    public void Read(byte[] bytes)
    {
        TrendsState read = JsonSerializer.Deserialize<TrendsState>(bytes, RecordJson.Options) ?? new();
        (Trends, Channels, AlertsUntil) = (read.Trends, read.Channels, read.AlertsUntil);
    }
}

/// <summary>Use of a frequency or channel as it is stored.</summary>
/// <param name="Khz">Frequency; 0 for a channel's.</param>
/// <param name="Channel">Channel; "" for a frequency's.</param>
/// <param name="Row">Its histories and signal, as the row of a device that has nothing else.</param>
[GenerateSerializer, Alias("KismetOrleans.StoredChannel")]
public sealed record StoredChannel([property: Id(0)] uint Khz, [property: Id(1)] string Channel, [property: Id(2)] byte[] Row)
{
    // What its histories show.
    private const uint KeepSeconds = 86_400;

    /// <summary>What is to be stored: what was used within a day.</summary>
    public static StoredChannel[] Of(ChannelMap map, uint now) =>
    [
        .. map.Frequencies.Concat(map.Channels).Where(record => record.PacketsRrd.LastTime + KeepSeconds > now).Select(static record => new StoredChannel(
            record.FrequencyKhz, record.Channel,
            StoredHistory.WriteRow(new(StoredHistory.Carrier) { PacketsRrd = record.PacketsRrd, DataRrd = record.DataRrd, Signal = record.Signal }))),
    ];

    public static ChannelMap Read(IEnumerable<StoredChannel> stored)
    {
        ILookup<bool, ChannelRecord> records = stored.Select(static channel =>
        {
            Device row = StoredHistory.ReadRow(channel.Row);
            return new ChannelRecord
            {
                FrequencyKhz = channel.Khz,
                Channel = channel.Channel,
                PacketsRrd = row.PacketsRrd ?? new(),
                DataRrd = row.DataRrd ?? new(),
                Signal = row.Signal,
            };
        }).ToLookup(static record => record.FrequencyKhz != 0);
        return new([.. records[true]], [.. records[false]]);
    }
}
