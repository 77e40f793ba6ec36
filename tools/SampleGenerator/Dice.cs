namespace KismetOrleans.SampleGenerator;

/// <summary>
/// Pseudo-random numbers (xorshift64*, Vigna 2016) that are the same on every machine and in every version of .NET, so that the sample is.
/// </summary>
/// <param name="seed">Any number but 0.</param>
public sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 0x2545_F491_4F6C_DD1D;
    }

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + (int)(Next() >> 33) % (high - low + 1);

    /// <summary>True in <paramref name="percent"/> of 100 cases.</summary>
    public bool Chance(int percent) => Between(0, 99) < percent;

    /// <summary>Random bytes, as ciphertext looks.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(Next() >> 40);
        }
        return bytes;
    }
}
