using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tracking;

/// <summary>
/// Which devices go first where there are too many: by what they are to somebody, then by when the server heard of them last, by its own clock. What senders say of themselves does not count.
/// </summary>
internal sealed class DeviceRanks(AlertOptions alerts, IFingerprintSource fingerprints)
{
    // Made-up addresses come once; whoever repeats each of them over this time fills the bound before it is over.
    private const uint KnownSeconds = 60;
    private readonly HashSet<MacAddress> _own = [.. alerts.OwnAddresses()];

    private enum Rank
    {
        Passing,

        Known,

        Alerted,

        // Of a network that the settings or the list of fingerprints name, or watched.
        Own,

        Edited,
    }

    /// <summary>A number by which devices are ordered; the least goes first.</summary>
    public long Of(Device device) => ((long)RankOf(device) << 32) | device.ModTime;

    private Rank RankOf(Device device) =>
        DeviceEdit.IsOn(device) ? Rank.Edited
        : _own.Contains(device.Id.Address) || fingerprints.Current.Find(device.Id.Address) is not null ? Rank.Own
        : device.Alerts > 0 ? Rank.Alerted
        : device.ModTime - (long)device.SeenSince >= KnownSeconds ? Rank.Known
        : Rank.Passing;
}
