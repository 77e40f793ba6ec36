using KismetOrleans.Records.Fields;
using KismetOrleans.Wire;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.SsidScanStatus>;
using LockField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.SsidScanLock>;

namespace KismetOrleans.Records.Server;

/// <summary>How sources look for networks by name and stay where one is, for its handshake.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SsidScanSettings")]
public sealed record SsidScanSettings
{
    /// <summary>Not, and nothing to look for.</summary>
    public static readonly SsidScanSettings Off = new();

    /// <summary>Whether they do.</summary>
    [Id(0)] public bool Enabled { get; init; }

    /// <summary>Regular expressions, one of which is found in the SSID.</summary>
    [Id(1)] public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Sources that hop, and stay on a channel where a target is.</summary>
    [Id(2)] public IReadOnlyList<Guid> Locking { get; init; } = [];

    /// <summary>Sources that hop and never stay.</summary>
    [Id(3)] public IReadOnlyList<Guid> Hopping { get; init; } = [];

    /// <summary>Whether an access point is left alone once a handshake of it is there.</summary>
    [Id(4)] public bool IgnoreAfterHandshake { get; init; } = true;

    /// <summary>Seconds that a source stays at most.</summary>
    [Id(5)] public int MaxCaptureSeconds { get; init; } = 30;

    /// <summary>Seconds that a source hops at least before it stays.</summary>
    [Id(6)] public int MinScanSeconds { get; init; } = 30;
}

/// <summary>A source that stays where a target is.</summary>
/// <param name="Device">The target: an access point.</param>
/// <param name="Ssid">Its SSID that was seen last.</param>
/// <param name="Since">Unix second from which on.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SsidScanLock")]
public sealed record SsidScanLock(
    [property: Id(0)] Guid Source, [property: Id(1)] MacAddress Device, [property: Id(2)] string Ssid, [property: Id(3)] string Channel, [property: Id(4)] long Since);

/// <summary>What is looked for, and who stays where.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SsidScanStatus")]
public sealed record SsidScanStatus([property: Id(0)] SsidScanSettings Settings, [property: Id(1)] IReadOnlyList<SsidScanLock> Locks);

/// <summary>Fields of the search for networks by name (<c>dot11.ssidscan.*</c>).</summary>
public static class SsidScanTable
{
    /// <summary>A source that stays where a target is (not in Kismet).</summary>
    public static readonly RecordTable<SsidScanLock> Locks = new("ssidscan_lock",
    [
        LockField.Uuid("dot11.ssidscan.lock.datasource", "the source that stays", static one => one.Source),
        LockField.Mac("dot11.ssidscan.lock.device", "access point for which it does", static one => one.Device),
        LockField.Text("dot11.ssidscan.lock.ssid", "SSID of that, seen last", static one => one.Ssid),
        LockField.Text("dot11.ssidscan.lock.channel", "channel on which it stays", static one => one.Channel),
        LockField.UInt64("dot11.ssidscan.lock.since", "unix second from which on", static one => (ulong)one.Since),
    ]);

    /// <summary>The search.</summary>
    public static readonly RecordTable<SsidScanStatus> Table = new("ssidscan",
    [
        Field.Flag("dot11.ssidscan.enabled", "whether sources look for targets", static s => s.Settings.Enabled),
        Field.Texts("dot11.ssidscan.targets", "regular expressions, one of which is found in an SSID", static s => s.Settings.Targets),
        Field.Texts("dot11.ssidscan.datasources", "UUIDs of all sources that look", static s => Texts(s.Settings.Locking.Union(s.Settings.Hopping))),
        Field.Texts("dot11.ssidscan.locking_datasources", "UUIDs of those that stay where a target is", static s => Texts(s.Settings.Locking)),
        Field.Flag("dot11.ssidscan.ignore_after_handshake", "whether a target is left alone once a handshake of it is there", static s => s.Settings.IgnoreAfterHandshake),
        Field.UInt32("dot11.ssidscan.max_cap_seconds", "seconds that a source stays at most", static s => (ulong)s.Settings.MaxCaptureSeconds),
        Field.UInt32("dot11.ssidscan.min_scan_seconds", "seconds that a source hops at least before it stays", static s => (ulong)s.Settings.MinScanSeconds),
        Field.Flag("dot11.ssidscan.set_initial_log_filters", "whether logs begin with targets alone; never here", static _ => false),
        Field.Flag("dot11.ssidscan.filter_logs", "whether logs keep targets alone; never here", static _ => false),
        Field.List("dot11.ssidscan.locks", "sources that stay where a target is", static s => s.Locks, Locks),
    ]);

    private static IReadOnlyList<string> Texts(IEnumerable<Guid> uuids) => [.. uuids.Select(static one => one.ToString().ToUpperInvariant())];
}
