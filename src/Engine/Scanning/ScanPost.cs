using System.Buffers.Binary;
using System.Security.Cryptography;
using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// One accepted list of reports: who sent it and its records (<see cref="ScanRecord"/>). Reused, so that a report costs no allocation.
/// </summary>
public sealed class ScanPost
{
    // Odd, so that the reports of a post have hashes of their own.
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;
    private byte[] _bytes = new byte[16 * 1024];
    private byte[] _identified = [];

    public VirtualKind Kind { get; internal set; }

    /// <summary>UUID of the virtual datasource.</summary>
    public Guid Source { get; internal set; }

    /// <summary>Name that it calls itself by.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Name of the key that it came with, "" for none.</summary>
    public string Owner { get; set; } = "";

    /// <summary>Who sends it, as posts wait for their turn: a key and a network.</summary>
    public string Caller { get; set; } = "";

    /// <summary>What tells a repetition of this post, of its source and what that calls it; 0 where it does not.</summary>
    public ulong Id { get; private set; }

    /// <summary>Nanoseconds since 1970 when it came.</summary>
    public long ReceivedNs { get; private set; }

    public int Count { get; private set; }

    /// <summary>Reports whose time lay ahead of the server's clock and was set to it.</summary>
    public int AheadOfTime { get; internal set; }

    /// <summary>Bytes of <see cref="Records"/>.</summary>
    public int Length { get; private set; }

    /// <summary>The records, one after the other.</summary>
    public ReadOnlySpan<byte> Records => _bytes.AsSpan(0, Length);

    /// <summary>Where the parser puts what must be decoded.</summary>
    internal byte[] Scratch { get; set; } = new byte[1024];

    /// <summary>Room that it keeps when it is put aside.</summary>
    public int Capacity => _bytes.Length + _identified.Length + Scratch.Length;

    internal void Reset(VirtualKind kind, long receivedNs)
    {
        Kind = kind;
        ReceivedNs = receivedNs;
        Source = default;
        Name = Owner = Caller = "";
        Id = 0;
        Clear();
    }

    internal void Clear()
    {
        Count = 0;
        Length = 0;
        AheadOfTime = 0;
    }

    /// <summary>Gives each of its reports, and itself, what tells its repetition.</summary>
    /// <param name="reportId">What the source calls the post.</param>
    internal void Identify(ReadOnlySpan<byte> reportId)
    {
        // No hash that a sender could find another one's post by.
        Span<byte> named = stackalloc byte[16 + ScanParser.MaxReportId];
        _ = Source.TryWriteBytes(named);
        reportId.CopyTo(named[16..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(named[..(16 + reportId.Length)], digest);
        Id = Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(digest));
        int need = Length + (Count * ScanRecord.HashBytes);
        if (_identified.Length < need)
        {
            _identified = new byte[Math.Max(need, _bytes.Length)];
        }
        int to = 0;
        ReadOnlySpan<byte> rest = Records;
        for (int i = 0; i < Count; i++)
        {
            int bytes = ScanRecord.Read(rest, out ScanRecord record);
            ReadOnlySpan<byte> payload = rest[(bytes - record.PayloadBytes)..bytes];
            rest = rest[bytes..];
            record.PayloadBytes += ScanRecord.HashBytes;
            record.Hash = Math.Max(1, unchecked(Id + ((ulong)i * Spread)));
            Span<byte> room = _identified.AsSpan(to);
            record.Write(room);
            payload.CopyTo(room[record.HeadBytes..]);
            BinaryPrimitives.WriteUInt64LittleEndian(room[(record.HeadBytes + payload.Length)..], record.Hash);
            to += record.HeadBytes + record.PayloadBytes;
        }
        (_bytes, _identified, Length) = (_identified, _bytes, to);
    }

    /// <summary>Room for another record.</summary>
    internal Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length - Length < bytes)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes));
        }
        return _bytes.AsSpan(Length);
    }

    /// <summary>The record that was written into the room is one.</summary>
    internal void Advance(int bytes)
    {
        Length += bytes;
        Count++;
    }
}
