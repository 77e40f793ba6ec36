using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Alerts;

/// <summary>
/// What a partition noticed while it applied a batch. Bounded: limits of kinds are kept by one engine for all partitions, but a flood must not
/// fill the memory on the way there. Ask <see cref="Wants"/> before making an alert's text, so that nothing is made for nothing.
/// </summary>
public sealed class AlertCollector
{
    // The engine lets through five a minute of most kinds; of eight in one batch the rest tells nothing new.
    private const int MaxOfKind = 8;

    // All kinds together: what crosses between processes with a batch stays within some KiB.
    private const int MaxOfAll = 64;
    private readonly bool[] _squelched;
    private readonly byte[] _counts;
    private readonly List<RaisedAlert> _alerts = [];

    /// <summary>A collector for a partition with these settings.</summary>
    public AlertCollector(AlertOptions options)
    {
        Options = options;
        Ssids = new(options);
        IReadOnlyList<AlertDefinition> definitions = options.Definitions();
        _squelched = [.. definitions.Select(static definition => definition.IsSquelched)];
        _counts = new byte[definitions.Count];
    }

    public AlertOptions Options { get; }

    /// <summary>Rules about SSIDs.</summary>
    internal SsidRules Ssids { get; }

    internal bool Looks(AlertKind kind) => !_squelched[(int)kind];

    /// <summary>Whether one more of a kind would be taken.</summary>
    internal bool Wants(AlertKind kind) => !_squelched[(int)kind] && _counts[(int)kind] < MaxOfKind && _alerts.Count < MaxOfAll;

    /// <summary>Takes an alert about a frame.</summary>
    /// <param name="device">The device that it is about; null without.</param>
    /// <param name="channel">The channel that the frame names; "0" where it names none.</param>
    /// <param name="other">Another address that takes part.</param>
    internal void Raise(
        AlertKind kind, Device? device, in Observation o, ObservationBatch batch, string text, string channel = "0", MacAddress other = default)
    {
        if (!Wants(kind))
        {
            return;
        }
        _counts[(int)kind]++;
        if (device is not null)
        {
            device.Alerts++;
        }
        _alerts.Add(new(AlertCatalogue.Of(kind).Header, text)
        {
            Device = device?.Id,
            Bssid = o.Frame.Bssid,
            Source = o.Frame.Source,
            Destination = o.Frame.Destination,
            Other = other,
            Channel = channel,
            Location = o.Location >= 0 ? batch.Locations[o.Location] : null,
        });
    }

    /// <summary>Takes an alert about a device that no frame gave rise to.</summary>
    internal void Raise(AlertKind kind, Device device, string text)
    {
        if (!Wants(kind))
        {
            return;
        }
        _counts[(int)kind]++;
        device.Alerts++;
        _alerts.Add(new(AlertCatalogue.Of(kind).Header, text)
        {
            Device = device.Id,
            Bssid = device.Dot11?.LastBssid ?? default,
            Source = device.Id.Address,
            Channel = device.Channel,
        });
    }

    /// <summary>Gives what came since the last call; nothing costs nothing.</summary>
    internal IReadOnlyList<RaisedAlert> Take()
    {
        if (_alerts.Count == 0)
        {
            return [];
        }
        RaisedAlert[] taken = [.. _alerts];
        _alerts.Clear();
        Array.Clear(_counts);
        return taken;
    }
}
