using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Json;

/// <summary>The server's datasources by number.</summary>
public interface ISourceDirectory
{
    IReadOnlyList<DatasourceRecord> All { get; }

    /// <summary>The source of a number; null when there is none.</summary>
    DatasourceRecord? Find(ushort number);

    /// <summary>The source of a UUID; null when there is none.</summary>
    DatasourceRecord? Find(Guid uuid) => All.FirstOrDefault(source => source.Uuid == uuid);

    /// <summary>Whether there was a source of a number and is none any more; false where that is not known.</summary>
    bool IsForgotten(ushort number) => false;
}

/// <summary>
/// What records need beside themselves while one answer is written. Make one for each answer and each writer of it: it keeps what was
/// printed of the datasources, which every device repeats in full. Not thread-safe.
/// </summary>
public sealed class RecordContext
{
    /// <summary>A context without a clock and without sources.</summary>
    internal static readonly RecordContext None = new();

    private readonly Dictionary<(ushort Number, Style Style), byte[]> _printed = [];

    /// <summary>Unix second of this answer.</summary>
    public uint Now { get; init; }

    /// <summary>UUID of the server.</summary>
    public Guid ServerUuid { get; init; }

    /// <summary>The server's sources.</summary>
    public ISourceDirectory Sources { get; init; } = NoSources.Instance;

    /// <summary>Who estimates where devices are; null where nobody does.</summary>
    public ILocator? Locator { get; init; }

    /// <summary>Writes the record of a source, <c>{}</c> where there is none.</summary>
    internal void WriteSource(ushort number, JsonOut json, Style style)
    {
        if (_printed.TryGetValue((number, style), out byte[]? printed))
        {
            json.Raw(printed);
            return;
        }
        DatasourceRecord? source = Sources.Find(number);
        if (source is null)
        {
            json.Raw("{}"u8);
            return;
        }
        int start = json.Length;
        DatasourceTable.Table.Write(source, json, style);
        _printed.Add((number, style), json.WrittenSpan[start..].ToArray());
    }

    private sealed class NoSources : ISourceDirectory
    {
        public static readonly NoSources Instance = new();

        public IReadOnlyList<DatasourceRecord> All => [];

        public DatasourceRecord? Find(ushort number) => null;
    }
}
