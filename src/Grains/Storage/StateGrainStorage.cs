using KismetOrleans.Engine.Persistence;
using Orleans.Storage;

namespace KismetOrleans.Grains.Storage;

/// <summary>State of a grain that writes itself, as the embedded server's file has it.</summary>
public interface IStoredState
{
    byte[] ToBytes();

    /// <summary>Takes in what <see cref="ToBytes"/> wrote.</summary>
    void Read(byte[] bytes);
}

/// <summary>
/// Grain storage of an embedded server, over its file: each of its stateful grains is there once, so that its state stands under the state's name, in the form that earlier
/// versions without grains gave it.
/// </summary>
/// <param name="store">The file's small states.</param>
public sealed class StateGrainStorage(IStateStore store) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[]? bytes = await store.LoadAsync(stateName);
        T state = Activator.CreateInstance<T>();
        if (bytes is not null)
        {
            Of(state, stateName).Read(bytes);
        }
        (grainState.State, grainState.RecordExists, grainState.ETag) = (state, bytes is not null, null);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await store.SaveAsync(stateName, Of(grainState.State, stateName).ToBytes());
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException($"{stateName}: nothing here is cleared.");

    private static IStoredState Of<T>(T state, string name) =>
        state as IStoredState ?? throw new NotSupportedException($"{name}: {typeof(T).Name} does not write itself (IStoredState).");
}
