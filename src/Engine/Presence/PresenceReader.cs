using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Presence;

/// <summary>Asks who was where: what partitions have in memory, and what was saved of it.</summary>
/// <param name="store">What they saved; null where they save nothing.</param>
public sealed class PresenceReader(IReadOnlyList<IDevicePartition> partitions, IPresenceStore? store) : IDisposable
{
    // Some days of a campus are hundreds of megabytes of blocks: others wait rather than share the cores.
    private readonly SemaphoreSlim _some = new(2);

    /// <summary>Gives the entries that are asked for, in no order; of a device, source and five minutes there may be several, which add up.</summary>
    public async Task ReadAsync(PresenceQuery query, Action<PresenceEntry> take, CancellationToken cancellation)
    {
        int? partition = query.Device is { } device ? Partitioning.Of(new DeviceId(device), partitions.Count) : null;
        await _some.WaitAsync(cancellation);
        try
        {
            int[] asked = partition is { } one ? [one] : [.. Enumerable.Range(0, partitions.Count)];
            // Before the store: what is saved meanwhile has a greater number than these say.
            PresenceShare[] shares = await Task.WhenAll(asked.Select(i => partitions[i].PresenceAsync(query, cancellation).AsTask()));
            foreach (byte[] block in shares.SelectMany(static share => share.Blocks))
            {
                Read(block, query, take);
            }
            if (store is null)
            {
                return;
            }
            await foreach (StoredPresence block in store.ReadAsync(query, partition, cancellation))
            {
                if (block.Partition < 0 || block.Number < shares[partition is null ? block.Partition : 0].StoredBelow)
                {
                    Read(block.Bytes, query, take);
                }
            }
        }
        finally
        {
            _ = _some.Release();
        }
    }

    /// <summary>Gives the entries of a stored block; one that cannot be read is counted, and the others are there as ever.</summary>
    internal static void Read(ReadOnlySpan<byte> block, PresenceQuery query, Action<PresenceEntry> take)
    {
        try
        {
            PresenceBlock.Read(block, query, take);
        }
        catch (InvalidDataException)
        {
            Meters.PresenceUnread.Add(1);
        }
    }

    public void Dispose() => _some.Dispose();
}
