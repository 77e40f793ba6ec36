using System.Buffers.Binary;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Fingerprints;

/// <summary>Fingerprints at one time; immutable, so that any thread may look things up.</summary>
public sealed class FingerprintList
{
    /// <summary>Fingerprints that are kept at most: three for each device of a large campus. They are written as a whole.</summary>
    internal const int MaxCount = 65_536;

    /// <summary>The list without any.</summary>
    public static readonly FingerprintList Empty = new([]);

    // Version of the form in which they are kept.
    private const byte Form = 1;
    private const int EntryBytes = sizeof(ulong) + (3 * sizeof(uint)) + 1;
    private readonly Dictionary<MacAddress, Fingerprint> _byAddress;

    /// <summary>A list of fingerprints, each of another device.</summary>
    public FingerprintList(IEnumerable<Fingerprint> all)
    {
        All = [.. all.OrderBy(static one => one.Address.Value)];
        _byAddress = All.ToDictionary(static one => one.Address);
    }

    /// <summary>All of them, by address.</summary>
    public IReadOnlyList<Fingerprint> All { get; }

    /// <summary>The fingerprint of a device; null without.</summary>
    internal Fingerprint? Find(MacAddress address) => _byAddress.GetValueOrDefault(address);

    /// <summary>Writes them.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[1 + (All.Count * EntryBytes)];
        bytes[0] = Form;
        Span<byte> rest = bytes.AsSpan(1);
        foreach (Fingerprint one in All)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, one.Address.Value);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[8..], one.Beacon);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[12..], one.Probe);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], one.Response);
            rest[20] = one.Allowed ? (byte)1 : (byte)0;
            rest = rest[EntryBytes..];
        }
        return bytes;
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidDataException">They were written by something else.</exception>
    public static FingerprintList Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return Empty;
        }
        if (bytes[0] != Form || (bytes.Length - 1) % EntryBytes != 0)
        {
            throw new InvalidDataException($"Fingerprints are in form {bytes[0]}, with {bytes.Length} bytes; this version reads form {Form}.");
        }
        List<Fingerprint> all = [];
        for (bytes = bytes[1..]; !bytes.IsEmpty; bytes = bytes[EntryBytes..])
        {
            all.Add(new(
                new(BinaryPrimitives.ReadUInt64LittleEndian(bytes)), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]), bytes[20] != 0));
        }
        return new(all);
    }
}

internal sealed class FixedFingerprints(FingerprintList list) : IFingerprintSource
{
    /// <summary>The list without any.</summary>
    public static readonly FixedFingerprints None = new(FingerprintList.Empty);

    public FingerprintList Current => list;
}
