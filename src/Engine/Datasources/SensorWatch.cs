using System.Globalization;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// Notices what goes wrong with sensors, and when it is over: each problem must last before it is one, and be gone for a while before it is none, so that what flaps is reported once. It is given
/// all records about once a second. Not thread-safe.
/// </summary>
public sealed class SensorWatch(AlertOptions options, TimeProvider clock)
{
    // Who was there before and is not known to the directory by then was forgotten.
    private static readonly TimeSpan s_known = TimeSpan.FromMinutes(1);

    // A source whose sensor is connected is published every second; one whose silo died with its sensor stays as it was.
    private static readonly TimeSpan s_stale = TimeSpan.FromSeconds(30);

    // How long a problem must be gone.
    private static readonly TimeSpan s_gone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_steady = TimeSpan.FromMinutes(1);

    // Counters are compared over this time.
    private static readonly TimeSpan s_drops = TimeSpan.FromMinutes(1);

    // Fewer than this in that time are no trouble, whatever share they are.
    private const ulong FewDrops = 50;

    // What is over its limit is a problem until it is this far below.
    private const double Below = 0.4;
    private const double Hot = 80;
    private const double Cooler = 75;
    private const double FullShare = 0.02;
    private const double Metres = 100;
    private readonly Dictionary<Guid, Sensor> _sensors = [];
    private readonly Dictionary<Guid, string[]> _kept = [];
    private readonly List<RaisedAlert> _alerts = [];
    private readonly long _begun = clock.GetTimestamp();

    /// <summary>What is to be remembered: each sensor that was up, and its problems. So a restart neither reports again what was reported, nor forgets who should be there.</summary>
    public IEnumerable<string> Lines =>
    [
        .. _sensors.Where(static one => one.Value.WasUp).Select(static one => LineOf(one.Key, one.Value.Problems)),
        .. _kept.Select(static one => LineOf(one.Key, one.Value)),
    ];

    /// <summary>Goes on from where an earlier one was; what cannot be read is passed over.</summary>
    /// <param name="lines">Its <see cref="Lines"/>.</param>
    public void Restore(IEnumerable<string> lines)
    {
        foreach (string[] words in lines.Select(static line => line.Split(' ')))
        {
            if (Guid.TryParse(words[0], out Guid uuid))
            {
                _kept[uuid] = words[1..];
            }
        }
    }

    /// <summary>Looks at all sources.</summary>
    /// <param name="change">Called with each source whose problems changed, and what they are now.</param>
    /// <returns>What is to be raised.</returns>
    public IReadOnlyList<RaisedAlert> Look(IEnumerable<DatasourceRecord> all, Action<DatasourceRecord, IReadOnlyList<string>> change)
    {
        _alerts.Clear();
        long now = clock.GetTimestamp();
        List<Sensor> listening = [];
        foreach (DatasourceRecord record in all)
        {
            if (IsSensor(record))
            {
                Sensor sensor = Note(record, now);
                if (sensor.IsRunning && !record.Paused && IsRadio(record) && clock.GetElapsedTime(sensor.PacketsAt, now) < s_gone)
                {
                    listening.Add(sensor);
                }
            }
        }
        if (clock.GetElapsedTime(_begun, now) >= s_known)
        {
            _kept.Clear();
        }
        foreach (Sensor sensor in _sensors.Values)
        {
            if (sensor.SeenAt == now)
            {
                Judge(sensor, listening, now, change);
            }
        }
        foreach (Guid gone in _sensors.Where(one => one.Value.SeenAt != now).Select(static one => one.Key).ToArray())
        {
            _ = _sensors.Remove(gone);
        }
        return _alerts;
    }

    private static bool IsSensor(DatasourceRecord record) => !SourceDrivers.IsFile(record.Driver) && record.Driver != SourceDrivers.Virtual && (record.Remote || IsRadio(record));

    private static bool IsRadio(DatasourceRecord record) => record.Driver.TuningCapable;

