using System.Diagnostics.Metrics;
using System.Globalization;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Operations;

/// <summary>
/// What this process counts and measures, under OpenTelemetry's naming rules. Whoever does the work feeds it once per batch, save or
/// change, never per packet; without a listener an instrument costs one test of a field. docs/operations.md says what each is good for.
/// </summary>
public static class Meters
{
    public const string Name = "KismetOrleans";

    private static readonly Meter s_meter = new(Name);
    private static readonly KeyValuePair<string, object?>[] s_phys = [.. Phy.All.Select(static phy => Tag("phy", phy.Name))];
    private static readonly KeyValuePair<string, object?>[] s_anomalies =
        [.. Enumerable.Range(0, 64).Select(static bit => Tag("anomaly", ((Anomalies)(1UL << bit)).ToString()))];
    private static readonly KeyValuePair<string, object?>[] s_reasons = Tags<DropReason>("reason");
    private static readonly KeyValuePair<string, object?>[] s_outcomes = Tags<BatchResult>("outcome");

    private static readonly Counter<long> s_packets =
        s_meter.CreateCounter<long>("kismet.packets", "{packet}", "Packets accepted from sources, by phy.");
    private static readonly Counter<long> s_packetErrors =
        s_meter.CreateCounter<long>("kismet.packets.errors", "{packet}", "Packets that could not be read or failed their check.");
    private static readonly Counter<long> s_anomalyCount =
        s_meter.CreateCounter<long>("kismet.anomalies", "{packet}", "Packets with something wrong in them, by name of the anomaly.");
    private static readonly Counter<long> s_drops =
        s_meter.CreateCounter<long>("kismet.drops", "{packet}", "Packets lost on the way, by where.");
    private static readonly Counter<long> s_batches =
        s_meter.CreateCounter<long>("kismet.batches", "{batch}", "Observation batches that reached a partition, by what became of them.");

    /// <summary>Frames that were seen before, by another source or the same.</summary>
    internal static readonly Counter<long> Duplicates =
        s_meter.CreateCounter<long>("kismet.duplicates", "{packet}", "Frames that were seen before.");

    /// <summary>Scan reports applied (entries, not posts).</summary>
    internal static readonly Counter<long> ScanReports =
        s_meter.CreateCounter<long>("kismet.scan.reports", "{report}", "Scan reports accepted, counted by entry.");

    /// <summary>Posts of scan reports that their sender had sent before.</summary>
    internal static readonly Counter<long> ScanRepetitions =
        s_meter.CreateCounter<long>("kismet.scan.repetitions", "{post}", "Posts of scan reports that this server knew by their report_id.");

    /// <summary>Sensors that showed a join token of no use.</summary>
    public static readonly Counter<long> JoinsRefused =
        s_meter.CreateCounter<long>("kismet.joins.refused", "{request}", "Sensors that showed a join token that is unknown, spent or expired.");

    /// <summary>Requests refused because their key's limit was reached.</summary>
    public static readonly Counter<long> Throttled =
        s_meter.CreateCounter<long>("kismet.ingest.throttled", "{request}", "Requests refused with 429.");

    private static readonly KeyValuePair<string, object?>[] s_losses = Tags<EventLoss>("where");
    private static readonly KeyValuePair<string, object?>[] s_topics =
        [.. Enumerable.Range(0, 32).Select(static bit => Tag("topic", ((EventTopics)(1U << bit)).ToString().ToLowerInvariant()))];
    private static readonly Counter<long> s_events =
        s_meter.CreateCounter<long>("kismet.events", "{event}", "Live events written for clients, by topic.");
    private static readonly Counter<long> s_eventsLost =
        s_meter.CreateCounter<long>("kismet.events.lost", "{event}", "Live events that found no room, by where.");

    /// <summary>What websockets sent that could not be used.</summary>
    public static readonly Counter<long> SocketInputIgnored =
        s_meter.CreateCounter<long>("kismet.websockets.ignored", "{message}", "Messages of websocket clients that could not be used.");

    /// <summary>Messages of edge agents that this version does not know.</summary>
    public static readonly Counter<long> SensorMessagesIgnored =
        s_meter.CreateCounter<long>("kismet.sensors.ignored", "{message}", "Messages of edge agents of a type that this version does not know.");

    /// <summary>Reports in JSON that could not be read, or tell of no device.</summary>
    public static readonly Counter<long> ReportsUnread =
        s_meter.CreateCounter<long>("kismet.reports.unread", "{report}", "Reports in JSON that could not be read, or tell of no device.");

    /// <summary>Datagrams of TZSP that could not be read.</summary>
    public static readonly Counter<long> TzspUnread =
        s_meter.CreateCounter<long>("kismet.tzsp.unread", "{datagram}", "Datagrams of allowed senders of TZSP that could not be read.");

