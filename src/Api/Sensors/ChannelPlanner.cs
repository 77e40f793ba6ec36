using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Server;
using KismetOrleans.Grains;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Api.Sensors;

/// <summary>
/// Tells sensors that leave it to the server (<c>plan=auto</c>) where to listen. Each API server does, and all come to the same; an order is given where a sensor does otherwise, after looking anew at who hears whom.
/// </summary>
internal sealed partial class ChannelPlanner(IBackend backend, ILogger<ChannelPlanner> logger) : PeriodicService(TimeSpan.FromSeconds(2), backend.Clock)
{
    // Sensors at most: what they hear in common is a number for each two of them.
    private const int MaxSensors = 512;

    // Sensors that share channels hear less in common, so what was heard before counts, too; those that were moved are learnt anew after it.
    private static readonly TimeSpan s_heardWithin = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMinutes(1);

    // What a sensor refuses it refuses again.
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(1);
    private readonly Dictionary<Guid, (IReadOnlyList<string> Channels, long At)> _refused = [];
    private volatile IReadOnlyList<ChannelShare> _shares = [];
    private long _looked;

    /// <summary>Who listens to which channel, as the sources' records say it; channels of plans that nobody listens to are among them.</summary>
    public IReadOnlyList<ChannelCoverage> Coverage()
    {
        Dictionary<Guid, int> groups = _shares.ToDictionary(static share => share.Sensor.Uuid, static share => share.Group);
        SortedDictionary<(int Group, int Order, string Channel), List<CoveringSensor>> all = [];
        foreach (ChannelShare share in _shares)
        {
            foreach (string channel in share.Sensor.Channels)
            {
                _ = SensorsOf(share.Group, channel);
            }
        }
        foreach (DatasourceRecord record in backend.Sources.All)
        {
            if (!record.IsTunable)
            {
                continue;
            }
            IReadOnlyList<string> channels = ChannelsOf(record);
            foreach (string channel in channels)
            {
                SensorsOf(groups.GetValueOrDefault(record.Uuid), channel).Add(new(record.Uuid, record.Name, 1.0 / channels.Count));
            }
        }
        return [.. all.Select(static one => new ChannelCoverage(one.Key.Channel, one.Key.Group, one.Value))];

        List<CoveringSensor> SensorsOf(int group, string channel)
        {
            int digits = channel.AsSpan().IndexOfAnyExceptInRange('0', '9');
            (int, int, string) key = (group, int.TryParse(digits < 0 ? channel : channel.AsSpan(0, digits), out int number) ? number : 0, channel);
            if (!all.TryGetValue(key, out List<CoveringSensor>? sensors))
            {
                all.Add(key, sensors = []);
            }
            return sensors;
        }
    }

    protected override async Task DoAsync()
    {
        PlannedSensor[] planned = [.. backend.Sources.All.Select(PlannedSensor.Of).OfType<PlannedSensor>().OrderBy(static one => one.Uuid).Take(MaxSensors)];
        bool isSame = planned.Length == _shares.Count && planned.All(one => _shares.Any(share => IsSame(share.Sensor, one)));
        if (planned.Length > 0 && isSame && Clock.GetElapsedTime(_looked) < s_lookEvery && !_shares.Any(IsDue))
        {
            return;
        }
        _shares = planned.Length == 0 ? [] : ChannelLayout.Lay(planned, await HearingAsync(planned));
        _looked = Clock.GetTimestamp();
        await Task.WhenAll(_shares.Where(IsDue).Select(OrderAsync));
        foreach (Guid gone in _refused.Keys.Except(_shares.Select(static share => share.Sensor.Uuid)).ToArray())
        {
            _ = _refused.Remove(gone);
        }
    }

    protected override void LogFault(Exception e) => NotPlanned(logger, e);

    private async Task<HearingShare> HearingAsync(PlannedSensor[] planned)
    {
        if (planned.Length == 1)
        {
            return new([0]);
        }
        uint since = (uint)(Clock.GetUtcNow() - s_heardWithin).ToUnixTimeSeconds();
        HearingQuery query = new([.. planned.Select(static one => one.Number)], since);
        return HearingShare.Sum(await Task.WhenAll(backend.Partitions.Select(partition => partition.HearingAsync(query).AsTask())));
    }

    private bool IsDue(ChannelShare share)
    {
        if (backend.Sources.Find(share.Sensor.Uuid) is not { } record || PlannedSensor.Of(record) is null)
        {
            return false;
        }
        if (_refused.TryGetValue(record.Uuid, out (IReadOnlyList<string> Channels, long At) refused) && refused.Channels.SequenceEqual(share.Channels) && Clock.GetElapsedTime(refused.At) < s_again)
        {
            return false;
        }
        // One that shall hop over one channel stays on it.
        return record.Hopping != share.Channels.Count > 1 || !ChannelsOf(record).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(share.Channels);
    }

    private async Task OrderAsync(ChannelShare share)
    {
        DatasourceRecord? record = backend.Sources.Find(share.Sensor.Uuid);
        SensorOrder order = share.Channels.Count == 1 ? new() { Command = SensorCommand.SetChannel, Channel = share.Channels[0] } : new() { Command = SensorCommand.SetHop, Channels = share.Channels };
        string? error = record is null ? null : await backend.Control.OrderAsync(record, order);
        lock (_refused)
        {
            if (error is null)
            {
                _ = _refused.Remove(share.Sensor.Uuid);
            }
            else
            {
                _refused[share.Sensor.Uuid] = (share.Channels, Clock.GetTimestamp());
            }
        }
        if (error is null)
        {
            Planned(logger, record?.Name ?? "", string.Join(", ", share.Channels));
        }
        else
        {
            Refused(logger, record!.Name, string.Join(", ", share.Channels), error);
        }
    }

    private static bool IsSame(PlannedSensor one, PlannedSensor other) => one.Uuid == other.Uuid && one.Number == other.Number && one.Channels.SequenceEqual(other.Channels);

    private static IReadOnlyList<string> ChannelsOf(DatasourceRecord record) => record.Hopping ? record.HopChannels : record.Channel.Length > 0 ? [record.Channel] : [];

    [LoggerMessage(1, LogLevel.Information, "Sensor {name} listens to {channels}, by the channel plan")]
    private static partial void Planned(ILogger logger, string name, string channels);

    [LoggerMessage(2, LogLevel.Warning, "Sensor {name} does not listen to {channels}, as the channel plan has it: {reason}")]
    private static partial void Refused(ILogger logger, string name, string channels, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Channels are not laid out over sensors")]
    private static partial void NotPlanned(ILogger logger, Exception e);
}
