using System.Buffers.Binary;
using KismetOrleans.Engine.Places;
using KismetOrleans.Grains.Storage;

namespace KismetOrleans.Grains.Places;

/// <summary>The places of the cluster: one grain, key 0.</summary>
[Alias("KismetOrleans.IPlacesGrain")]
public interface IPlacesGrain : IGrainWithIntegerKey
{
    /// <summary>The document, where it is not the one that the caller has.</summary>
    /// <param name="known">Version of that; negative for none.</param>
    [Alias("Read")]
    [Idempotent]
    ValueTask<PlacesAnswer> ReadAsync(long known, CancellationToken cancellation = default);

    /// <inheritdoc cref="IPlaces.ReplaceAsync"/>
    /// <param name="document">As <see cref="PlacesDocument.ToBytes"/>.</param>
    /// <param name="replaced">Version of the document that it is to replace.</param>
    /// <returns>The version that is there now; <paramref name="document"/>'s bytes are null where it is another document's.</returns>
    [Alias("Replace")]
    ValueTask<PlacesAnswer> ReplaceAsync(byte[] document, long replaced);
}

public sealed class PlacesGrain([PersistentState("places")] IPersistentState<PlacesState> kept, TimeProvider clock) : Grain, IPlacesGrain
{
    public ValueTask<PlacesAnswer> ReadAsync(long known, CancellationToken cancellation = default) =>
        new(new PlacesAnswer(kept.State.Version, known == kept.State.Version ? null : kept.State.Bytes));

    public async ValueTask<PlacesAnswer> ReplaceAsync(byte[] document, long replaced)
    {
        if (replaced != kept.State.Version)
        {
            return new(kept.State.Version, null);
        }
        await kept.ReplaceAsync(new() { Bytes = document, Version = Math.Max(replaced + 1, clock.GetUtcNow().ToUnixTimeMilliseconds()) });
        return new(kept.State.Version, document);
    }
}

/// <summary>What <see cref="PlacesGrain"/> keeps.</summary>
[GenerateSerializer, Alias("KismetOrleans.PlacesState")]
public sealed class PlacesState : IStoredState
{
    /// <summary>As <see cref="PlacesDocument.ToBytes"/>, with any version; none before the first change.</summary>
    [Id(0)] public byte[] Bytes { get; set; } = [];

    [Id(1)] public long Version { get; set; }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[sizeof(long) + Bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Version);
        Bytes.CopyTo(bytes, sizeof(long));
        return bytes;
    }

    public void Read(byte[] bytes) => (Version, Bytes) = (BinaryPrimitives.ReadInt64LittleEndian(bytes), bytes[sizeof(long)..]);
}

/// <summary>A document of places.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Bytes">As <see cref="PlacesDocument.ToBytes"/>, with any version; null where the caller has it, or was refused.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PlacesAnswer")]
public sealed record PlacesAnswer([property: Id(0)] long Version, [property: Id(1)] byte[]? Bytes);
