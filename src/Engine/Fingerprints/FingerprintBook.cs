using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Fingerprints;

/// <summary>The list of fingerprints, kept by a function of its host. Changes come one after the other; any thread may look.</summary>
/// <param name="kept">As it was kept before.</param>
public sealed class FingerprintBook(FingerprintList kept, Func<FingerprintList, Task> keep) : IFingerprints, IFingerprintSource
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile FingerprintList _list = kept;

    public FingerprintList Current => _list;

    /// <summary>Is told of each change before it is answered.</summary>
    public Func<Task>? Changed { get; set; }

    public ValueTask<IReadOnlyList<Fingerprint>> ListAsync(CancellationToken cancellation = default) => new(_list.All);

    public async ValueTask<FingerprintRefusal?> InsertAsync(IReadOnlyList<Fingerprint> added)
    {
        await _turn.WaitAsync();
        try
        {
            HashSet<MacAddress> seen = [];
            for (int i = 0; i < added.Count; i++)
            {
                if (!seen.Add(added[i].Address) || _list.Find(added[i].Address) is not null)
                {
                    return new(i, $"there is a fingerprint of {added[i].Address} already");
                }
            }
            if (_list.All.Count + added.Count > FingerprintList.MaxCount)
            {
                return new(0, $"there is room for {FingerprintList.MaxCount} fingerprints, and {_list.All.Count} are there");
            }
            await KeepAsync(_list.All.Concat(added));
            return null;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public async ValueTask<bool> UpdateAsync(FingerprintUpdate update)
    {
        await _turn.WaitAsync();
        try
        {
            if (_list.Find(update.Address) is not { } old)
            {
                return false;
            }
            Fingerprint changed = new(
                old.Address, update.Beacon ?? old.Beacon, update.Probe ?? old.Probe, update.Response ?? old.Response, update.Allowed ?? old.Allowed);
            await KeepAsync(_list.All.Where(one => one != old).Append(changed));
            return true;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public async ValueTask<int> DeleteAsync(IReadOnlyList<MacAddress> addresses)
    {
        await _turn.WaitAsync();
        try
        {
            HashSet<MacAddress> gone = [.. addresses];
            int before = _list.All.Count;
            Fingerprint[] left = [.. _list.All.Where(one => !gone.Contains(one.Address))];
            if (left.Length < before)
            {
                await KeepAsync(left);
            }
            return before - left.Length;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    private async Task KeepAsync(IEnumerable<Fingerprint> all)
    {
        FingerprintList list = new(all);
        await keep(list);
        _list = list;
        if (Changed is { } changed)
        {
            await changed();
        }
    }
}
