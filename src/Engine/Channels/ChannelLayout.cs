using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Engine.Channels;

/// <summary>A sensor whose definition leaves it to the server where it listens (<c>plan=auto</c>).</summary>
/// <param name="Kind">Kind of its driver: of another one nobody is a neighbour.</param>
/// <param name="Channels">Channels that it shall cover, alone or with others; one or more.</param>
public sealed record PlannedSensor(Guid Uuid, ushort Number, string Kind, IReadOnlyList<string> Channels)
{
    /// <summary>Reads a source's record.</summary>
    /// <returns>Null where it is not for the server to say, or the sensor is not there.</returns>
    public static PlannedSensor? Of(DatasourceRecord record)
    {
        if (!record.IsTunable || record.Channels.Count == 0 || !record.Definition.Contains("plan=", StringComparison.OrdinalIgnoreCase)
            || !SourceDefinition.TryParse(record.Definition, out SourceDefinition? definition, out _) || definition.Options.GetValueOrDefault("plan")?.ToLowerInvariant() != "auto")
        {
            return null;
        }
        string[] able = [.. definition.Channels.Where(channel => record.Channels.Contains(channel, StringComparer.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase)];
        return new(record.Uuid, record.Number, record.Driver.Type, able.Length > 0 ? able : definition.Channels.Count > 0 ? definition.Channels : record.Channels);
    }
}

/// <summary>What a sensor listens to of what its neighbours and it shall cover.</summary>
/// <param name="Group">Number of the group of sensors that hear one another, from 1.</param>
public sealed record ChannelShare(PlannedSensor Sensor, int Group, IReadOnlyList<string> Channels);

/// <summary>
/// Lays channels out over sensors that hear one another, so that each listens to few and all together to all. The same sensors that hear the same always share them in the same way, whoever asks.
/// </summary>
public static class ChannelLayout
{
    // A device that passed by makes no neighbours; nor do few of very many.
    private const int LeastInCommon = 3;
    private const int LeastShare = 10;

    /// <summary>Lays out.</summary>
    /// <param name="sensors">The sensors, by UUID.</param>
    /// <param name="hearing">What they hear in common, in their order.</param>
    public static IReadOnlyList<ChannelShare> Lay(IReadOnlyList<PlannedSensor> sensors, HearingShare hearing)
    {
        List<List<int>> groups = [];
        for (int i = 0; i < sensors.Count; i++)
        {
            // All of a group hear one another: where one of them hears what another cannot, its channels are missed there.
            if (groups.Find(group => group.TrueForAll(other => AreNeighbours(sensors, hearing, i, other))) is { } found)
            {
                found.Add(i);
            }
            else
            {
                groups.Add([i]);
            }
        }
        return [.. groups.SelectMany((group, number) => Share([.. group.Select(i => sensors[i])], number + 1))];
    }

    private static bool AreNeighbours(IReadOnlyList<PlannedSensor> sensors, HearingShare hearing, int one, int other)
    {
        int size = sensors.Count;
        int common = hearing.Counts[(one * size) + other];
        int fewer = Math.Min(hearing.Counts[(one * size) + one], hearing.Counts[(other * size) + other]);
        return sensors[one].Kind == sensors[other].Kind && common >= LeastInCommon && common * LeastShare >= fewer;
    }

    private static IEnumerable<ChannelShare> Share(PlannedSensor[] group, int number)
    {
        List<string>[] shares = [.. group.Select(static _ => new List<string>())];
        string[] all = [.. group.SelectMany(static one => one.Channels).Distinct(StringComparer.OrdinalIgnoreCase)];
        // Those that fewer can listen to first, and each goes to who has least: so neighbours among channels go to different sensors, which hear one another's.
        foreach (string channel in all.OrderBy(channel => group.Count(one => Has(one, channel))))
        {
            shares[Least(channel)].Add(channel);
        }
        for (int i = 0; i < group.Length; i++)
        {
            // More sensors than channels: a channel that the fewest listen to is heard by one more.
            if (shares[i].Count == 0)
            {
                shares[i].Add(group[i].Channels.MinBy(channel => shares.Count(share => share.Contains(channel, StringComparer.OrdinalIgnoreCase)))!);
            }
        }
        return group.Select((one, i) => new ChannelShare(one, number, shares[i]));

        int Least(string channel) => Enumerable.Range(0, group.Length).Where(i => Has(group[i], channel)).MinBy(i => shares[i].Count);
    }

    private static bool Has(PlannedSensor sensor, string channel) => sensor.Channels.Contains(channel, StringComparer.OrdinalIgnoreCase);
}
