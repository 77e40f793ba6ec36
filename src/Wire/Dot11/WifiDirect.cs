// Wi-Fi Alliance, "Wi-Fi Direct Specification" 1.9, section 4.1.1: P2P element (50:6F:9A, type 9) and its attributes.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Looks for the notice of absence attribute, whose length drivers have trusted too much (CVE-2019-17666).</summary>
internal static class WifiDirect
{
    private const int AttributeHeaderLength = 3;
    private const byte NoticeOfAbsence = 12;

    internal static void Parse(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        while (bytes.Length >= AttributeHeaderLength)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]);
            if (bytes[0] == NoticeOfAbsence)
            {
                // The claimed length is what does harm, whether or not the element holds it.
                e.P2pAbsenceLength = Math.Max(e.P2pAbsenceLength, (ushort)length);
            }
            if (AttributeHeaderLength + length > bytes.Length)
            {
                // Attributes may go on in the next P2P element, so this is no fault.
                return;
            }
            bytes = bytes[(AttributeHeaderLength + length)..];
        }
    }
}
