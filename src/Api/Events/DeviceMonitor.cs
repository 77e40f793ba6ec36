using KismetOrleans.Api.Endpoints;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Events;

/// <summary>
/// Which devices a client watches, and since when it knows them. A turn reads them partition by partition, a chunk at a time, and the next chunk when the
/// client has taken this one: so a slow client costs a chunk of memory, however many devices there are. One turn at a time.
/// </summary>
internal sealed class DeviceMonitor
{
    /// <summary>The shortest time between two turns: records change by the second, so that more turns would tell nothing more.</summary>
    private const ulong MinSeconds = 1;

    // Longer than a client stays; timers have their bounds.
    private const ulong MaxSeconds = 24 * 60 * 60;
    private const string Everything = "*";
    private readonly IBackend _backend;
    private readonly DeviceFilter _filter;
    private readonly DeviceShape _shape;
    private uint? _since;

    /// <summary>A monitor that has told nothing yet.</summary>
    /// <param name="view">Only devices of this view.</param>
    /// <param name="which"><c>*</c>, a device's key, an address, or an address with a mask.</param>
    /// <param name="shape">How they are written, told apart.</param>
    /// <exception cref="CommandException"><paramref name="which"/> is none of these.</exception>
    public DeviceMonitor(IBackend backend, DeviceView view, string which, DeviceShape shape)
    {
        (_backend, _shape) = (backend, shape);
        _filter = new DeviceFilter { View = view };
        if (which == Everything)
        {
            return;
        }
        if (MacAddress.TryParseAny(which, out MacAddress address))
        {
            _filter = _filter with { Devices = [.. DeviceId.OnAllPhys(address)] };
        }
        else if (DevicesEndpoints.TryParseMasked(which, out MaskedAddress masked))
        {
            _filter = _filter with { Addresses = [masked] };
        }
        else if (DeviceKey.TryParse(which, out DeviceId id, out bool known))
        {
            _filter = _filter with { Devices = known ? [id] : [] };
        }
        else
        {
            throw new CommandException($"monitor: '{SocketCommand.Shown(which)}' is no device key, no address and not *");
        }
    }

    /// <summary>The time between two turns that a client's <c>rate</c> means.</summary>
    public static TimeSpan Period(ulong rate) => TimeSpan.FromSeconds(Math.Clamp(rate, MinSeconds, MaxSeconds));

    /// <summary>
    /// Sends the devices that changed since the last turn that went through, all of them in the first. What changed in the very second in which that turn
    /// began comes again, since it may have changed after it was sent.
    /// </summary>
    /// <param name="cancellation">Ends the turn between two devices.</param>
    public async Task FireAsync(Func<ReadOnlyMemory<byte>, ValueTask> send, CancellationToken cancellation)
    {
        uint now = (uint)_backend.Clock.GetUtcNow().ToUnixTimeSeconds();
        DeviceFilter filter = _filter with { ChangedSince = _since };
        foreach (int partition in await ConcernedAsync(filter, cancellation))
        {
            int cursor = 0;
            while (cursor >= 0)
            {
                cancellation.ThrowIfCancellationRequested();
                using DeviceChunk chunk = await _backend.Partitions[partition].ReadAsync(filter, _shape, cursor, cancellation);
                int from = 0;
                foreach (int end in chunk.Ends ?? [])
                {
                    cancellation.ThrowIfCancellationRequested();
                    await send(chunk.Body.Written[from..end]);
                    from = end;
                }
                cursor = chunk.Next;
            }
        }
        _since = now;
    }

    // In a cluster there are hundreds of partitions, and in most seconds nothing has changed in most of them: who has changes is asked once a silo.
    private async ValueTask<IEnumerable<int>> ConcernedAsync(DeviceFilter filter, CancellationToken cancellation)
    {
        int count = _backend.Partitions.Count;
        if (filter.Devices is { } devices)
        {
            return devices.Select(id => Partitioning.Of(id, count)).Distinct();
        }
        if (filter.ChangedSince is null)
        {
            return Enumerable.Range(0, count);
        }
        DeviceWindow[] windows = await _backend.Partitions.SelectAsync(filter, _shape, null, 0, cancellation);
        return Enumerable.Range(0, count).Where(partition => windows[partition].Matching > 0);
    }
}
