using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Watching;

/// <summary>What of a device somebody wants to know.</summary>
[Flags]
public enum WatchFor : byte
{
    None = 0,

    /// <summary>That it is seen, after it was not: DEVICEFOUND.</summary>
    Found = 1,

    /// <summary>That it is not seen any more: DEVICELOST.</summary>
    Lost = 2,

    Both = Found | Lost,
}

/// <summary>Devices whose coming and going raise alerts.</summary>
public interface IDeviceWatch
{
    /// <summary>Addresses that are watched for all of this.</summary>
    ValueTask<IReadOnlyList<MacAddress>> ListAsync(WatchFor what, CancellationToken cancellation = default);

    /// <summary>Watches addresses for this, beside what they are watched for already; completes when it is kept.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<string?> AddAsync(WatchFor what, IReadOnlyList<MacAddress> addresses);

    /// <summary>Watches addresses for this no longer; completes when it is kept.</summary>
    ValueTask RemoveAsync(WatchFor what, IReadOnlyList<MacAddress> addresses);
}
