using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// Writes into a kismetdb what is not packets: devices that changed, datasources, messages, snapshots. Asks for a piece at a time and writes it
/// when it has come, so that packets do not wait. Used by the log's thread alone.
/// </summary>
internal sealed class KismetDbRecords(IBackend backend, LogOptions options)
{
    private const int Microseconds = 1_000_000;
    private readonly Dictionary<Guid, DatasourceRecord> _sources = [];
    private readonly KismetDbDeviceRows _devices = new(backend, options);
    private Task<IReadOnlyList<MessageRecord>>? _messages;
    private Task<IReadOnlyList<AlertRecord>>? _alerts;
    private Task<IReadOnlyList<GpsRecord>>? _receivers;
    private long _alertsUntil = -1;
    private long _messagesUntil;
    private long _asked;
    private long _alertsAsked;
    private long _due;

    /// <summary>A new file has been begun: all sources go into it, and the devices that are seen from now on.</summary>
    /// <param name="first">Whether the log begins with it.</param>
    public void Begin(bool first)
    {
        _sources.Clear();
        _receivers = null;
        _due = 0;
        if (first)
        {
            _devices.Begin(Now());
        }
        _messagesUntil = Math.Max(_messagesUntil, Now() - 1);
        _alertsUntil = Math.Max(_alertsUntil, (Now() - 1) * Microseconds);
    }

    /// <summary>Whether there is more to be written as soon as it has come.</summary>
    public bool IsBusy => _devices.IsBusy;

    /// <summary>Whether packets have to wait for what is written beside them.</summary>
    public bool IsBehind(KismetDbFile file) => _devices.IsBehind(file);

    /// <summary>Writes what has come, and asks for more when it is due.</summary>
    public void Step(KismetDbFile file, bool idle)
    {
        long now = Now();
        if (_messages is { IsCompleted: true })
        {
            // Of seconds that had passed: one that had not may get more messages.
            WriteMessages(file, _messages.GetAwaiter().GetResult(), _asked - 1);
            _messages = null;
        }
        if (_messages is null && now > _asked)
        {
            _asked = now;
            _messages = backend.MessagesAsync(_messagesUntil);
        }
        if (_alerts is { IsCompleted: true })
        {
            WriteAlerts(file, _alerts.GetAwaiter().GetResult());
            _alerts = null;
        }
        if (_alerts is null && now > _alertsAsked)
        {
            _alertsAsked = now;
            _alerts = backend.Alerts.SinceAsync(_alertsUntil);
        }
        if (_receivers is { IsCompleted: true })
        {
            WriteReceivers(file, _receivers.GetAwaiter().GetResult());
            _receivers = null;
        }
        if (now >= _due)
        {
            _receivers ??= backend.Gps.ListAsync().AsTask();
            _due = now + (long)Math.Max(1, options.SnapshotEvery.TotalSeconds);
            WriteSources(file);
            WriteStatus(file);
            _devices.Renew(file, now);
        }
        _devices.Step(file, idle, now);
    }

    /// <summary>Writes everything, as it is now.</summary>
    /// <param name="last">Whether there is none after it, which could take messages of the second that is not over.</param>
    /// <param name="time">Time for rows of devices.</param>
    /// <returns>How many devices have no row, or an older one.</returns>
    public int Finish(KismetDbFile file, bool last, TimeSpan time)
    {
        long now = Now();
        _messages = null;
        WriteMessages(file, backend.MessagesAsync(_messagesUntil).GetAwaiter().GetResult(), last ? long.MaxValue : now - 1);
        _alerts = null;
        WriteAlerts(file, backend.Alerts.SinceAsync(_alertsUntil).GetAwaiter().GetResult());
        _sources.Clear();
        WriteSources(file);
        WriteStatus(file);
        _receivers = null;
        WriteReceivers(file, backend.Gps.ListAsync().AsTask().GetAwaiter().GetResult());
        int left = _devices.Finish(file, last, time);
        if (!last)
        {
            _devices.End(file);
        }
        return left;
    }

    private GeoPoint Here => backend.Gps.Current ?? GeoPoint.Unknown;

    private long Now() => backend.Clock.GetUtcNow().ToUnixTimeSeconds();

