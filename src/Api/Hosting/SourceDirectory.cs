using KismetOrleans.Grains.Datasources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Hosting;

/// <summary>The datasources of this process, numbered from 1. Read by any thread: the list is replaced, never changed.</summary>
public sealed class SourceDirectory : ISourceDirectory
{
    private readonly Lock _adding = new();
    private volatile Datasource[] _sources = [];

    /// <inheritdoc/>
    public IReadOnlyList<DatasourceRecord> All => [.. _sources.Select(static source => source.Record)];

    /// <inheritdoc/>
    public DatasourceRecord? Find(ushort number)
    {
        Datasource[] sources = _sources;
        return number >= 1 && number <= sources.Length ? sources[number - 1].Record : null;
    }

    /// <summary>Adds a datasource under the next number.</summary>
    public Datasource Add(Func<ushort, Datasource> create)
    {
        lock (_adding)
        {
            Datasource source = create((ushort)(_sources.Length + 1));
            _sources = [.. _sources, source];
            return source;
        }
    }
}
