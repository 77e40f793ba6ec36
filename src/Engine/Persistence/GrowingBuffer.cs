using System.Buffers;

namespace KismetOrleans.Engine.Persistence;

/// <summary>Appends to an array that grows; the array outlives it.</summary>
internal sealed class GrowingBuffer(byte[] bytes, int length = 0) : IBufferWriter<byte>
{
    private byte[] _bytes = bytes;

    /// <summary>The array, with room behind <see cref="Length"/>.</summary>
    public byte[] Bytes => _bytes;

    public int Length { get; private set; } = length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Forgets what was written.</summary>
    public void Clear() => Length = 0;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - Length), nameof(count));
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    private void Reserve(int more)
    {
        int wanted = Length + Math.Max(more, 1);
        if (wanted > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(wanted, _bytes.Length * 2));
        }
    }
}
