// Texas Instruments, CC2420 datasheet, "RX FIFO" (AUTOCRC), and CC2531, CC26xx: two bytes in place of the FCS.
namespace KismetOrleans.Wire.Ieee802154;

/// <summary>What receivers of Texas Instruments leave in place of the check sequence: signal, then correlation with a bit for a right sequence.</summary>
public static class TiMetadata
{
    private const byte RightBit = 0x80;

    /// <summary>Whether the check sequence was right.</summary>
    public static bool IsRight(ReadOnlySpan<byte> metadata) => (metadata[1] & RightBit) != 0;

    /// <summary>The correlation, which such receivers give as link quality: about 50 for the worst frame that is received and 110 for the best.</summary>
    public static byte CorrelationOf(ReadOnlySpan<byte> metadata) => (byte)(metadata[1] & ~RightBit);

    /// <summary>The signal on the receiver's own scale: each has another offset to dBm.</summary>
    public static short SignalOf(ReadOnlySpan<byte> metadata) => (sbyte)metadata[0];
}