    /// <summary>Datagrams of TZSP of senders that are not allowed, or too many.</summary>
    public static readonly Counter<long> TzspRefused =
        s_meter.CreateCounter<long>("kismet.tzsp.refused", "{datagram}", "Datagrams of TZSP of senders that are not allowed, or too many.");

    /// <summary>Observations that a partition could not apply, by a fault of its own; the others of their batches were applied.</summary>
    internal static readonly Counter<long> ObservationsFailed =
        s_meter.CreateCounter<long>("kismet.partition.observations.failed", "{observation}", "Observations that a partition failed to apply.");

    /// <summary>Devices that were forgotten since there were more than may be.</summary>
    internal static readonly Counter<long> DevicesForgotten =
        s_meter.CreateCounter<long>("kismet.devices.forgotten", "{device}", "Devices forgotten for others, since there were as many as may be.");

    /// <summary>Messages of other processes that could not be read, as of a version that does not fit.</summary>
    public static readonly Counter<long> MessagesUnreadable =
        s_meter.CreateCounter<long>("kismet.messages.unreadable", "{message}", "Messages of other processes that could not be read.");

    /// <summary>Stored devices that could not be read, and were set aside.</summary>
    public static readonly Counter<long> DevicesSetAside =
        s_meter.CreateCounter<long>("kismet.partition.devices.set_aside", "{device}", "Stored devices that could not be read, and were set aside.");

    /// <summary>Blocks of presence that are not in a table of their day, since that could not be made.</summary>
    public static readonly Counter<long> PresenceApart =
        s_meter.CreateCounter<long>("kismet.presence.apart", "{block}", "Blocks of presence that are not in a table of their day, since that could not be made.");

    /// <summary>Entries of presence that found no room while the database did not answer.</summary>
    internal static readonly Counter<long> PresenceLost =
        s_meter.CreateCounter<long>("kismet.presence.lost", "{entry}", "Entries of presence that found no room while the database did not answer.");

    /// <summary>Blocks of presence that could not be read.</summary>
    internal static readonly Counter<long> PresenceUnread =
        s_meter.CreateCounter<long>("kismet.presence.unread", "{block}", "Stored blocks of presence that could not be read.");

