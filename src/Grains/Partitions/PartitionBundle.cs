using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using KismetOrleans.Engine.Observations;

namespace KismetOrleans.Grains.Partitions;

/// <summary>Batches for several partitions as octets: of each the partition's number, its length, and what <see cref="ObservationCodec"/> writes.</summary>
public sealed class PartitionBundle
{
    // Orleans reads a message's octets into an array of its own; from 85,000 on the garbage collector treats those as expensive ones.
    private const int FullOctets = 64 * 1024;
    private const int HeadOctets = 8;

    // As many as there are messages in the air; more would only be kept for nothing.
    private const int MaxSpare = 128;
    private static readonly ConcurrentBag<PartitionBundle> s_spare = [];
    private readonly ArrayBufferWriter<byte> _octets = new(FullOctets);
    private readonly ArrayBufferWriter<byte> _batch = new();
    private readonly List<int> _partitions = [];

    private PartitionBundle()
    {
    }

    /// <summary>The partitions, in the order in which their batches were added.</summary>
    public IReadOnlyList<int> Partitions => _partitions;

    /// <summary>The octets so far.</summary>
    public ReadOnlyMemory<byte> Octets => _octets.WrittenMemory;

    /// <summary>Whether it is time to send it; a single batch may be larger than that.</summary>
    public bool IsFull => _octets.WrittenCount >= FullOctets;

    /// <summary>An empty one.</summary>
    public static PartitionBundle Rent() => s_spare.TryTake(out PartitionBundle? spare) ? spare : new();

    /// <summary>Gives it back, when nobody reads its octets any more.</summary>
    public void Return()
    {
        _octets.ResetWrittenCount();
        _partitions.Clear();
        if (s_spare.Count < MaxSpare)
        {
            s_spare.Add(this);
        }
    }

    /// <summary>Adds a batch for a partition.</summary>
    public void Add(int partition, ObservationBatch batch)
    {
        _batch.ResetWrittenCount();
        ObservationCodec.Write(batch, _batch);
        Span<byte> head = _octets.GetSpan(HeadOctets);
        BinaryPrimitives.WriteInt32LittleEndian(head, partition);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], _batch.WrittenCount);
        _octets.Advance(HeadOctets);
        _octets.Write(_batch.WrittenSpan);
        _partitions.Add(partition);
    }

    /// <summary>Takes the next batch off the octets of a bundle.</summary>
    /// <exception cref="InvalidDataException">They are cut.</exception>
    public static (int Partition, ReadOnlyMemory<byte> Batch) Take(ref ReadOnlyMemory<byte> octets)
    {
        int length = octets.Length < HeadOctets ? -1 : BinaryPrimitives.ReadInt32LittleEndian(octets.Span[4..]);
        if (length < 0 || length > octets.Length - HeadOctets)
        {
            throw new InvalidDataException("Batches for several partitions are cut.");
        }
        int partition = BinaryPrimitives.ReadInt32LittleEndian(octets.Span);
        ReadOnlyMemory<byte> batch = octets.Slice(HeadOctets, length);
        octets = octets[(HeadOctets + length)..];
        return (partition, batch);
    }
}
