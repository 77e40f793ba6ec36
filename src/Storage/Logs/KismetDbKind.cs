using System.Collections.Immutable;
using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Server;

namespace KismetOrleans.Storage.Logs;

/// <summary>Logs of the kind <c>kismet</c>.</summary>
internal sealed class KismetDbKind(IBackend backend, LogOptions options, FilterGate filters) : ILogKind
{
    private readonly KismetDbRecords _records = new(backend, options);
    private readonly Lock _changing = new();
    private volatile Box _files = new([]);

    /// <summary>Files that can be asked, oldest first.</summary>
    public ImmutableArray<KismetDbFile> Files => _files.Files;

    public ILogFile Begin(FileStream file)
    {
        string path = file.Name;
        // SQLite opens it itself.
        file.Dispose();
        KismetDbFile? before = Files.LastOrDefault();
        KismetDbFile made = new(path, backend.Sources, backend.Status.Version, options.DataPackets) { Filters = filters };
        made.RowBytes = before?.RowBytes ?? made.RowBytes;
        _records.Begin(first: before is null);
        lock (_changing)
        {
            _files = new(_files.Files.Add(made));
        }
        return made;
    }

    public bool EndsSoon => true;

    public bool IsBehind(ILogFile file) => _records.IsBehind((KismetDbFile)file);

    public bool Step(ILogFile file, bool idle)
    {
        _records.Step((KismetDbFile)file, idle);
        return _records.IsBusy;
    }

    public string? Finish(ILogFile file, bool last, TimeSpan time)
    {
        int left = _records.Finish((KismetDbFile)file, last, time);
        return left == 0 ? null : $"{left} devices have no row, or an older one, in '{((KismetDbFile)file).Path}': there was no time to write more";
    }

    public void Forget(string? path)
    {
        lock (_changing)
        {
            foreach (KismetDbFile gone in _files.Files.Where(file => path is null || file.Path == path))
            {
                gone.Index.Dispose();
                gone.Leaves.Dispose();
                _files = new(_files.Files.Remove(gone));
            }
        }
    }

    public void Note(KismetDbFile file, string note)
    {
        using MemoryStream json = new();
        using (System.Text.Json.Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteString("note", note);
            writer.WriteEndObject();
        }
        _records.WriteSnapshot(file, "POI", json.ToArray());
    }

    private sealed record Box(ImmutableArray<KismetDbFile> Files);
}

/// <summary>Logs that hold packets and nothing else.</summary>
internal sealed class PacketsKind(Func<FileStream, ILogFile> begin) : ILogKind
{
    public ILogFile Begin(FileStream file) => begin(file);

    public bool Step(ILogFile file, bool idle) => false;

    public string? Finish(ILogFile file, bool last, TimeSpan time) => null;

    public void Forget(string? path)
    {
    }
}
