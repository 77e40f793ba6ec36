using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Partitions;

/// <summary>A filter made ready for a run over many devices.</summary>
internal readonly struct DeviceTest(DeviceFilter filter, DeviceShape shape, RecordContext context)
{
    private readonly RecordMatcher<Device>? _regex = filter.Regex is null ? null : DeviceTable.Table.Matcher(filter.Regex);
    private readonly RecordConditions<Device>? _where = filter.Where is null ? null : DeviceTable.Table.Conditions(filter.Where);
    private readonly RecordMatcher<Device>? _search =
        string.IsNullOrEmpty(filter.Search) ? null : DeviceTable.Table.Searcher(shape.Fields, filter.Search);

    private readonly bool _everything = filter.View is AllDevices;

    /// <summary>The devices that are asked for by name; null for any.</summary>
    public IReadOnlyList<DeviceId>? Devices => filter.Devices;

    /// <summary>Whether a device belongs to the view that is asked about.</summary>
    public bool IsInView(Device device) => _everything || filter.View.Contains(device);

    /// <summary>Whether a device of the view passes the rest.</summary>
    public bool Passes(Device device) =>
        (filter.Since is not { } since || device.LastTime >= since)
        && (filter.ChangedSince is not { } changed || device.ModTime >= changed)
        && (filter.Addresses is null || Matches(filter.Addresses, device))
        && (_where is null || _where.Hold(device, context))
        && (_regex is null || _regex.Matches(device, context))
        && (_search is null || _search.Matches(device, context));

    private static bool Matches(IReadOnlyList<MaskedAddress> addresses, Device device)
    {
        foreach (MaskedAddress address in addresses)
        {
            if (address.Matches(device.Id.Address))
            {
                return true;
            }
        }
        return false;
    }
}
