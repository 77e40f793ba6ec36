namespace KismetOrleans.Engine.Persistence;

/// <summary>Port: small states of the server as a whole, whole under a name. For what changes seldom and fits in some MiB.</summary>
public interface IStateStore
{
    /// <summary>The state of a name; null where none was saved.</summary>
    ValueTask<byte[]?> LoadAsync(string name, CancellationToken cancellation = default);

    ValueTask SaveAsync(string name, byte[] bytes, CancellationToken cancellation = default);

    /// <summary>Forgets the state of a name, where there is one.</summary>
    ValueTask DeleteAsync(string name, CancellationToken cancellation = default);
}
