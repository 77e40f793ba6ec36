using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Storage.Logs;

/// <summary>Logs that this process writes into files.</summary>
/// <param name="backend">Where packets and all else come from.</param>
/// <param name="filters">What they leave out.</param>
/// <param name="stored">Packets that are kept elsewhere, and asked for where no kismetdb is open; null for none.</param>
public sealed class FileLogs(IBackend backend, LogOptions options, FilterGate filters, FaultReport faults, IPacketHistory? stored = null) : ILogs, IAsyncDisposable
{
    // Closed ones stay in the list, as in Kismet, but not forever.
    private const int MaxClosed = 100;

    // A cluster that is changing answers within this time.
    private static readonly TimeSpan s_filtersKnown = TimeSpan.FromSeconds(15);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<LogRecord> All
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries.Select(static entry => entry.Run.Record)];
            }
        }
    }

    public IPacketHistory? History => Open(LogDrivers.Kismet) is { Kind: KismetDbKind kind, Run: { } run } ? new KismetDbHistory(kind, run) : stored;

    /// <summary>Takes logs of earlier servers, of every kind, and the folders of those to come from other accounts of the machine.</summary>
    /// <returns>What is to be told of each that others could read.</returns>
    public IReadOnlyList<string> Tighten()
    {
        try
        {
            LogFiles[] all = [.. LogDrivers.All.Select(driver => new LogFiles(options, driver, options.Title, backend.Clock))];
            // A folder without logs to come may be anything: the one that the server was started in.
            IEnumerable<string> folders = all.Zip(LogDrivers.All).Where(one => options.Types.Contains(one.Second.Class)).Select(static one => one.First.Folder).Distinct();
            return
            [
                .. all.SelectMany(static files => files.Tighten()),
                .. folders.Select(folder => OwnerOnly.TightenFolder(folder, name => Array.Exists(all, files => files.IsOurs(name)))).OfType<string>(),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"Whether others can read the logs cannot be told: {e.Message}"];
        }
    }

    public async ValueTask<LogRecord> StartAsync(LogDriver kind, string? title)
    {
        if (title is not null && LogTemplate.WrongTitle(title) is { } wrong)
        {
            throw new LogException($"title: {wrong}");
        }
        await _changing.WaitAsync();
        try
        {
            if (kind.Singleton && Open(kind) is not null)
            {
                throw new LogException($"a log of the kind {kind.Class} is open already");
            }
            return await OpenAsync(kind, title ?? options.Title);
        }
        finally
        {
            _ = _changing.Release();
        }
    }

    public async ValueTask<bool> StopAsync(Guid uuid)
    {
        Entry? entry;
        lock (_entries)
        {
            entry = _entries.Find(entry => entry.Run.Record is { Open: true } record && record.Uuid == uuid);
        }
        if (entry is null)
        {
            return false;
        }
        await StopAsync(entry.Run);
        return true;
    }

    public async ValueTask<bool> NoteAsync(string note)
    {
        if (Open(LogDrivers.Kismet) is not { Kind: KismetDbKind kind, Run: { } run })
        {
            return false;
        }
        return await run.DoAsync(file =>
        {
            kind.Note((KismetDbFile)file, note);
            return true;
        });
    }

    /// <summary>Closes all logs; completes when their files are closed.</summary>
    public async Task StopAllAsync()
    {
        Entry[] open;
        lock (_entries)
        {
            open = [.. _entries.Where(static entry => entry.Run.Record.Open)];
        }
        await Task.WhenAll(open.Select(entry => StopAsync(entry.Run)));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        _changing.Dispose();
    }

    private Entry? Open(LogDriver kind)
    {
        lock (_entries)
        {
            return _entries.Find(entry => entry.Run.Record is { Open: true } record && record.Driver == kind);
        }
    }

    private async Task StopAsync(LogRun run)
    {
        // What waits in its queue is still written.
        _ = await backend.Streams.CloseAsync(run.StreamId);
        await run.Ended;
    }

    private async Task<LogRecord> OpenAsync(LogDriver driver, string title)
    {
        await FiltersKnownAsync();
        LogFiles files = new(options, driver, title, backend.Clock);
        ILogKind kind = KindOf(driver);
        FileStream created = files.Create();
        string path = created.Name;
        ILogFile? first = null;
        IPacketStream? stream = null;
        try
        {
            first = kind.Begin(created);
            stream = await backend.Streams.OpenAsync(new(PacketFilter.All, Path.GetFileName(path), $"log {path}", StreamRequest.LogPath, Holds: true))
                ?? throw new LogException("there are too many packet streams already (Streams:MaxOpen)");
            LogRecord record = new(Guid.NewGuid(), driver, path, options.Template, Open: true);
            LogRun run = new(record, options, files, kind, first, stream, backend.Clock, Publish, faults);
            lock (_entries)
            {
                _entries.Add(new(run, kind));
                foreach (Entry old in _entries.Where(static entry => !entry.Run.Record.Open).SkipLast(MaxClosed).ToArray())
                {
                    _ = _entries.Remove(old);
                }
            }
            foreach (string removed in files.Retain(path))
            {
                kind.Forget(removed);
            }
            run.Start();
            stream = null;
            _ = run.Ended.ContinueWith(async _ => await run.DisposeAsync(), TaskScheduler.Default);
            Publish(run, $"Log '{path}' opened", error: false);
            if (driver == LogDrivers.Kismet)
            {
                backend.Publish(ServerEvents.LogOpened());
            }
            return record;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteFault)
        {
            throw new LogException(e.Message, e);
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }
        }
    }

    // A log that began without them would take what it shall not.
    private async Task FiltersKnownAsync()
    {
        try
        {
            await filters.Known.WaitAsync(s_filtersKnown, backend.Clock);
        }
        catch (TimeoutException e)
        {
            throw new LogException("what the log shall leave out is not known: the cluster does not answer", e);
        }
    }

    private ILogKind KindOf(LogDriver driver) => driver.Class switch
    {
        "kismet" => new KismetDbKind(backend, options, filters),
        "pcapng" => new PacketsKind(file => new PcapngFile(file, backend.Sources, options.DataPackets)),
        "pcapppi" => new PacketsKind(file => new PpiFile(file, options.DataPackets)),
        "wiglecsv" => new WigleKind(backend, options),
        _ => throw new LogException($"logs of the kind {driver.Class} cannot be written here"),
    };

    private void Publish(LogRun run, string text, bool error)
    {
        backend.Publish([new(text, error ? MessageFlags.Error : MessageFlags.Info, (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds())]);
        if (error && !run.Record.Open)
        {
            backend.Alerts.Report(SystemAlerts.LogDisabled(text));
        }
    }

    private sealed record Entry(LogRun Run, ILogKind Kind);
}
