// IEEE Std 802.3-2018, clause 3.2.9: the check sequence of 802.3 and 802.11 frames.
// Folding: V. Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009.
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KismetOrleans.Wire.Hashing;

/// <summary>CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320), as in frame check sequences and gzip.</summary>
public static class Crc32
{
    /// <summary>What the CRC over a frame and its own correct, little-endian check sequence gives.</summary>
    public const uint Residue = 0x2144DF1C;

    /// <summary>Below this, filling the four lanes costs more than it saves.</summary>
    private const int FoldMinimum = 64;

    /// <summary>Slicing-by-8: table k is the CRC of an octet that k zero octets follow; 8 × 256 entries.</summary>
    private static readonly uint[] Tables = BuildTables();

    /// <summary>The CRC of <paramref name="data"/>; 0 when empty.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint state = 0xFFFF_FFFF;
        if (data.Length >= FoldMinimum && Pclmulqdq.IsSupported && Sse2.IsSupported)
        {
            state = Fold(state, data, out int done);
            data = data[done..];
        }
        return ~Slice(state, data);
    }

    /// <summary>As <see cref="Compute"/>, by table only: what machines without carry-less multiplication run.</summary>
    internal static uint ComputeByTable(ReadOnlySpan<byte> data) => ~Slice(0xFFFF_FFFF, data);

    private static uint Slice(uint state, ReadOnlySpan<byte> data)
    {
        uint[] t = Tables;
        while (data.Length >= 8)
        {
            uint a = state ^ BinaryPrimitives.ReadUInt32LittleEndian(data);
            uint b = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            state = t[0x700 + (byte)a] ^ t[0x600 + (byte)(a >> 8)] ^ t[0x500 + (byte)(a >> 16)] ^ t[0x400 + (a >> 24)]
                ^ t[0x300 + (byte)b] ^ t[0x200 + (byte)(b >> 8)] ^ t[0x100 + (byte)(b >> 16)] ^ t[b >> 24];
            data = data[8..];
        }
        foreach (byte octet in data)
        {
            state = t[(byte)(state ^ octet)] ^ (state >> 8);
        }
        return state;
    }

    /// <summary>Folds whole 16-octet blocks; the last block is reduced by table, which keeps Barrett's constants out.</summary>
    private static uint Fold(uint state, ReadOnlySpan<byte> data, out int done)
    {
        // x^(512+64), x^512, x^(128+64), x^128 modulo the polynomial, reflected (the paper's R1..R4).
        Vector128<long> by512 = Vector128.Create(0x1_5444_2BD4L, 0x1_C6E4_1596L);
        Vector128<long> by128 = Vector128.Create(0x1_7519_97D0L, 0x0_CCAA_009EL);

        ReadOnlySpan<Vector128<long>> blocks = MemoryMarshal.Cast<byte, Vector128<long>>(data);
        done = blocks.Length * 16;
        Vector128<long> x0 = blocks[0] ^ Vector128.Create(state, 0L);
        Vector128<long> x1 = blocks[1];
        Vector128<long> x2 = blocks[2];
        Vector128<long> x3 = blocks[3];
        blocks = blocks[4..];
        while (blocks.Length >= 4)
        {
            x0 = Step(x0, by512) ^ blocks[0];
            x1 = Step(x1, by512) ^ blocks[1];
            x2 = Step(x2, by512) ^ blocks[2];
            x3 = Step(x3, by512) ^ blocks[3];
            blocks = blocks[4..];
        }
        x1 ^= Step(x0, by128);
        x2 ^= Step(x1, by128);
        x3 ^= Step(x2, by128);
        foreach (Vector128<long> block in blocks)
        {
            x3 = Step(x3, by128) ^ block;
        }
        Span<byte> last = stackalloc byte[16];
        x3.AsByte().CopyTo(last);
        return Slice(0, last);
    }

    private static Vector128<long> Step(Vector128<long> x, Vector128<long> k) =>
        Pclmulqdq.CarrylessMultiply(x, k, 0x00) ^ Pclmulqdq.CarrylessMultiply(x, k, 0x11);

    private static uint[] BuildTables()
    {
        var tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB8_8320);
            }
            tables[i] = crc;
        }
        for (int i = 256; i < tables.Length; i++)
        {
            uint previous = tables[i - 256];
            tables[i] = tables[(byte)previous] ^ (previous >> 8);
        }
        return tables;
    }
}