    private void WriteMessages(KismetDbFile file, IReadOnlyList<MessageRecord> messages, long until)
    {
        foreach (MessageRecord message in messages)
        {
            if (message.Seconds <= until)
            {
                file.Row("INSERT INTO messages (ts_sec, lat, lon, msgtype, message) VALUES (?, ?, ?, ?, ?)")
                    .Bind(message.Seconds).Bind(Here.Latitude).Bind(Here.Longitude).Bind(TypeOf(message.Flags)).Bind(message.Text).Run();
            }
        }
        _messagesUntil = until;
    }

    // No two alerts have the same time.
    private void WriteAlerts(KismetDbFile file, IReadOnlyList<AlertRecord> alerts)
    {
        foreach (AlertRecord alert in alerts)
        {
            using JsonOut json = Print(AlertTable.Table, alert);
            (long seconds, long microseconds) = Math.DivRem(alert.Microseconds, Microseconds);
            GeoPoint at = alert.Alert.Location ?? GeoPoint.Unknown;
            file.Row("INSERT INTO alerts (ts_sec, ts_usec, phyname, devmac, lat, lon, header, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .Bind(seconds).Bind(microseconds).Bind(PhyName(alert.PhyId)).Bind(alert.Alert.Bssid.ToString())
                .Bind(at.Latitude).Bind(at.Longitude).Bind(alert.Alert.Header).Bind(json.WrittenSpan).Run();
            _alertsUntil = Math.Max(_alertsUntil, alert.Microseconds);
        }
    }

    private static string PhyName(int id) => id >= 0 && id < Phy.All.Count ? Phy.All[id].Name : "Unknown";

    private static string TypeOf(MessageFlags flags) => flags switch
    {
        MessageFlags.Debug => "DEBUG",
        MessageFlags.Info => "INFO",
        MessageFlags.Error => "ERROR",
        MessageFlags.Fatal => "FATAL",
        _ => "",
    };

    private void WriteSources(KismetDbFile file)
    {
        foreach (DatasourceRecord source in backend.Sources.All)
        {
            if (_sources.TryGetValue(source.Uuid, out DatasourceRecord? before)
                && (before.Name, before.Definition, before.Interface) == (source.Name, source.Definition, source.Interface))
            {
                continue;
            }
            _sources[source.Uuid] = source;
            using JsonOut json = Print(DatasourceTable.Table, source);
            file.Row("INSERT INTO datasources (uuid, typestring, definition, name, interface, json) VALUES (?, ?, ?, ?, ?, ?)")
                .Bind(source.Uuid.ToString().ToUpperInvariant()).Bind(source.Driver.Type).Bind(source.Definition).Bind(source.Name)
                .Bind(source.Interface).Bind(json.WrittenSpan).Run();
        }
    }

    private void WriteStatus(KismetDbFile file)
    {
        using JsonOut json = Print(SystemStatusTable.Table, backend.Status);
        WriteSnapshot(file, "SYSTEM", json.WrittenSpan);
    }

    // Tools make a track of where each was before; one that has just begun was where it is.
    private void WriteReceivers(KismetDbFile file, IReadOnlyList<GpsRecord> receivers)
    {
        foreach (GpsRecord receiver in receivers.Where(static receiver => receiver.Location.HasFix))
        {
            using JsonOut json = Print(GpsTable.Table, receiver.LastLocation.HasFix ? receiver : receiver with { LastLocation = receiver.Location });
            WriteSnapshot(file, "GPS", json.WrittenSpan, receiver.Location);
        }
    }

    /// <summary>Writes a snapshot of now.</summary>
    /// <param name="at">Where; where this server is if not given.</param>
    public void WriteSnapshot(KismetDbFile file, string type, ReadOnlySpan<byte> json, GeoPoint? at = null)
    {
        GeoPoint here = at ?? Here;
        DateTimeOffset now = backend.Clock.GetUtcNow();
        file.Row("INSERT INTO snapshots (ts_sec, ts_usec, lat, lon, snaptype, json) VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(now.ToUnixTimeSeconds()).Bind(now.Ticks % TimeSpan.TicksPerSecond * Microseconds / TimeSpan.TicksPerSecond)
            .Bind(here.Latitude).Bind(here.Longitude).Bind(type).Bind(json).Run();
    }

    private JsonOut Print<T>(RecordTable<T> table, T record)
    {
        JsonOut json = new() { Context = new() { Now = (uint)Now(), ServerUuid = backend.ServerUuid, Sources = backend.Sources } };
        table.Writer(RecordFormat.Json).Write(record, json);
        return json;
    }
}
