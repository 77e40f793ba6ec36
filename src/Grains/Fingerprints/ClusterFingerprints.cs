using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Fingerprints;

/// <summary>The cluster's fingerprints as the API's endpoints see them.</summary>
public sealed class ClusterFingerprints(IGrainFactory grains, FingerprintCache? cache = null) : IFingerprints
{
    private IFingerprintsGrain Grain => grains.GetGrain<IFingerprintsGrain>(0);

    public async ValueTask<IReadOnlyList<Fingerprint>> ListAsync(CancellationToken cancellation = default) =>
        FingerprintList.Read((await Grain.ListAsync(0, cancellation)).Bytes).All;

    // Not asked again after a fault: it may have been added already, and would be refused then.
    public async ValueTask<FingerprintRefusal?> InsertAsync(IReadOnlyList<Fingerprint> added)
    {
        HashSet<MacAddress> seen = [];
        for (int i = 0; i < added.Count; i++)
        {
            // Twice in one list: the bytes have each once.
            if (!seen.Add(added[i].Address))
            {
                return new(i, $"there is a fingerprint of {added[i].Address} already");
            }
        }
        FingerprintList list = new(added);
        if (await Grain.InsertAsync(list.ToBytes()) is not { } refused)
        {
            await RefreshAsync();
            return null;
        }
        // The bytes are by address, the list as it came.
        MacAddress which = list.All[refused.Index].Address;
        return new(added.TakeWhile(one => one.Address != which).Count(), refused.Reason);
    }

    public async ValueTask<bool> UpdateAsync(FingerprintUpdate update)
    {
        bool known = await Grain.UpdateAsync(update.Address.Value, update.Beacon, update.Probe, update.Response, update.Allowed);
        await RefreshAsync();
        return known;
    }

    public async ValueTask<int> DeleteAsync(IReadOnlyList<MacAddress> addresses)
    {
        int deleted = await Grain.DeleteAsync([.. addresses.Select(static address => address.Value)]);
        await RefreshAsync();
        return deleted;
    }

    // Partitions of this process look at once, not with the next round.
    private Task RefreshAsync() => cache?.DoNowAsync() ?? Task.CompletedTask;
}
