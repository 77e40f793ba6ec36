using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Grains.Sources;

/// <summary>The directory of the cluster's sources: one grain, key 0.</summary>
[Alias("KismetOrleans.ISourceDirectoryGrain")]
public interface ISourceDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>The cluster's identity.</summary>
    [Alias("ServerUuid")]
    ValueTask<Guid> ServerUuidAsync();

    /// <summary>Gives a source its number, or finds the one that it has; a virtual one is renamed when it calls itself otherwise.</summary>
    /// <returns>What is known of it; number 0 where there was none left for it.</returns>
    [Alias("Add")]
    ValueTask<SourceRow> AddAsync([Immutable] SourceRow row, CancellationToken cancellation = default);

    /// <summary>Forgets a source, whose feeder is gone.</summary>
    /// <returns>Whether there was one.</returns>
    [Alias("Remove")]
    [ResponseTimeout("00:00:30")]
    ValueTask<bool> RemoveAsync(Guid uuid);

    /// <summary>Takes the newest snapshot of a source.</summary>
    [Alias("Publish")]
    ValueTask PublishAsync([Immutable] DatasourceRecord record);

    /// <summary>Keeps what goes with a saved batch; completes when it is on disk.</summary>
    [Alias("Save")]
    [ResponseTimeout("00:00:30")]
    ValueTask SaveAsync([Immutable] SourceRow row);

    /// <summary>Counts reports of virtual sources.</summary>
    /// <param name="numbers">Numbers of the sources.</param>
    [Alias("Count")]
    ValueTask CountAsync(ushort[] numbers, int[] counts);

    /// <summary>What changed after a version.</summary>
    /// <param name="life">The life of the directory that the version is of; of another one everything is new.</param>
    [Alias("Read")]
    ValueTask<SourceChanges> ReadAsync(Guid life, long version);
}
