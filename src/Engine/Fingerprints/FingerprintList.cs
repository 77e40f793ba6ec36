using System.Buffers.Binary;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Fingerprints;

/// <summary>Fingerprints at one time; immutable, so that any thread may look things up.</summary>
public sealed class FingerprintList
{
    /// <summary>Fingerprints that are kept at most: three for each device of a large campus. They are written as a whole.</summary>
    public const int MaxCount = 65_536;

    /// <summary>The list without any.</summary>
    public static readonly FingerprintList Empty = new([]);

    // Version of the form in which they are kept.
    private const byte Form = 1;
    private const int EntryOctets = sizeof(ulong) + (3 * sizeof(uint)) + 1;
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
    public Fingerprint? Find(MacAddress address) => _byAddress.GetValueOrDefault(address);

    /// <summary>Writes them.</summary>
    public byte[] ToOctets()
    {
        byte[] octets = new byte[1 + (All.Count * EntryOctets)];
        octets[0] = Form;
        Span<byte> rest = octets.AsSpan(1);
        foreach (Fingerprint one in All)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, one.Address.Value);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[8..], one.Beacon);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[12..], one.Probe);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], one.Response);
            rest[20] = one.Allowed ? (byte)1 : (byte)0;
            rest = rest[EntryOctets..];
        }
        return octets;
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidDataException">They were written by something else.</exception>
    public static FingerprintList Read(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
        {
            return Empty;
        }
        if (octets[0] != Form || (octets.Length - 1) % EntryOctets != 0)
        {
            throw new InvalidDataException($"Fingerprints are in form {octets[0]}, with {octets.Length} octets; this version reads form {Form}.");
        }
        List<Fingerprint> all = [];
        for (octets = octets[1..]; !octets.IsEmpty; octets = octets[EntryOctets..])
        {
            all.Add(new(
                new(BinaryPrimitives.ReadUInt64LittleEndian(octets)), BinaryPrimitives.ReadUInt32LittleEndian(octets[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(octets[12..]), BinaryPrimitives.ReadUInt32LittleEndian(octets[16..]), octets[20] != 0));
        }
        return new(all);
    }
}

/// <summary>A list that does not change.</summary>
/// <param name="list">The list.</param>
public sealed class FixedFingerprints(FingerprintList list) : IFingerprintSource
{
    /// <summary>The list without any.</summary>
    public static readonly FixedFingerprints None = new(FingerprintList.Empty);

    /// <inheritdoc/>
    public FingerprintList Current => list;
}
