using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Fingerprints;

/// <summary>The fingerprints of the cluster: one grain, key 0.</summary>
[Alias("KismetOrleans.IFingerprintsGrain")]
public interface IFingerprintsGrain : IGrainWithIntegerKey
{
    /// <summary>The list, where it is not the one that the caller has.</summary>
    /// <param name="known">Version of that; 0 for none.</param>
    [Alias("List")]
    [Idempotent]
    ValueTask<FingerprintsAnswer> ListAsync(long known, CancellationToken cancellation = default);

    /// <inheritdoc cref="IFingerprints.InsertAsync"/>
    /// <param name="added">As <see cref="FingerprintList.ToBytes"/> writes them, so by address.</param>
    /// <returns>Null, or which of them and why not.</returns>
    [Alias("Insert")]
    ValueTask<FingerprintRefused?> InsertAsync(byte[] added);

    /// <inheritdoc cref="IFingerprints.UpdateAsync"/>
    [Alias("Update")]
    [Idempotent]
    ValueTask<bool> UpdateAsync(ulong address, uint? beacon, uint? probe, uint? response, bool? allowed);

    /// <inheritdoc cref="IFingerprints.DeleteAsync"/>
    [Alias("Delete")]
    ValueTask<int> DeleteAsync(ulong[] addresses);
}

public sealed class FingerprintsGrain([PersistentState("fingerprints")] IPersistentState<FingerprintsState> kept, TimeProvider clock) : Grain, IFingerprintsGrain
{
    private FingerprintBook _book = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (kept.State.Version == 0)
        {
            kept.State.Version = Next();
        }
        _book = new(FingerprintList.Read(kept.State.Bytes), KeepAsync);
        return Task.CompletedTask;
    }

    public ValueTask<FingerprintsAnswer> ListAsync(long known, CancellationToken cancellation = default) =>
        new(new FingerprintsAnswer(kept.State.Version, known == kept.State.Version ? null : _book.Current.ToBytes()));

    public async ValueTask<FingerprintRefused?> InsertAsync(byte[] added) =>
        await _book.InsertAsync(FingerprintList.Read(added).All) is { } refusal ? new(refusal.Index, refusal.Reason) : null;

    public ValueTask<bool> UpdateAsync(ulong address, uint? beacon, uint? probe, uint? response, bool? allowed) =>
        _book.UpdateAsync(new(new(address), beacon, probe, response, allowed));

    public ValueTask<int> DeleteAsync(ulong[] addresses) => _book.DeleteAsync(Array.ConvertAll(addresses, static value => new MacAddress(value)));

    private Task KeepAsync(FingerprintList list) => kept.ReplaceAsync(new() { Bytes = list.ToBytes(), Version = Next() });

    // By the clock: a life that begins without what was kept must not give the same number to another list.
    private long Next() => Math.Max(kept.State.Version + 1, clock.GetUtcNow().Ticks);
}

/// <summary>What <see cref="FingerprintsGrain"/> keeps.</summary>
[GenerateSerializer, Alias("KismetOrleans.FingerprintsState")]
public sealed class FingerprintsState : IStoredState
{
    /// <summary>As <see cref="FingerprintList.ToBytes"/>.</summary>
    [Id(0)] public byte[] Bytes { get; set; } = [];

    /// <summary>Another number for each list.</summary>
    [Id(1)] public long Version { get; set; }

    // Every life of the grain begins with another version.
    public byte[] ToBytes() => Bytes;

    public void Read(byte[] bytes) => Bytes = bytes;
}

/// <summary>A list of fingerprints.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Bytes">As <see cref="FingerprintList.ToBytes"/>; null where the caller has it.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.FingerprintsAnswer")]
public sealed record FingerprintsAnswer([property: Id(0)] long Version, [property: Id(1)] byte[]? Bytes);

/// <summary>Why fingerprints were not added.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.FingerprintRefused")]
public sealed record FingerprintRefused([property: Id(0)] int Index, [property: Id(1)] string Reason);
