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
/// Grain storage of an embedded server, over its file. Most of its stateful grains are there once, and their state stands under the state's name, in the form that earlier
/// versions without grains gave it; that of grains whose key is a text has the key behind it.
/// </summary>
/// <param name="store">The file's small states.</param>
public sealed class StateGrainStorage(IStateStore store) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[]? bytes = await store.LoadAsync(NameOf(stateName, grainId));
        T state = Activator.CreateInstance<T>();
        if (bytes is not null)
        {
            Of(state, stateName).Read(bytes);
        }
        (grainState.State, grainState.RecordExists, grainState.ETag) = (state, bytes is not null, null);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await store.SaveAsync(NameOf(stateName, grainId), Of(grainState.State, stateName).ToBytes());
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await store.DeleteAsync(NameOf(stateName, grainId));
        (grainState.State, grainState.RecordExists, grainState.ETag) = (Activator.CreateInstance<T>(), false, null);
    }

    private static string NameOf(string stateName, GrainId grainId) =>
        grainId.TryGetIntegerKey(out _, out _) || grainId.TryGetGuidKey(out _, out _) ? stateName : $"{stateName}_{grainId.Key}";

    private static IStoredState Of<T>(T state, string name) =>
        state as IStoredState ?? throw new NotSupportedException($"{name}: {typeof(T).Name} does not write itself (IStoredState).");
}