    private static readonly Histogram<double> s_saveDuration = s_meter.CreateHistogram<double>(
        "kismet.save.duration", "s", "Time of one save transaction.",
        advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Counter<long> s_savedRows =
        s_meter.CreateCounter<long>("kismet.save.rows", "{row}", "Device rows written.");

    /// <summary>Saves of a partition that failed for good, so that it must be loaded again and its sources rewind.</summary>
    internal static readonly Counter<long> SaveFailures =
        s_meter.CreateCounter<long>("kismet.save.failures", "{save}", "Saves that failed for good; the partition is loaded again.");

    /// <summary>Devices of each partition in this process. Register a partition when it starts, dispose when it stops.</summary>
    internal static readonly ObservedValues PartitionDevices = new("partition");

    /// <summary>Calls waiting in each queue, by what the queue is in front of.</summary>
    internal static readonly ObservedValues QueueDepth = new("queue");

    /// <summary>Entries of the scan journal that are not yet saved by the partitions, by writer.</summary>
    internal static readonly ObservedValues JournalLength = new("writer");

    /// <summary>Packet streams open, by kind of filter.</summary>
    public static readonly ObservedValues StreamsOpen = new("filter");

    /// <summary>Edge agents connected to this process.</summary>
    public static readonly ObservedValues SensorsConnected = new("kind");

    /// <summary>Websockets of clients, by what they are for.</summary>
    public static readonly ObservedValues SocketsOpen = new("kind");

    /// <summary>Whether anyone listens to anomalies.</summary>
    internal static bool AnomaliesEnabled => s_anomalyCount.Enabled;

    static Meters()
    {
        s_meter.CreateObservableGauge("kismet.partition.devices", PartitionDevices.Read, "{device}", "Devices of each partition of this process.");
        s_meter.CreateObservableGauge("kismet.queue.depth", QueueDepth.Read, "{call}", "Calls waiting or running, by queue.");
        s_meter.CreateObservableGauge("kismet.journal.length", JournalLength.Read, "{entry}", "Journal entries that partitions have not saved yet.");
        s_meter.CreateObservableGauge("kismet.streams.open", StreamsOpen.Read, "{stream}", "Packet streams open.");
        s_meter.CreateObservableGauge("kismet.sensors.connected", SensorsConnected.Read, "{sensor}", "Edge agents connected to this process.");
        s_meter.CreateObservableGauge("kismet.websockets.open", SocketsOpen.Read, "{connection}", "Websockets of clients open.");
    }

    /// <summary>Live events found no room.</summary>
    /// <param name="events">How many since the last call.</param>
    public static void EventsLost(EventLoss where, long events)
    {
        if (events > 0)
        {
            s_eventsLost.Add(events, s_losses[(int)where]);
        }
    }

    /// <summary>A live event was looked at for all clients.</summary>
    /// <param name="wanted">Whether one wanted it.</param>
    internal static void EventDelivered(EventTopics topic, bool wanted)
    {
        if (wanted)
        {
            s_events.Add(1, s_topics[System.Numerics.BitOperations.TrailingZeroCount((uint)topic)]);
        }
    }

    /// <summary>A source's batch was accepted. Allocates nothing.</summary>
    /// <param name="byPhy">Packets of each phy in it, by the phy's number.</param>
    /// <param name="errors">Packets of it with errors.</param>
    internal static void Accepted(ReadOnlySpan<long> byPhy, long errors)
    {
        if (!s_packets.Enabled)
        {
            return;
        }
        for (int i = 0; i < byPhy.Length; i++)
        {
            if (byPhy[i] > 0)
            {
                s_packets.Add(byPhy[i], s_phys[i]);
            }
        }
        if (errors > 0)
        {
            s_packetErrors.Add(errors);
        }
    }

    /// <summary>What was wrong with packets since the last call, as <see cref="AnomalyCounts.Take"/> gives it.</summary>
    internal static void Anomalous(IReadOnlyList<AnomalyCount> counts)
    {
        if (!s_anomalyCount.Enabled)
        {
            return;
        }
        for (int i = 0; i < counts.Count; i++)
        {
            s_anomalyCount.Add(counts[i].Count, s_anomalies[System.Numerics.BitOperations.TrailingZeroCount((ulong)counts[i].Anomaly)]);
        }
    }

    /// <summary>Packets were lost.</summary>
    /// <param name="packets">How many since the last call.</param>
    internal static void Dropped(DropReason reason, long packets)
    {
        if (packets > 0)
        {
            s_drops.Add(packets, s_reasons[(int)reason]);
        }
    }

    /// <summary>A partition was saved.</summary>
    /// <param name="took">Time of its transaction, waiting for others in it and for the database included.</param>
    /// <param name="rows">Device rows in it.</param>
    internal static void Saved(TimeSpan took, int rows)
    {
        s_saveDuration.Record(took.TotalSeconds);
        s_savedRows.Add(rows);
    }

    /// <summary>Shows a partition of this process: its devices and the calls that wait for it.</summary>
    /// <param name="queued">Calls that wait, for any thread to ask.</param>
    /// <returns>Dispose it when the partition leaves the process.</returns>
    public static IDisposable Watch(DevicePartition partition, Func<long> queued) => new Gauges(
        PartitionDevices.Add(partition.Number.ToString(CultureInfo.InvariantCulture), () => partition.Devices),
        // One series for all of them: 256 partitions' queues are looked at as one.
        QueueDepth.Add("partitions", queued));

    /// <summary>A partition has looked at an observation batch.</summary>
    internal static void Applied(BatchResult result) => s_batches.Add(1, s_outcomes[(int)result]);

    /// <summary>The name of an enumeration's value in a tag: lower case, as OpenTelemetry's own are.</summary>
    private static KeyValuePair<string, object?>[] Tags<T>(string name)
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(value => Tag(name, value.ToLowerInvariant()))];

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);

    private sealed class Gauges(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}

/// <summary>Where packets were lost.</summary>
public enum DropReason
{
    /// <summary>By the operating system, before the source could read them.</summary>
    Os,

    /// <summary>From a full spool of an edge agent, oldest first.</summary>
    Spool,

    /// <summary>By a packet stream whose reader was too slow; the packets themselves were applied.</summary>
    Stream,

    /// <summary>From a full queue on the way to the partitions.</summary>
    Queue,
}

/// <summary>What became of an observation batch at its partition.</summary>
internal enum BatchResult
{
    Applied,

    /// <summary>Known already, and left out.</summary>
    Repeated,

    /// <summary>One before it is missing; the sender goes back.</summary>
    Gap,
}

/// <summary>Where live events were lost; the state that they tell of is right all the same.</summary>
public enum EventLoss
{
    /// <summary>In a partition, whose batch had more than listeners can keep up with.</summary>
    Partition,

    /// <summary>On the way from a silo to an API server.</summary>
    Silo,

    /// <summary>In front of the bus, which had no time to write them.</summary>
    Bus,

    /// <summary>In the queue of a client that reads too slowly; one for each client.</summary>
    Client,

    /// <summary>They could not be read, as those of a newer version.</summary>
    Unreadable,
}
