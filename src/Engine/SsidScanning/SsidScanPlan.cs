using KismetOrleans.Engine.Channels;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.SsidScanning;

/// <summary>An access point with an SSID that is looked for.</summary>
/// <param name="Channel">Channel that it is on; "" where nobody knows.</param>
/// <param name="HasHandshake">Whether enough of a handshake was captured to check a passphrase.</param>
/// <param name="SeenBy">Sources that see it.</param>
internal sealed record SsidTarget(MacAddress Device, string Ssid, string Channel, bool HasHandshake, IReadOnlyList<Guid> SeenBy);

/// <summary>What a source is to be told.</summary>
/// <param name="Channel">Where to stay; null to hop.</param>
internal readonly record struct SsidScanStep(Guid Source, string? Channel);

/// <summary>
/// Decides which sources stay where. A target that waited longest comes first, and gets the source that hears it and stayed least often. Sources on one channel hear all that is there, so no two stay on one.
/// </summary>
internal sealed class SsidScanPlan
{
    // What a source refuses it refuses again.
    private const int AgainAfter = 60;
    private readonly Dictionary<Guid, Hold> _holds = [];
    private readonly Dictionary<Guid, Hopper> _hoppers = [];
    private Dictionary<MacAddress, long> _tried = [];

    /// <summary>Who stays where, by source.</summary>
    public IReadOnlyList<SsidScanLock> Locks => [.. _holds.Values.Select(static hold => hold.Lock).OrderBy(static one => one.Source)];

    /// <summary>Decides.</summary>
    /// <param name="targets">Targets that are on the air.</param>
    /// <param name="now">Unix second.</param>
    public IReadOnlyList<SsidScanStep> Decide(SsidScanSettings settings, IReadOnlyList<DatasourceRecord> sources, IReadOnlyList<SsidTarget> targets, long now)
    {
        HashSet<Guid> pool = settings.Enabled ? [.. settings.Locking, .. settings.Hopping] : [];
        Dictionary<Guid, DatasourceRecord> usable = sources.Where(static one => one.IsTunable && PlannedSensor.Of(one) is null).ToDictionary(static one => one.Uuid);
        List<SsidScanStep> steps = [];
        foreach (Hold hold in _holds.Values.ToArray())
        {
            Guid source = hold.Lock.Source;
            bool isOver = !settings.Enabled || !settings.Locking.Contains(source) || now - hold.Lock.Since >= settings.MaxCaptureSeconds
                || (!hold.HadHandshake && targets.Any(target => target.Device == hold.Lock.Device && target.HasHandshake));
            if (isOver || !usable.ContainsKey(source))
            {
                _ = _holds.Remove(source);
                _tried[hold.Lock.Device] = now;
                HopperOf(source).Since = now;
                if (usable.ContainsKey(source))
                {
                    steps.Add(new(source, null));
                }
            }
        }
        foreach (Guid source in pool)
        {
            // Somebody put it on a channel, or who had it stay there lives no more.
            if (usable.TryGetValue(source, out DatasourceRecord? record) && !_holds.ContainsKey(source) && HopperOf(source) is var hopper && hopper.Since < now && hopper.NotBefore <= now && !record.Hopping)
            {
                steps.Add(new(source, null));
            }
        }
        foreach (SsidTarget target in targets.Where(target => target.Channel.Length > 0 && !(settings.IgnoreAfterHandshake && target.HasHandshake))
            .OrderBy(target => _tried.GetValueOrDefault(target.Device)).ThenBy(static target => target.Device.Value))
        {
            if (_holds.Values.Any(hold => hold.Lock.Channel.Equals(target.Channel, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }
            Guid source = settings.Locking.Where(one => IsFree(one, target)).OrderBy(one => HopperOf(one).Stays).ThenBy(one => HopperOf(one).Since).ThenBy(static one => one).FirstOrDefault();
            if (source != default && pool.Contains(source))
            {
                HopperOf(source).Stays++;
                _holds[source] = new(new(source, target.Device, target.Ssid, target.Channel, now), target.HasHandshake);
                _ = steps.RemoveAll(step => step.Source == source);
                steps.Add(new(source, target.Channel));
            }
        }
        Forget(pool, targets);
        return steps;

        bool IsFree(Guid source, SsidTarget target) => !_holds.ContainsKey(source) && usable.TryGetValue(source, out DatasourceRecord? record)
            && target.SeenBy.Contains(source) && record.Channels.Contains(target.Channel, StringComparer.OrdinalIgnoreCase)
            && HopperOf(source) is var hopper && hopper.NotBefore <= now && now - hopper.Since >= settings.MinScanSeconds;

        Hopper HopperOf(Guid source)
        {
            if (!_hoppers.TryGetValue(source, out Hopper? hopper))
            {
                _hoppers.Add(source, hopper = new() { Since = now });
            }
            return hopper;
        }
    }

    /// <summary>A source did not do what it was told; it is left alone for a while.</summary>
    public void Refused(Guid source, long now)
    {
        _ = _holds.Remove(source);
        if (_hoppers.TryGetValue(source, out Hopper? hopper))
        {
            hopper.NotBefore = now + AgainAfter;
        }
    }

    private void Forget(HashSet<Guid> pool, IReadOnlyList<SsidTarget> targets)
    {
        foreach (Guid gone in _hoppers.Keys.Where(source => !pool.Contains(source)).ToArray())
        {
            _ = _hoppers.Remove(gone);
        }
        _tried = targets.Where(target => _tried.ContainsKey(target.Device)).ToDictionary(static target => target.Device, target => _tried[target.Device]);
    }

    private sealed record Hold(SsidScanLock Lock, bool HadHandshake);

    private sealed class Hopper
    {
        public long Since { get; set; }

        public long NotBefore { get; set; }

        public int Stays { get; set; }
    }
}
