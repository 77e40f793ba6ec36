using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Grains.Sources;

/// <summary>What changed in the directory of sources.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SourceChanges")]
public sealed class SourceChanges
{
    /// <summary>The life of the directory that <see cref="Version"/> is of.</summary>
    [Id(0)] public Guid Life { get; init; }

    /// <summary>Version up to which this goes.</summary>
    [Id(1)] public long Version { get; init; }

    [Id(2)] public DatasourceRecord[] Records { get; init; } = [];

    /// <summary>What silos write, for those who are none (<see cref="Engine.Observations.FormatVersion"/>); 0 of silos that do not say.</summary>
    [Id(3)] public int Format { get; init; }

    /// <summary>Numbers whose sources were forgotten.</summary>
    [Id(4)] public ushort[] Forgotten { get; init; } = [];

    /// <summary>Whether <see cref="Records"/> are all that there are: others that somebody knows were forgotten.</summary>
    [Id(5)] public bool IsWhole { get; init; }
}
