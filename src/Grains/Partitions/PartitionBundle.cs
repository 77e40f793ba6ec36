using System.Buffers;
using System.Buffers.Binary;
using KismetOrleans.Engine.Observations;
using Microsoft.Extensions.ObjectPool;

namespace KismetOrleans.Grains.Partitions;

/// <summary>Batches for several partitions as bytes: of each the partition's number, its length, and what <see cref="ObservationCodec"/> writes.</summary>
internal sealed class PartitionBundle : IResettable
{
    // Orleans reads a message's bytes into an array of its own; from 85,000 on the garbage collector treats those as expensive ones.
    private const int FullBytes = 64 * 1024;
    private const int HeadBytes = 8;

    // As many as there are messages in the air; more would only be kept for nothing.
    private const int MaxSpare = 128;
    private static readonly ObjectPool<PartitionBundle> s_pool = new DefaultObjectPool<PartitionBundle>(new DefaultPooledObjectPolicy<PartitionBundle>(), MaxSpare);
    private readonly ArrayBufferWriter<byte> _bytes = new(FullBytes);
    private readonly ArrayBufferWriter<byte> _batch = new();
    private readonly List<int> _partitions = [];

    /// <summary>The partitions, in the order in which their batches were added.</summary>
    public IReadOnlyList<int> Partitions => _partitions;

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Whether it is time to send it; a single batch may be larger than that.</summary>
    public bool IsFull => _bytes.WrittenCount >= FullBytes;

    public static PartitionBundle Rent() => s_pool.Get();

    /// <summary>Gives it back, when nobody reads its bytes any more.</summary>
    public void Return() => s_pool.Return(this);

    bool IResettable.TryReset()
    {
        _bytes.ResetWrittenCount();
        _partitions.Clear();
        return true;
    }

    public void Add(int partition, ObservationBatch batch)
    {
        _batch.ResetWrittenCount();
        ObservationCodec.Write(batch, _batch);
        Span<byte> head = _bytes.GetSpan(HeadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(head, partition);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], _batch.WrittenCount);
        _bytes.Advance(HeadBytes);
        _bytes.Write(_batch.WrittenSpan);
        _partitions.Add(partition);
    }

    /// <summary>Takes the next batch off the bytes of a bundle.</summary>
    /// <exception cref="InvalidDataException">They are cut.</exception>
    public static (int Partition, ReadOnlyMemory<byte> Batch) Take(ref ReadOnlyMemory<byte> bytes)
    {
        int length = bytes.Length < HeadBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[4..]);
        if (length < 0 || length > bytes.Length - HeadBytes)
        {
            throw new InvalidDataException("Batches for several partitions are cut.");
        }
        int partition = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
        ReadOnlyMemory<byte> batch = bytes.Slice(HeadBytes, length);
        bytes = bytes[(HeadBytes + length)..];
        return (partition, batch);
    }
}
