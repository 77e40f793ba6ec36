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
        KismetDbFile made = new(path, backend.Sources, backend.Status.Version, options.DataPackets) { Filters = filters };
        _records.Begin();
        lock (_changing)
        {
            _files = new(_files.Files.Add(made));
        }
        return made;
    }

    public bool Step(ILogFile file)
    {
        _records.Step((KismetDbFile)file);
        return _records.IsBusy;
    }

    public void Finish(ILogFile file, bool last) => _records.Finish((KismetDbFile)file, last);

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

    /// <summary>Writes a note of the user.</summary>
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

    public bool Step(ILogFile file) => false;

    public void Finish(ILogFile file, bool last)
    {
    }

    public void Forget(string? path)
    {
    }
}
