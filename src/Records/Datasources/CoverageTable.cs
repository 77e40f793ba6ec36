using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Datasources.ChannelCoverage>;
using SensorField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Datasources.CoveringSensor>;

namespace KismetOrleans.Records.Datasources;

/// <summary>Who listens to a channel (<c>kismet.coverage.*</c>, not in Kismet).</summary>
/// <param name="Group">Number of the group of sensors that hear one another; 0 for those that share their channels with nobody by the server's order.</param>
/// <param name="Sensors">Who does; none where a plan misses the channel.</param>
public sealed record ChannelCoverage(string Channel, int Group, IReadOnlyList<CoveringSensor> Sensors);

/// <summary>A sensor that listens to a channel.</summary>
/// <param name="Share">Share of its time, 0 to 1.</param>
public sealed record CoveringSensor(Guid Uuid, string Name, double Share);

/// <summary>Fields of who listens to a channel.</summary>
public static class CoverageTable
{
    /// <summary>A sensor that listens to a channel.</summary>
    public static readonly RecordTable<CoveringSensor> Sensors = new("coverage_sensor",
    [
        SensorField.Uuid("kismet.coverage.sensor.uuid", "the sensor's source", static s => s.Uuid),
        SensorField.Text("kismet.coverage.sensor.name", "its name", static s => s.Name),
        SensorField.Double("kismet.coverage.sensor.share", "share of its time that it listens to the channel", static s => s.Share),
    ]);

    /// <summary>Who listens to a channel.</summary>
    public static readonly RecordTable<ChannelCoverage> Table = new("coverage",
    [
        Field.UInt64("kismet.coverage.group", "number of the group of sensors that hear one another; 0 for those without a plan of the server", static c => (ulong)c.Group),
        Field.Text("kismet.coverage.channel", "the channel", static c => c.Channel),
        Field.Double("kismet.coverage.share", "the sensors' shares of time together: 1 is one sensor all the time, 0 a channel that is missed", static c => c.Sensors.Sum(static s => s.Share)),
        Field.List("kismet.coverage.sensors", "who listens to it", static c => c.Sensors, Sensors),
    ]);
}
