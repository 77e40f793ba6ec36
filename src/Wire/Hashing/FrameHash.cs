using System.Buffers.Binary;

namespace KismetOrleans.Wire.Hashing;

/// <summary>
/// A fast 64-bit hash of whole frames, by which duplicates are found. Not cryptographic, not a file format: values may change with
/// the version, so they never leave the process.
/// </summary>
public static class FrameHash
{
    // Odd constants with about as many ones as zeros: digits of pi's fraction in hexadecimal.
    private const ulong K0 = 0x243F_6A88_85A3_08D3;
    private const ulong K1 = 0x1319_8A2E_0370_7345;
    private const ulong K2 = 0xA409_3822_299F_31D1;
    private const ulong K3 = 0x082E_FA98_EC4E_6C89;

    /// <summary>The hash of <paramref name="frame"/>; never 0, so that 0 can mean "none".</summary>
    public static ulong Compute(ReadOnlySpan<byte> frame)
    {
        ulong length = (ulong)frame.Length;
        ulong state = K0 ^ length;
        if (frame.Length > 32)
        {
            // Two independent chains: one multiplication's latency hides behind the other's.
            ulong other = K1;
            while (frame.Length > 32)
            {
                state = Mix(Read(frame) ^ K2, Read(frame[8..]) ^ state);
                other = Mix(Read(frame[16..]) ^ K3, Read(frame[24..]) ^ other);
                frame = frame[32..];
            }
            state = Mix(state ^ K3, other ^ K1);
        }
        if (frame.Length > 16)
        {
            state = Mix(Read(frame) ^ K2, Read(frame[8..]) ^ state);
            frame = frame[16..];
        }
        // 0 to 16 octets are left; the two reads may overlap, the length in the state tells the cases apart.
        ulong a = 0;
        ulong b = 0;
        if (frame.Length >= 8)
        {
            a = Read(frame);
            b = Read(frame[^8..]);
        }
        else if (frame.Length >= 4)
        {
            a = BinaryPrimitives.ReadUInt32LittleEndian(frame);
            b = BinaryPrimitives.ReadUInt32LittleEndian(frame[^4..]);
        }
        else if (frame.Length > 0)
        {
            a = ((ulong)frame[0] << 16) | ((ulong)frame[frame.Length >> 1] << 8) | frame[^1];
        }
        state = Mix(a ^ K1, b ^ state);
        state = Mix(state ^ K2, length ^ K3);
        return state == 0 ? K0 : state;
    }

    private static ulong Read(ReadOnlySpan<byte> octets) => BinaryPrimitives.ReadUInt64LittleEndian(octets);

    private static ulong Mix(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        // The operands are added back: a product with 0 would forget the other one.
        return high ^ low ^ (a + b);
    }
}
