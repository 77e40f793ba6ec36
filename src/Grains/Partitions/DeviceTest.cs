using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Grains.Partitions;

/// <summary>A filter made ready for a run over many devices.</summary>
internal readonly struct DeviceTest(DeviceFilter filter, DeviceShape shape, RecordContext context)
{
    private readonly RecordMatcher<Device>? _regex = filter.Regex is null ? null : DeviceTable.Table.Matcher(filter.Regex);
    private readonly RecordMatcher<Device>? _search =
        string.IsNullOrEmpty(filter.Search) ? null : DeviceTable.Table.Searcher(shape.Fields, filter.Search);

    /// <summary>Whether a device passes.</summary>
    public bool Passes(Device device) =>
        (filter.Since is not { } since || device.LastTime >= since)
        && filter.View.Contains(device)
        && (filter.Addresses is null || Matches(filter.Addresses, device))
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
