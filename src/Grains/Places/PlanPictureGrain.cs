using KismetOrleans.Engine.Places;
using KismetOrleans.Grains.Storage;

namespace KismetOrleans.Grains.Places;

/// <summary>A picture of a floor, by its name.</summary>
[Alias("KismetOrleans.IPlanPictureGrain")]
public interface IPlanPictureGrain : IGrainWithStringKey
{
    /// <summary>Its bytes; none where there is no such picture.</summary>
    [Alias("Read")]
    [Idempotent]
    ValueTask<byte[]> ReadAsync(CancellationToken cancellation = default);

    [Alias("Keep")]
    ValueTask KeepAsync(byte[] picture);

    [Alias("Forget")]
    ValueTask ForgetAsync();
}

public sealed class PlanPictureGrain([PersistentState("plan-picture")] IPersistentState<PlanPictureState> kept) : Grain, IPlanPictureGrain
{
    public ValueTask<byte[]> ReadAsync(CancellationToken cancellation = default) => new(kept.State.Bytes);

    public async ValueTask KeepAsync(byte[] picture) => await kept.ReplaceAsync(new() { Bytes = picture });

    public async ValueTask ForgetAsync()
    {
        await kept.ClearStateAsync();
        DeactivateOnIdle();
    }
}

/// <summary>What <see cref="PlanPictureGrain"/> keeps.</summary>
[GenerateSerializer, Alias("KismetOrleans.PlanPictureState")]
public sealed class PlanPictureState : IStoredState
{
    /// <summary>As they were sent (<see cref="PlanPicture"/>).</summary>
    [Id(0)] public byte[] Bytes { get; set; } = [];

    public byte[] ToBytes() => Bytes;

    public void Read(byte[] bytes) => Bytes = bytes;
}
