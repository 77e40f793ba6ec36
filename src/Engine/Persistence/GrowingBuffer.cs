using System.Buffers;

namespace KismetOrleans.Engine.Persistence;

/// <summary>Appends to an array that grows; the array outlives it.</summary>
public sealed class GrowingBuffer(byte[] octets, int length = 0) : IBufferWriter<byte>
{
    private byte[] _octets = octets;

    /// <summary>The array, with room behind <see cref="Length"/>.</summary>
    public byte[] Octets => _octets;

    /// <summary>Octets written.</summary>
    public int Length { get; private set; } = length;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _octets.AsMemory(0, Length);

    /// <summary>Forgets what was written.</summary>
    public void Clear() => Length = 0;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_octets.Length - Length), nameof(count));
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _octets.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _octets.AsSpan(Length);
    }

    private void Reserve(int more)
    {
        int wanted = Length + Math.Max(more, 1);
        if (wanted > _octets.Length)
        {
            Array.Resize(ref _octets, Math.Max(wanted, _octets.Length * 2));
        }
    }
}
