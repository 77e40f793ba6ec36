// Wi-Fi Alliance, "Opportunistic Wireless Encryption Specification" 1.1, section 2.2.1: OWE transition mode element (50:6F:9A, type 28).
namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads which encrypted network belongs to an open one and the other way round. It says nothing about this network's encryption.</summary>
internal static class OweTransition
{
    private const int SsidLengthOffset = 6;
    private const int SsidOffset = 7;
    private const int SsidMaximum = 32;

    internal static void Parse(ReadOnlySpan<byte> bytes, Slice body, ref Dot11Elements e)
    {
        if (bytes.Length < SsidOffset)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return;
        }
        byte length = bytes[SsidLengthOffset];
        if (length > SsidMaximum || SsidOffset + length > bytes.Length)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return;
        }
        e.Seen |= ElementsSeen.OweTransition;
        e.OweBssid = MacAddress.Read(bytes);
        e.OweSsid = new Slice((ushort)(body.Offset + SsidOffset), length);
    }
}
