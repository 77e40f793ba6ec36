using KismetOrleans.Engine.Partitions;

namespace KismetOrleans.Grains.Devices;

/// <summary>
/// One device, for .NET programs that join the cluster as Orleans clients. Its key is the device's key as the API prints it (<c>kismet.device.base.key</c>, as
/// <c>4202770D00000000_BC9A78563412</c>). It holds nothing: each call goes to the partition that owns the device. Lists and counts are the API's business: a call a device would cost
/// as much as applying fifty frames.
/// </summary>
[Alias("KismetOrleans.IDeviceGrain")]
public interface IDeviceGrain : IGrainWithStringKey
{
    /// <summary>The device's record as JSON (UTF-8), all fields.</summary>
    /// <returns>Null when there is no such device.</returns>
    [Alias("Read")]
    ValueTask<byte[]?> ReadAsync(CancellationToken cancellation = default);

    /// <summary>One field of the record as JSON, by its path: <c>kismet.device.base.signal/kismet.common.signal.last_signal</c>.</summary>
    /// <returns>Null when there is no such device, or no such field.</returns>
    [Alias("ReadField")]
    ValueTask<byte[]?> ReadFieldAsync(string path, CancellationToken cancellation = default);

    /// <summary>Gives the device a name, or takes it away; completes when that is on disk.</summary>
    /// <param name="name">Up to <see cref="DeviceEdit.MaxName"/> characters, without control characters; "" for none.</param>
    /// <param name="cancellation">Gives up waiting; the name may be written all the same.</param>
    /// <exception cref="ArgumentException">The name cannot be written.</exception>
    [Alias("SetName")]
    ValueTask<EditOutcome> SetNameAsync(string name, CancellationToken cancellation = default);

    /// <summary>Writes a tag on the device, or takes it away; completes when that is on disk.</summary>
    /// <param name="tag">Which, up to <see cref="DeviceEdit.MaxTagName"/> characters.</param>
    /// <param name="text">What it says, up to <see cref="DeviceEdit.MaxTagText"/> characters; "" for nothing.</param>
    /// <param name="cancellation">Gives up waiting; the tag may be written all the same.</param>
    /// <exception cref="ArgumentException">The tag cannot be written.</exception>
    [Alias("SetTag")]
    ValueTask<EditOutcome> SetTagAsync(string tag, string text, CancellationToken cancellation = default);

    /// <summary>The device's record now and whenever it was seen again, once a second at most; ends when the caller stops reading.</summary>
    [Alias("Watch")]
    IAsyncEnumerable<byte[]> WatchAsync(CancellationToken cancellation = default);
}
