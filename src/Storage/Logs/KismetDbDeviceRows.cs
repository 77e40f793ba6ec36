using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// Writes rows of devices into a kismetdb: of those that the file has packets of (<see cref="SeenDevices"/>), and of those that changed without a packet,
/// as scanners report them. Asks for some at a time and writes them when they have come, so that packets do not wait. Used by the log's thread alone.
/// </summary>
internal sealed class KismetDbDeviceRows(IBackend backend, LogOptions options)
{
    // Some 2 MB of JSON, which a partition writes in a few milliseconds.
    private const int MostAsked = 128;

    // More wait for their row only while the file's packets wait, too: what waits must fit into the file, and be written when the log is stopped.
    private const int MostWaiting = 1_000;

    // A file that shall hold so few bytes that this part of them is no row is still one device behind.
    private const int WaitingShare = 50;
    private static readonly TimeSpan s_heldUp = TimeSpan.FromSeconds(1);

    // A cluster that is changing answers within this time.
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(15);

    // By then a partition has applied what it was given.
    private static readonly TimeSpan s_applied = TimeSpan.FromMilliseconds(100);
    private static readonly DeviceShape s_shape = new(RecordFormat.ItJson, null);
    private readonly Queue<DeviceId> _others = new();
    private readonly HashSet<DeviceId> _absent = [];
    private HashSet<DeviceId> _elsewhere = [];
    private HashSet<DeviceId> _elsewhereBefore = [];
    private Task<DeviceWindow[]>? _listing;
    private Task<IReadOnlyList<Share>>? _asked;
    private DeviceId[] _ids = [];
    private bool _askedWaiting;
    private int _ready;
    private long _second;
    private long _listed;
    private long _listingSince;

    /// <summary>Whether there is more to be written as soon as it has come.</summary>
    public bool IsBusy => _asked is not null || _ready > 0;

    /// <summary>The log begins: what changes from now on belongs to it.</summary>
    public void Begin(long now) => _listed = now;

    /// <summary>A file ends that is not the last: what is in it is not for the next.</summary>
    public void End(KismetDbFile file)
    {
        _elsewhere.UnionWith(file.Seen.All);
        _absent.Clear();
        _ready = 0;
    }

    /// <summary>Rows of what changed since the last call are due.</summary>
    public void Renew(KismetDbFile file, long now)
    {
        AskAgain(file);
        file.Seen.Renew();
        _ready += file.Seen.Due;
        if (_listing is null && _others.Count == 0)
        {
            (_listing, _listingSince) = (ListAsync(), _listed);
            // The second of now is not over: what changes in it after this is listed next time.
            _listed = now;
        }
    }

    /// <summary>Whether packets have to wait for rows.</summary>
    public bool IsBehind(KismetDbFile file) => file.Seen.Waiting >= Most(file);

    /// <summary>Writes what has come, and asks for more.</summary>
    /// <param name="idle">No packets wait, so that all devices are known that those until now name.</param>
    public void Step(KismetDbFile file, bool idle, long now)
    {
        if (idle && _listing is { IsCompleted: true })
        {
            TakeListing(file);
        }
        while (_others.Count > 0 && !IsBehind(file))
        {
            file.Seen.Add(_others.Dequeue());
        }
        if (now != _second)
        {
            _second = now;
            _ready = file.Seen.Waiting + file.Seen.Due;
        }
        do
        {
            if (_asked is { } asked && ((!asked.IsCompleted && !(IsBehind(file) && Wait(asked, s_heldUp))) || !Write(file)))
            {
                return;
            }
            Ask(file);
        }
        while (_asked is not null && IsBehind(file));
    }

