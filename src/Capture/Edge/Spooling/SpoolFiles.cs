using KismetOrleans.Packets.Files;
using KismetOrleans.Packets.Protocol;
using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Capture.Edge.Spooling;

/// <summary>The files of a spool. Not thread-safe.</summary>
internal sealed class SpoolFiles : IDisposable
{
    private const string LockName = "lock";
    private const string StateName = "state";
    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly SafeFileHandle _stateHandle;
    private readonly List<SpoolSegment> _segments = [];
    private SafeFileHandle? _active;

    private SpoolFiles(string folder, FileStream @lock, SafeFileHandle stateHandle)
    {
        _folder = folder;
        _lock = @lock;
        _stateHandle = stateHandle;
    }

    /// <summary>What was remembered when the files were opened.</summary>
    public SpoolState State { get; private set; }

    public SpoolSegment Active => _segments[^1];

    /// <summary>The oldest segment beside the active one; null without.</summary>
    public SpoolSegment? Oldest => _segments.Count > 1 ? _segments[0] : null;

    public long Bytes { get; private set; }

    /// <summary>Opens the files of a folder, cuts off torn ends, makes what is missing.</summary>
    /// <exception cref="IOException">Somebody else has them, or they cannot be written.</exception>
    public static SpoolFiles Open(string folder, ulong now)
    {
        OwnerOnly.CreateFolder(folder);
        if (OwnerOnly.TightenFolder(folder) is { } warning)
        {
            Console.Error.WriteLine(warning);
        }
        FileStream held = OwnerOnly.Open(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileShare.None);
        SafeFileHandle? state = null;
        try
        {
            state = OwnerOnly.OpenHandle(Path.Combine(folder, StateName), FileMode.OpenOrCreate, FileShare.Read);
            SpoolFiles files = new(folder, held, state);
            files.Recover(now);
            return files;
        }
        catch
        {
            state?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>The first batch that is there behind a number; the next to be written when there is none.</summary>
    public ulong FirstAfter(ulong sequence)
    {
        SpoolSegment? segment = Find(sequence + 1);
        return segment is null ? Active.Next : Math.Max(sequence + 1, segment.First);
    }

    /// <summary>The first segment that has a batch of at least a number.</summary>
    public SpoolSegment? Find(ulong sequence)
    {
        // There are about a hundred, and the wanted one is mostly the last or the first.
        if (Active.Batches > 0 && sequence >= Active.First)
        {
            return sequence < Active.Next ? Active : null;
        }
        foreach (SpoolSegment segment in _segments)
        {
            if (segment.Batches > 0 && sequence < segment.Next)
            {
                return segment;
            }
        }
        return null;
    }

    public long BatchesAfter(ulong sequence)
    {
        long batches = 0;
        foreach (SpoolSegment segment in _segments)
        {
            batches += sequence < segment.First ? segment.Batches : Math.Max(0, (long)(segment.Next - 1) - (long)sequence);
        }
        return batches;
    }

    /// <summary>Ends the active segment and begins another; one that has no batch is begun anew.</summary>
    public void Begin(ulong bootId, ulong first, ulong firstPacket)
    {
        if (_active is not null && Active.Batches == 0)
        {
            Recycle(bootId, first, firstPacket);
            return;
        }
        SpoolSegment segment = SpoolSegment.Create(_folder, bootId, first, firstPacket, out SafeFileHandle handle);
        _active?.Dispose();
        _active = handle;
        _segments.Add(segment);
        Bytes += segment.Length;
    }

    /// <summary>The active segment, none of whose batches is wanted any more, becomes an empty one: that takes no room on the disk, and gives back what it had.</summary>
    public void Recycle(ulong bootId, ulong first, ulong firstPacket)
    {
        SpoolSegment segment = Active.Recycle(_folder, _active!, bootId, first, firstPacket);
        Bytes += segment.Length - Active.Length;
        _segments[^1] = segment;
    }

    public void Write(ReadOnlySpan<byte> frame, in BatchHeader header, bool sync)
    {
        RandomAccess.Write(_active!, frame, Active.Length);
        if (sync)
        {
            RandomAccess.FlushToDisk(_active!);
        }
        Active.Added(frame.Length, header);
        Bytes += frame.Length;
    }

    /// <summary>Deletes segments whose batches are all up to a number, but for the active one.</summary>
    public void DeleteUpTo(ulong sequence)
    {
        while (Oldest is { } oldest && oldest.Next <= sequence + 1)
        {
            DeleteOldest();
        }
    }

    public void DeleteOldest()
    {
        File.Delete(_segments[0].Path);
        Bytes -= _segments[0].Length;
        _segments.RemoveAt(0);
    }

    public void Remember(in SpoolState state) => state.Write(_stateHandle);

    public void Dispose()
    {
        _active?.Dispose();
        _stateHandle.Dispose();
        _lock.Dispose();
    }

    private void Recover(ulong now)
    {
        byte[] buffer = new byte[SpoolOptions.LongestRecord];
        bool known = SpoolState.TryRead(_stateHandle, out SpoolState state);
        bool damaged = false;
        foreach (string path in Directory.EnumerateFiles(_folder, "*" + SpoolSegment.Extension).Order(StringComparer.Ordinal))
        {
            long length = new FileInfo(path).Length;
            SpoolSegment? segment = SpoolSegment.Recover(path, buffer);
            if (segment is null || (_segments.Count > 0 && segment.First < Active.Next))
            {
                // Its header is torn: it was being begun, and has no batch.
                File.Delete(path);
                continue;
            }
            if (_segments.Count > 0 && segment.FirstPacket > Active.NextPacket && damaged)
            {
                state.Lost += segment.FirstPacket - Active.NextPacket;
            }
            damaged = segment.Length < length;
            _segments.Add(segment);
            Bytes += segment.Length;
        }
        if (!known)
        {
            state.BootId = _segments.Count > 0 ? _segments.Max(static s => s.BootId) : now;
        }
        ulong next = Math.Max(state.Saved + 1, _segments.Count > 0 ? Active.Next : 1);
        if (_segments.Count == 0 || Active.Next != next)
        {
            Begin(state.BootId, next, _segments.Count > 0 ? Active.NextPacket : 0);
        }
        else
        {
            _active = File.OpenHandle(Active.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        DeleteUpTo(state.Saved);
        State = state;
        Remember(state);
    }
}
