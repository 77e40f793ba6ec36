using System.Globalization;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Engine.Datasources;

/// <summary>Between what is shown of a source and what is kept of it.</summary>
public static class SourceRows
{
    /// <summary>What is kept.</summary>
    public static SourceRow Of(DatasourceRecord record) => new(
        record.Number, record.Uuid, record.Name, record.Driver.Type, record.Interface, record.Definition, record.Hardware, record.Packets,
        record.ErrorPackets, default, string.Join(' ', record.PacketsByPhy), record.Owner);

    /// <summary>What is kept of a source at the moment of a checkpoint.</summary>
    public static SourceRow Of(DatasourceRecord record, Checkpoint checkpoint) => Of(record) with
    {
        Packets = checkpoint.Packets,
        ErrorPackets = checkpoint.ErrorPackets,
        Saved = checkpoint.Newest,
        PacketsByPhy = string.Join(' ', checkpoint.PacketsByPhy),
    };

    /// <summary>What is kept of a sensor's source before the sensor has said anything of itself.</summary>
    public static SourceRow OfRemote(Guid uuid) => new(0, uuid, uuid.ToString(), SourceDrivers.Libpcap.Type, "", "", "", 0, 0, default);

    /// <summary>What is kept of a phone's or ESP32's source at first sight.</summary>
    /// <param name="owner">Name of the key that it has, "" for none.</param>
    public static SourceRow OfVirtual(Guid uuid, string name, VirtualKind kind, string owner) => new(
        0, uuid, name, SourceDrivers.Virtual.Type, "", "", kind == VirtualKind.WiFi ? "IEEE80211 scan" : "Bluetooth/BTLE Scan", 0, 0, default, "", owner);

    public static NumberClass ClassOf(SourceRow row) => row.Driver == SourceDrivers.Virtual.Type ? NumberClass.Virtual
        // Only the server's own have a definition before they are open.
        : row.Definition.Length == 0 ? NumberClass.Sensor : NumberClass.Server;

    /// <summary>What is shown of a source that has not come back yet.</summary>
    public static DatasourceRecord ToRecord(SourceRow row)
    {
        DatasourceDriver driver = SourceDrivers.Find(row.Driver);
        return new()
        {
            Number = row.Number,
            Uuid = row.Uuid,
            Name = row.Name,
            Definition = row.Definition,
            Interface = row.Interface,
            CaptureInterface = driver == SourceDrivers.Virtual ? "virtual" : "",
            Hardware = row.Hardware,
            Driver = driver,
            Packets = row.Packets,
            ErrorPackets = row.ErrorPackets,
            PacketsByPhy = Counts(row.PacketsByPhy),
            Owner = row.Owner,
            // Only what a sensor sends is acknowledged, and so has a saved batch.
            Remote = ClassOf(row) == NumberClass.Sensor || row.Saved != default,
            PacketsRrd = new(),
            DataRrd = new(),
        };
    }

    /// <summary>A source that comes up: its number and counters are those of before.</summary>
    public static DatasourceRecord Merge(DatasourceRecord now, DatasourceRecord before) =>
        now with { Number = before.Number, Packets = before.Packets, ErrorPackets = before.ErrorPackets, PacketsByPhy = before.PacketsByPhy };

    private static long[] Counts(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static count => long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0)];
}
