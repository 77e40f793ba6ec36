using System.Runtime.InteropServices;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Channels;

/// <summary>What a batch of packets adds to one frequency, or to one channel.</summary>
/// <param name="Khz">Frequency; 0 for a channel's.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.FrequencyUse")]
public record struct FrequencyUse([property: Id(0)] uint Khz)
{
    /// <summary>Channel as its source named it; null for a frequency's.</summary>
    [Id(1)] public string? Channel;

    [Id(2)] public int Packets;

    /// <summary>Payload bytes of data frames.</summary>
    [Id(3)] public long DataBytes;

    /// <summary>Newest signal in dBm; 0 when none was reported.</summary>
    [Id(4)] public short Last;

    /// <summary>Weakest signal.</summary>
    [Id(5)] public short Min;

    /// <summary>Strongest signal.</summary>
    [Id(6)] public short Max;

    /// <summary>Newest noise in dBm; 0 when none was reported.</summary>
    [Id(7)] public short LastNoise;

    /// <summary>Weakest noise.</summary>
    [Id(8)] public short MinNoise;

    /// <summary>Strongest noise.</summary>
    [Id(9)] public short MaxNoise;

    /// <summary>Unit of the signal values.</summary>
    [Id(10)] public SignalKind Kind;
}

/// <summary>Use of frequencies and channels. Not thread-safe: it stands behind a queue.</summary>
public sealed class ChannelUsage
{
    // A hostile capture can name any frequency; a real one knows some hundreds.
    private const int MaxFrequencies = 4096;
    private readonly SortedDictionary<uint, ChannelRecord> _frequencies = [];
    private readonly SortedDictionary<string, ChannelRecord> _channels = new(StringComparer.Ordinal);

    /// <summary>Takes a batch's use in.</summary>
    /// <param name="clock">Unix second of the server.</param>
    internal void Add(IReadOnlyList<FrequencyUse> uses, uint clock)
    {
        foreach (FrequencyUse use in uses)
        {
            ChannelRecord? record = use.Channel is { } channel
                ? Find(_channels, channel, static name => new() { Channel = name })
                : Find(_frequencies, use.Khz, static khz => new() { FrequencyKhz = khz });
            if (record is null)
            {
                continue;
            }
            record.PacketsRrd.Add(clock, use.Packets);
            record.DataRrd.Add(clock, use.DataBytes);
            AddSignal(record.Signal ??= new(), use);
        }
    }

    /// <summary>Takes in what was saved; before anything else.</summary>
    public void Restore(ChannelMap saved)
    {
        foreach (ChannelRecord record in saved.Frequencies)
        {
            _frequencies[record.FrequencyKhz] = record;
        }
        foreach (ChannelRecord record in saved.Channels)
        {
            _channels[record.Channel] = record;
        }
    }

    /// <summary>The use as it stands; copies, safe to read elsewhere.</summary>
    public ChannelMap Read() => new(
        [.. _frequencies.Values.Select(static record => record.Copy())], [.. _channels.Values.Select(static record => record.Copy())]);

    private static ChannelRecord? Find<T>(SortedDictionary<T, ChannelRecord> records, T key, Func<T, ChannelRecord> create)
        where T : notnull
    {
        if (!records.TryGetValue(key, out ChannelRecord? record) && records.Count < MaxFrequencies)
        {
            records[key] = record = create(key);
        }
        return record;
    }

    private static void AddSignal(Signal signal, in FrequencyUse use)
    {
        if (signal.Kind == SignalKind.None)
        {
            signal.Kind = use.Kind;
        }
        // The newest last, so that it stays the newest.
        signal.Hear(use.Min);
        signal.Hear(use.Max);
        signal.Hear(use.Last);
        signal.HearNoise(use.MinNoise);
        signal.HearNoise(use.MaxNoise);
        signal.HearNoise(use.LastNoise);
    }
}

/// <summary>Adds packets up by frequency while a batch is dissected; without a search in the common case of one frequency after the other.</summary>
internal sealed class FrequencyTally
{
    private readonly List<FrequencyUse> _uses = [];
    private readonly Dictionary<uint, int> _index = [];
    private uint _lastKhz;
    private int _last = -1;

    public void Count(in Observation o, long dataBytes)
    {
        if (o.FrequencyKhz == 0)
        {
            return;
        }
        if (o.FrequencyKhz != _lastKhz || _last < 0)
        {
            _lastKhz = o.FrequencyKhz;
            if (!_index.TryGetValue(_lastKhz, out _last))
            {
                _last = _uses.Count;
                _index.Add(_lastKhz, _last);
                _uses.Add(new(_lastKhz));
            }
        }
        Add(ref CollectionsMarshal.AsSpan(_uses)[_last], o, dataBytes);
    }

    internal static void Add(ref FrequencyUse use, in Observation o, long dataBytes)
    {
        use.Packets++;
        use.DataBytes += dataBytes;
        use.Kind = use.Kind == SignalKind.None ? o.SignalKind : use.Kind;
        if (o.Signal != 0)
        {
            use.Last = o.Signal;
            use.Min = use.Min == 0 ? o.Signal : Math.Min(use.Min, o.Signal);
            use.Max = use.Max == 0 ? o.Signal : Math.Max(use.Max, o.Signal);
        }
        if (o.Noise != 0)
        {
            use.LastNoise = o.Noise;
            use.MinNoise = use.MinNoise == 0 ? o.Noise : Math.Min(use.MinNoise, o.Noise);
            use.MaxNoise = use.MaxNoise == 0 ? o.Noise : Math.Max(use.MaxNoise, o.Noise);
        }
    }

    /// <summary>Takes what was counted since the last call.</summary>
    public FrequencyUse[] Take()
    {
        FrequencyUse[] uses = [.. _uses];
        _uses.Clear();
        _index.Clear();
        _last = -1;
        return uses;
    }
}