    /// <summary>Writes the rows that are missing in a file, and newer ones as long as there is time and room.</summary>
    /// <param name="last">Whether no file follows that could take devices which changed without a packet.</param>
    /// <param name="time">Time that there is.</param>
    /// <returns>How many rows are older than their devices, or are not there at all.</returns>
    public int Finish(KismetDbFile file, bool last, TimeSpan time)
    {
        long begun = backend.Clock.GetTimestamp();
        if (last)
        {
            if (_listing is { } earlier && Wait(earlier, time))
            {
                TakeListing(file);
            }
            // What changed after that one was made.
            (_listing, _listingSince) = (ListAsync(), _listed);
            if (Wait(_listing, time))
            {
                TakeListing(file);
            }
            while (_others.Count > 0 && (options.MaxBytes == 0 || !file.IsFull(options.MaxBytes)))
            {
                file.Seen.Add(_others.Dequeue());
            }
        }
        bool renewed = false;
        int absent = int.MaxValue;
        while (true)
        {
            if (_asked is { } asked)
            {
                if (!Wait(asked, Left(_askedWaiting)) || !Write(file))
                {
                    break;
                }
                // All devices in one transaction would be a journal of their size.
                file.Tend();
            }
            if (file.Seen.Waiting == 0 && file.Seen.Due == 0 && !renewed)
            {
                if (_absent.Count > 0 && _absent.Count < absent)
                {
                    // Their packets came here before they came to be. Those that never come to be are what is left when there are no fewer.
                    absent = _absent.Count;
                    Thread.Sleep(s_applied);
                    AskAgain(file);
                }
                file.Seen.Renew();
                renewed = file.Seen.Due == 0;
            }
            bool waiting = file.Seen.Waiting > 0;
            bool room = waiting || options.MaxBytes == 0 || file.Bytes < options.MaxBytes;
            _ready = file.Seen.Waiting + file.Seen.Due;
            if (_ready == 0 || !room || Left(waiting) <= TimeSpan.Zero)
            {
                break;
            }
            Ask(file);
        }
        // That a full file has rows from before its end is as it should be: the next one has newer ones of what is seen again.
        int left = (last ? file.Seen.Behind + _others.Count : file.Seen.Waiting) + (_asked is not null && (last || _askedWaiting) ? _ids.Length : 0);
        // Whoever is still to answer answers for a file that is closed.
        _asked = null;
        _ready = 0;
        return left;

        // A packet's device has a row in its file, as long as that takes; but a server that ends does not wait for it for long.
        TimeSpan Left(bool waiting) => waiting && !last ? s_answer : time + (waiting ? s_heldUp : TimeSpan.Zero) - backend.Clock.GetElapsedTime(begun);
    }

    private int Most(KismetDbFile file) =>
        options.MaxBytes == 0 ? MostWaiting : (int)Math.Clamp(options.MaxBytes / WaitingShare / file.RowBytes, 1, MostWaiting);

    private void Ask(KismetDbFile file)
    {
        if (_asked is not null || (_ready <= 0 && !IsBehind(file)))
        {
            return;
        }
        _askedWaiting = file.Seen.Waiting > 0;
        _ids = file.Seen.Take(_askedWaiting, MostAsked);
        _ready = _ids.Length == 0 ? 0 : _ready - _ids.Length;
        _asked = _ids.Length == 0 ? null : AskAsync(_ids);
    }

    // Whether they came.
    private bool Write(KismetDbFile file)
    {
        Task<IReadOnlyList<Share>> asked = _asked!;
        _asked = null;
        if (!asked.IsCompletedSuccessfully)
        {
            // A cluster that is changing; asked for again in a second.
            file.Seen.Return(_ids, _askedWaiting);
            _ready = 0;
            return false;
        }
        long before = file.Measure();
        int rows = 0;
        foreach (Share share in asked.Result)
        {
            using DeviceChunk chunk = share.Chunk;
            int from = 0;
            for (int i = 0; i < share.Ids.Length; i++)
            {
                int to = chunk.Ends![i];
                if (to == from)
                {
                    _ = _absent.Add(share.Ids[i]);
                }
                else
                {
                    rows += KismetDbDevices.Write(file, chunk.Body.Written.Span[from..to]) ? 1 : 0;
                }
                from = to;
            }
        }
        file.Seen.Answered();
        file.Grew(before, _askedWaiting ? rows : 0);
        return true;
    }

    private void AskAgain(KismetDbFile file)
    {
        foreach (DeviceId id in _absent)
        {
            file.Seen.Add(id);
        }
        _absent.Clear();
    }

    private async Task<IReadOnlyList<Share>> AskAsync(DeviceId[] ids) => await Task.WhenAll(
        ids.GroupBy(id => Partitioning.Of(id, backend.Partitions.Count)).Select(async group =>
        {
            DeviceId[] share = [.. group];
            return new Share(share, await backend.Partitions[group.Key].WriteAsync(share, s_shape));
        }));

    private Task<DeviceWindow[]> ListAsync() => backend.Partitions.SelectAsync(new() { ChangedSince = (uint)_listed }, s_shape, null, int.MaxValue);

    // Those that packets name are known from these, each in the file that has the packets.
    private void TakeListing(KismetDbFile file)
    {
        Task<DeviceWindow[]> listing = _listing!;
        _listing = null;
        if (!listing.IsCompletedSuccessfully)
        {
            // The next one has what this one would have had.
            _listed = _listingSince;
            return;
        }
        foreach (RankedDevice device in listing.Result.SelectMany(static window => window.First))
        {
            if (file.Seen.Has(device.Id))
            {
                file.Seen.Add(device.Id);
            }
            else if (!_elsewhere.Contains(device.Id) && !_elsewhereBefore.Contains(device.Id))
            {
                _others.Enqueue(device.Id);
            }
        }
        (_elsewhereBefore, _elsewhere) = (_elsewhere, []);
    }

    // Whether it has ended in time, well or not.
    private static bool Wait(Task task, TimeSpan time) => Task.WaitAny([task], time < TimeSpan.Zero ? TimeSpan.Zero : time) == 0;

    private sealed record Share(DeviceId[] Ids, DeviceChunk Chunk);
}
