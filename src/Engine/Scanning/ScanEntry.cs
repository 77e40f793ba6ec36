using System.Buffers.Binary;
using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// An entry of the journal: several posts, as they were accepted together. Little-endian: version (1 byte), then for each post the number of its
/// source (2), its kind (1), the number of its reports (4), the bytes of its records (4), the records (<see cref="ScanRecord"/>).
/// </summary>
internal sealed class ScanEntry
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 1;

    private const int PostHeadBytes = 11;
    private byte[] _bytes = new byte[64 * 1024];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    /// <summary>Room that it keeps.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _bytes[0] = Version;
        Length = 1;
    }

    public void Add(ScanPost post, ushort source)
    {
        int need = Length + PostHeadBytes + post.Length;
        if (need > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(need, _bytes.Length * 2));
        }
        Span<byte> to = _bytes.AsSpan(Length);
        BinaryPrimitives.WriteUInt16LittleEndian(to, source);
        to[2] = (byte)post.Kind;
        BinaryPrimitives.WriteInt32LittleEndian(to[3..], post.Count);
        BinaryPrimitives.WriteInt32LittleEndian(to[7..], post.Length);
        post.Records.CopyTo(to[PostHeadBytes..]);
        Length = need;
    }

    /// <summary>Where a reader of an entry stands.</summary>
    public struct Cursor
    {
        private int _next;
        private int _end;

        /// <summary>The source of the record that was read last.</summary>
        public ushort Source { get; private set; }

        public VirtualKind Kind { get; private set; }

        /// <summary>Reads the next record.</summary>
        /// <param name="entry">The entry, the same at each call.</param>
        /// <returns>False at the end.</returns>
        /// <exception cref="InvalidDataException">The entry is damaged, or of a later version.</exception>
        public bool TryRead(ReadOnlySpan<byte> entry, out ScanRecord record, out ReadOnlySpan<byte> payload)
        {
            payload = default;
            record = default;
            if (_next == 0)
            {
                if (entry.IsEmpty || entry[0] != Version)
                {
                    throw new InvalidDataException("a journal entry of another version");
                }
                _next = _end = 1;
            }
            while (_next == _end)
            {
                if (_next == entry.Length)
                {
                    return false;
                }
                OpenPost(entry);
            }
            int bytes = ScanRecord.Read(entry[_next.._end], out record);
            if (bytes < 0)
            {
                throw new InvalidDataException("a journal entry is damaged: a record ends too early");
            }
            _next += bytes;
            payload = entry.Slice(_next - record.PayloadBytes, record.PayloadBytes);
            return true;
        }

        private void OpenPost(ReadOnlySpan<byte> entry)
        {
            ReadOnlySpan<byte> head = entry[_next..];
            int length = head.Length < PostHeadBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(head[7..]);
            if (length < 0 || length > head.Length - PostHeadBytes || head[2] > (byte)VirtualKind.Bluetooth)
            {
                throw new InvalidDataException("a journal entry is damaged: a post ends too early");
            }
            Source = BinaryPrimitives.ReadUInt16LittleEndian(head);
            Kind = (VirtualKind)head[2];
            _next += PostHeadBytes;
            _end = _next + length;
        }
    }
}