    private Sensor Note(DatasourceRecord record, long now)
    {
        if (!_sensors.TryGetValue(record.Uuid, out Sensor? sensor))
        {
            _sensors[record.Uuid] = sensor = new() { PacketsAt = now, UpAt = now, MarkAt = now, Packets = record.Packets, Mark = Counters.Of(record) };
            if (_kept.Remove(record.Uuid, out string[]? problems))
            {
                sensor.Restore(problems);
            }
        }
        if (!ReferenceEquals(record, sensor.Record))
        {
            sensor.RecordAt = now;
        }
        sensor.IsRunning = record.Running && (!record.Remote || clock.GetElapsedTime(sensor.RecordAt, now) < s_stale);
        if (record.Packets != sensor.Packets)
        {
            (sensor.Packets, sensor.PacketsAt) = (record.Packets, now);
        }
        if (!sensor.IsRunning || record.Paused)
        {
            // Silence counts from when it listens.
            sensor.PacketsAt = now;
        }
        if (!sensor.IsRunning)
        {
            sensor.UpAt = now;
        }
        // One that was up for less time than it may be away never was: a file of reports that was posted, a program that cannot open its radio. One that was closed is not missed until it is up again.
        sensor.WasUp = (sensor.WasUp || (sensor.IsRunning && clock.GetElapsedTime(sensor.UpAt, now) >= options.SensorDownAfter)) && record is not { Error: true, ErrorReason: Health.Disabled };
        (sensor.Record, sensor.SeenAt) = (record, now);
        if (record.Sensor is null || !sensor.IsCounted)
        {
            // It may count since before this server was started.
            (sensor.IsCounted, sensor.Mark, sensor.MarkAt) = (record.Sensor is not null, Counters.Of(record), now);
        }
        else if (clock.GetElapsedTime(sensor.MarkAt, now) >= s_drops)
        {
            Counters counters = Counters.Of(record);
            (sensor.Dropped, sensor.DropShare) = Counters.Compare(sensor.Mark, counters);
            (sensor.Mark, sensor.MarkAt) = (counters, now);
        }
        return sensor;
    }

    private void Judge(Sensor sensor, List<Sensor> listening, long now, Action<DatasourceRecord, IReadOnlyList<string>> change)
    {
        DatasourceRecord record = sensor.Record;
        bool changed = sensor.IsRestored;
        sensor.IsRestored = false;

        bool isDown = record is { Remote: true, Paused: false, Replay: not { Ended: true } } && !sensor.IsRunning && sensor.WasUp;
        Weigh(sensor.Down, isDown, options.SensorDownAfter, s_gone, () => Raise("SENSORDOWN", record, $"is down: {Why(record)}"));
        Weigh(sensor.Radio, record.Sensor?.Host is { RadioGone: true }, TimeSpan.FromSeconds(2), s_gone, static () => { });
        if (sensor.IsRunning)
        {
            // Of one that is gone it stays to be seen what was wrong.
            JudgeRunning(record.Sensor);
        }
        if (changed)
        {
            change(record, sensor.Problems);
        }

        void JudgeRunning(SensorState? state)
        {
            // Once it is deaf, only what it hears itself says otherwise: its neighbours may fall silent.
            bool isSilent = !record.Paused && clock.GetElapsedTime(sensor.PacketsAt, now) >= options.SensorDeafAfter;
            Sensor? neighbour = isSilent && !sensor.Deaf.Is && IsRadio(record) ? listening.Find(other => other != sensor && AreNear(other.Record, record) && ShareChannel(other.Record, record)) : null;
            Weigh(sensor.Deaf, sensor.Deaf.Is ? isSilent : neighbour is not null, TimeSpan.Zero, s_gone, () => Raise(
                "SENSORDEAF", record, $"has heard nothing for {Text(clock.GetElapsedTime(sensor.PacketsAt, now))}, though its neighbour '{neighbour!.Record.Name}' does"));

            double off = Math.Abs(state?.ClockSkew ?? 0);
            bool isOff = off > options.SensorClockLimit.TotalSeconds * (sensor.Clock.Is ? Below : 1);
            Weigh(sensor.Clock, isOff, TimeSpan.FromSeconds(2), s_steady, () => Raise(
                "SENSORCLOCK", record, $"has a clock that is {Text(TimeSpan.FromSeconds(Math.Min(off, uint.MaxValue)))} {(state!.ClockSkew > 0 ? "ahead of" : "behind")} the server's"));

            bool drops = sensor.Dropped >= FewDrops && sensor.DropShare > options.SensorDropShare * (sensor.Drops.Is ? Below : 1);
            Weigh(sensor.Drops, drops, TimeSpan.Zero, s_steady, () => Raise(
                "SENSORDROPS", record, string.Create(CultureInfo.InvariantCulture, $"has lost {sensor.Dropped} packets within a minute, {sensor.DropShare * 100:0.#} % of what it heard")));

            SensorHost? host = state?.Host;
            Weigh(sensor.Disk, host is { DiskSize: > 0 } && host.DiskFree < host.DiskSize * FullShare, s_gone, s_steady, static () => { });
            Weigh(sensor.Heat, host?.Temperature > (sensor.Heat.Is ? Cooler : Hot), s_gone, s_steady, static () => { });
        }

        void Weigh(Lasting problem, bool isThere, TimeSpan atLeast, TimeSpan gone, Action begun)
        {
            if (isThere == problem.Is)
            {
                problem.Since = 0;
                return;
            }
            problem.Since = problem.Since == 0 ? now : problem.Since;
            if (clock.GetElapsedTime(problem.Since, now) < (isThere ? atLeast : gone))
            {
                return;
            }
            (problem.Is, problem.Since, changed) = (isThere, 0, true);
            if (isThere)
            {
                begun();
            }
        }
    }

