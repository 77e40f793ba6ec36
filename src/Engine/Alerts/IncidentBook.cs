using KismetOrleans.Packets;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Alerts;

/// <summary>
/// Makes incidents of alerts: those of one kind, transmitter and network, as long as the pause between them is shorter than a window. Has the incidents
/// in memory to which more may come; all are in the store. Not thread-safe.
/// </summary>
public sealed class IncidentBook(AlertOptions options, TimeProvider clock)
{
    /// <summary>Changes of one incident that are kept; the oldest go first.</summary>
    internal const int MaxChanges = 100;

    /// <summary>Incidents that can be muted at one time: they stay in memory.</summary>
    public const int MaxMuted = 10_000;

    /// <summary>Incidents of a kind within the window. Whoever sends under more addresses makes one more, which has no addresses.</summary>
    internal const int MaxOfKind = 200;

    private readonly long _window = (long)options.IncidentWindow.TotalMicroseconds;
    private readonly Dictionary<Key, IncidentRecord> _open = [];
    private readonly Dictionary<string, int> _ofKind = new(StringComparer.Ordinal);
    private readonly Dictionary<long, IncidentRecord> _changed = [];
    private int _muted;
    private long _newest;
    private long _looked;

    /// <summary>Whether an alert of the incident's time belongs to it.</summary>
    public static bool IsOf(IncidentRecord incident, RaisedAlert alert) =>
        incident is { Transmitter.IsZero: true, Network.IsZero: true } ? incident.Header == alert.Header : Key.Of(incident) == Key.Of(alert);

    /// <summary>Takes up incidents that the store has; before anything else.</summary>
    public void Restore(IEnumerable<IncidentRecord> incidents)
    {
        foreach (IncidentRecord incident in incidents.OrderBy(static incident => incident.Last))
        {
            Put(incident);
            _newest = Math.Max(_newest, incident.Id);
        }
        _changed.Clear();
    }

    /// <summary>Counts an alert that was raised.</summary>
    /// <returns>Its incident.</returns>
    public IncidentRecord Add(AlertRecord alert) => Count(alert.Alert, alert.Class, alert.Severity, alert.Microseconds, heldBack: false);

    /// <summary>Counts an alert that a limit held back.</summary>
    /// <returns>Its incident.</returns>
    public IncidentRecord AddHeldBack(RaisedAlert alert, AlertDefinition kind) => Count(alert, kind.Class, kind.Severity, clock.NowMicroseconds(), heldBack: true);

    /// <summary>Changes an incident.</summary>
    /// <param name="incident">As the store has it.</param>
    /// <param name="order">What is to be changed.</param>
    /// <returns>The incident afterwards; null where no more can be muted.</returns>
    public IncidentRecord? Change(IncidentRecord incident, IncidentOrder order)
    {
        // What came since it was stored counts.
        IncidentRecord now = _changed.GetValueOrDefault(incident.Id) ?? (_open.TryGetValue(Key.Of(incident), out IncidentRecord? open) && open.Id == incident.Id ? open : incident);
        if (order.State == IncidentState.Muted && now.State != IncidentState.Muted && _muted >= MaxMuted)
        {
            return null;
        }
        List<IncidentChange> changes = [.. now.Changes];
        long time = clock.NowMicroseconds();
        if (order.State is { } state && (state != now.State || state == IncidentState.Muted))
        {
            now = now with { State = state, MutedUntil = state == IncidentState.Muted ? order.MutedUntil : 0 };
            changes.Add(new(time, order.Who, "state", IncidentTable.NameOf(state)));
        }
        if (order.Owner is { } owner && owner != now.Owner)
        {
            now = now with { Owner = owner };
            changes.Add(new(time, order.Who, "owner", owner));
        }
        if (!string.IsNullOrEmpty(order.Comment))
        {
            changes.Add(new(time, order.Who, "comment", order.Comment));
        }
        now = now with { Changes = [.. changes.TakeLast(MaxChanges)] };
        Put(now);
        return now;
    }

    /// <summary>Incidents that changed since they were taken last.</summary>
    public IReadOnlyList<IncidentRecord> TakeChanged()
    {
        Look();
        IncidentRecord[] changed = [.. _changed.Values];
        _changed.Clear();
        return changed;
    }

    /// <summary>Gives back what could not be stored.</summary>
    public void Return(IEnumerable<IncidentRecord> incidents)
    {
        foreach (IncidentRecord incident in incidents)
        {
            _ = _changed.TryAdd(incident.Id, incident);
        }
    }

    private IncidentRecord Count(RaisedAlert alert, string ofClass, byte severity, long now, bool heldBack)
    {
        Key key = Key.Of(alert);
        if (!_open.TryGetValue(key, out IncidentRecord? incident) && _ofKind.GetValueOrDefault(alert.Header) >= MaxOfKind)
        {
            key = new(alert.Header, default, default);
            _ = _open.TryGetValue(key, out incident);
        }
        if (incident is null || !Takes(incident, now))
        {
            _newest = Math.Max(now, _newest + 1);
            incident = new(_newest, alert.Header, key.Transmitter, key.Network) { First = now };
        }
        incident = incident with
        {
            Class = ofClass,
            Severity = severity,
            Last = now,
            Count = incident.Count + (heldBack ? 0 : 1),
            HeldBack = incident.HeldBack + (heldBack ? 1 : 0),
            Text = alert.Text,
            Device = alert.Device,
            Channel = alert.Channel,
        };
        Put(incident);
        return incident;
    }

    private bool Takes(IncidentRecord incident, long now) => incident.State switch
    {
        IncidentState.Resolved => false,
        IncidentState.Muted when incident.MutedUntil > now => true,
        _ => now - incident.Last < _window,
    };

    private void Put(IncidentRecord incident)
    {
        Key key = Key.Of(incident);
        _changed[incident.Id] = incident;
        if (_open.TryGetValue(key, out IncidentRecord? before))
        {
            if (before.Id > incident.Id)
            {
                // An older one of the same kind and addresses, which takes no more alerts.
                return;
            }
            _muted -= before.State == IncidentState.Muted ? 1 : 0;
        }
        else
        {
            _ofKind[incident.Header] = _ofKind.GetValueOrDefault(incident.Header) + 1;
        }
        _open[key] = incident;
        _muted += incident.State == IncidentState.Muted ? 1 : 0;
    }

    // Ends muting whose time has come, and forgets what takes no more alerts.
    private void Look()
    {
        long now = clock.NowMicroseconds();
        if (now - _looked < 1_000_000)
        {
            return;
        }
        _looked = now;
        foreach ((Key key, IncidentRecord incident) in _open.ToArray())
        {
            if (incident.State == IncidentState.Muted && incident.MutedUntil <= now)
            {
                Put(incident with { State = IncidentState.New, MutedUntil = 0 });
            }
            else if (!Takes(incident, now))
            {
                _ = _open.Remove(key);
                _muted -= incident.State == IncidentState.Muted ? 1 : 0;
                if (--_ofKind[key.Header] == 0)
                {
                    _ = _ofKind.Remove(key.Header);
                }
            }
        }
    }

    private readonly record struct Key(string Header, MacAddress Transmitter, MacAddress Network)
    {
        public static Key Of(RaisedAlert alert) => new(alert.Header, alert.Source == default ? alert.Bssid : alert.Source, alert.Bssid);

        public static Key Of(IncidentRecord incident) => new(incident.Header, incident.Transmitter, incident.Network);
    }
}
