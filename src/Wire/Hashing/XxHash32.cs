// xxHash fast digest algorithm, specification version 0.1.1, "XXH32 algorithm description".
using System.Buffers.Binary;
using System.Numerics;

namespace KismetOrleans.Wire.Hashing;

/// <summary>XXH32, which the API's SSID hashes and fingerprints are made of.</summary>
public static class XxHash32
{
    private const uint Prime1 = 0x9E37_79B1;
    private const uint Prime2 = 0x85EB_CA77;
    private const uint Prime3 = 0xC2B2_AE3D;
    private const uint Prime4 = 0x27D4_EB2F;
    private const uint Prime5 = 0x1656_67B1;

    /// <summary>The hash of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data, uint seed = 0)
    {
        uint length = (uint)data.Length;
        uint hash;
        if (data.Length >= 16)
        {
            uint a = seed + Prime1 + Prime2;
            uint b = seed + Prime2;
            uint c = seed;
            uint d = seed - Prime1;
            while (data.Length >= 16)
            {
                a = Round(a, BinaryPrimitives.ReadUInt32LittleEndian(data));
                b = Round(b, BinaryPrimitives.ReadUInt32LittleEndian(data[4..]));
                c = Round(c, BinaryPrimitives.ReadUInt32LittleEndian(data[8..]));
                d = Round(d, BinaryPrimitives.ReadUInt32LittleEndian(data[12..]));
                data = data[16..];
            }
            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        }
        else
        {
            hash = seed + Prime5;
        }
        hash += length;
        while (data.Length >= 4)
        {
            hash = BitOperations.RotateLeft(hash + BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime3, 17) * Prime4;
            data = data[4..];
        }
        foreach (byte b in data)
        {
            hash = BitOperations.RotateLeft(hash + b * Prime5, 11) * Prime1;
        }
        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }

    private static uint Round(uint lane, uint input) => BitOperations.RotateLeft(lane + input * Prime2, 13) * Prime1;
}