    // What stands too far away, or in another building, may hear what this one cannot; where nobody knows the places, all of a kind are neighbours.
    private static bool AreNear(DatasourceRecord one, DatasourceRecord other)
    {
        if (one.Driver.Type != other.Driver.Type || (one.Building.Length > 0 && other.Building.Length > 0 && !one.Building.Equals(other.Building, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }
        if (one.Place is not { HasFix: true } a || other.Place is not { HasFix: true } b)
        {
            return true;
        }
        double north = (a.Latitude - b.Latitude) * Earth.MetresPerDegree;
        double east = (a.Longitude - b.Longitude) * Earth.MetresPerDegreeEast(a.Latitude);
        return (north * north) + (east * east) <= Metres * Metres;
    }

    // One that stays on a channel where nobody talks is not deaf.
    private static bool ShareChannel(DatasourceRecord one, DatasourceRecord other)
    {
        IReadOnlyList<string> channels = ChannelsOf(one);
        return channels.Count == 0 || ChannelsOf(other) is not { Count: > 0 } others || others.Any(channels.Contains);
    }

    private static IReadOnlyList<string> ChannelsOf(DatasourceRecord record) => record.Hopping ? record.HopChannels : record.Channel.Length > 0 ? [record.Channel] : [];

    private static string LineOf(Guid uuid, IEnumerable<string> problems) => string.Join(' ', problems.Prepend(uuid.ToString()));

    private void Raise(string header, DatasourceRecord record, string what) => _alerts.Add(new(header, $"Sensor '{record.Name}' ({record.Uuid.ToString().ToUpperInvariant()}) {what}"));

    private static string Why(DatasourceRecord record) => record.ErrorReason.Length > 0 ? record.ErrorReason : "it is not connected";

    private static string Text(TimeSpan time) => time.TotalMinutes < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F0} min");

    private readonly record struct Counters(ulong Packets, ulong Lost)
    {
        public static Counters Of(DatasourceRecord record) => new(record.Packets, (record.Sensor?.Dropped ?? 0) + (record.Sensor?.SpoolLost ?? 0));

        // An agent that was started again counts from 0.
        public static (ulong Lost, double Share) Compare(Counters before, Counters now)
        {
            ulong lost = now.Lost >= before.Lost ? now.Lost - before.Lost : now.Lost;
            ulong packets = now.Packets >= before.Packets ? now.Packets - before.Packets : 0;
            return (lost, lost == 0 ? 0 : (double)lost / (lost + packets));
        }
    }

    private sealed class Lasting
    {
        public bool Is;
        public long Since;
    }

    private sealed class Sensor
    {
        public readonly Lasting Down = new(), Deaf = new(), Clock = new(), Drops = new(), Radio = new(), Disk = new(), Heat = new();
        public DatasourceRecord Record = null!;
        public long SeenAt;
        public long RecordAt;
        public bool IsRunning;
        public long UpAt;
        public bool WasUp;
        public ulong Packets;
        public long PacketsAt;
        public bool IsCounted;
        public Counters Mark;
        public long MarkAt;
        public ulong Dropped;
        public double DropShare;

        public bool IsRestored;

        public IReadOnlyList<string> Problems => [.. All.Where(static one => one.State.Is).Select(static one => one.Name)];

        private IEnumerable<(string Name, Lasting State)> All =>
            [("down", Down), ("deaf", Deaf), ("clock", Clock), ("drops", Drops), ("radio", Radio), ("disk", Disk), ("heat", Heat)];

        public void Restore(string[] problems)
        {
            (WasUp, IsRestored) = (true, problems.Length > 0);
            foreach ((string name, Lasting state) in All)
            {
                state.Is = problems.Contains(name);
            }
        }
    }
}
