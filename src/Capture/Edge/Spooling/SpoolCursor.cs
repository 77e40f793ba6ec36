using KismetOrleans.Packets.Protocol;
using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Capture.Edge.Spooling;

internal sealed class SpoolCursor : IDisposable
{
    private SafeFileHandle? _handle;
    private SpoolSegment? _segment;
    private ulong _at;
    private long _offset;

    /// <summary>The batch to read next, or the first behind it.</summary>
    public ulong Next { get; set; } = 1;

    /// <summary>Reads the next batch from the segment that has it.</summary>
    /// <returns>False where the segment is gone or damaged.</returns>
    public bool TryRead(SpoolSegment segment, long end, byte[] buffer, out int length, out BatchHeader header)
    {
        length = 0;
        header = default;
        if (!TryOpen(segment))
        {
            return false;
        }
        ulong wanted = Math.Max(Next, segment.First);
        while (_at <= wanted)
        {
            if (!SpoolSegment.TryReadAt(_handle!, _offset, end, buffer, out length, out header) || header.Sequence != _at)
            {
                Close();
                return false;
            }
            _offset += length;
            _at++;
        }
        Next = _at;
        return true;
    }

    public void Dispose() => Close();

    private bool TryOpen(SpoolSegment segment)
    {
        if (_segment == segment && _at <= Math.Max(Next, segment.First))
        {
            return true;
        }
        Close();
        try
        {
            _handle = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException)
        {
            return false;
        }
        (_segment, _at, _offset) = (segment, segment.First, SpoolSegment.HeaderLength);
        return true;
    }

    private void Close()
    {
        _handle?.Dispose();
        (_handle, _segment) = (null, null);
    }
}
