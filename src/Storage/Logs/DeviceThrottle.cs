using KismetOrleans.Records.Devices;

namespace KismetOrleans.Storage.Logs;

/// <summary>Lets a device's rows through, but not more often than once in a time.</summary>
internal sealed class DeviceThrottle(TimeSpan least)
{
    // Some 2 MB. Beyond it are addresses that change every few minutes; forgetting all costs each device a row too many.
    private const int MaxDevices = 65_536;
    private readonly long _leastNs = least.Ticks * TimeSpan.NanosecondsPerTick;
    private readonly Dictionary<DeviceId, long> _last = [];

    /// <summary>Whether a device is due; a time before the last one begins anew, as that of another file.</summary>
    public bool IsDue(DeviceId device, long timeNs)
    {
        if (_last.TryGetValue(device, out long last) && timeNs - last < _leastNs && timeNs >= last)
        {
            return false;
        }
        if (_last.Count == MaxDevices)
        {
            _last.Clear();
        }
        _last[device] = timeNs;
        return true;
    }
}
