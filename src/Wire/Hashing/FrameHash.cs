using System.IO.Hashing;

namespace KismetOrleans.Wire.Hashing;

/// <summary>
/// A fast 64-bit hash of whole frames, by which duplicates are found: XXH3, never 0. Not cryptographic. The duplicate filter's saved state
/// has its values, and a cluster's silos compare theirs: should another hash ever take its place, frames of the last seconds before the
/// restart may count anew, once.
/// </summary>
public static class FrameHash
{
    /// <summary>The hash of <paramref name="frame"/>; never 0, so that 0 can mean "none".</summary>
    public static ulong Compute(ReadOnlySpan<byte> frame)
    {
        ulong hash = XxHash3.HashToUInt64(frame);
        return hash == 0 ? 1 : hash;
    }
}
