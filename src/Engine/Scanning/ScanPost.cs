using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// One accepted list of reports: who sent it and its records (<see cref="ScanRecord"/>). Reused, so that a report costs no allocation.
/// </summary>
public sealed class ScanPost
{
    private byte[] _bytes = new byte[16 * 1024];

    /// <summary>What it reports.</summary>
    public VirtualKind Kind { get; internal set; }

    /// <summary>UUID of the virtual datasource.</summary>
    public Guid Source { get; internal set; }

    /// <summary>Name that it calls itself by.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Name of the key that it came with, "" for none.</summary>
    public string Owner { get; set; } = "";

    /// <summary>Nanoseconds since 1970 when it came.</summary>
    public long ReceivedNs { get; private set; }

    /// <summary>Reports.</summary>
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
    public int Capacity => _bytes.Length + Scratch.Length;

    /// <summary>Empties it.</summary>
    internal void Reset(VirtualKind kind, long receivedNs)
    {
        Kind = kind;
        ReceivedNs = receivedNs;
        Source = default;
        Name = Owner = "";
        Clear();
    }

    /// <summary>Forgets the reports.</summary>
    internal void Clear()
    {
        Count = 0;
        Length = 0;
        AheadOfTime = 0;
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
