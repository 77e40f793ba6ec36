// No standard: Cisco Compatible Extensions (elements 133 and 150) and Aironet elements (221, 00:40:96).
namespace KismetOrleans.Wire.Dot11;

internal static class CiscoElement
{
    /// <summary>Element 133: ten bytes of which nothing is known, then the name in 16.</summary>
    private const int NameOffset = 10;
    private const int NameLength = 16;

    /// <summary>Element 150: OUI, type 0, power in dBm.</summary>
    private const int PowerOffset = 4;

    private const byte TypeClientMfp = 20;

    internal static void Ccx(ReadOnlySpan<byte> bytes, Slice body, ref Dot11Elements e)
    {
        e.Seen |= ElementsSeen.CiscoCcx;
        if (bytes.Length >= NameOffset + NameLength)
        {
            AccessPointName.Set(VendorElement.From(body, NameOffset), bytes.Slice(NameOffset, NameLength), ref e);
        }
    }

    internal static void TxPower(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        if (bytes.Length > PowerOffset && VendorElement.OuiOf(bytes) == VendorElement.Cisco && bytes[VendorElement.OuiLength] == 0)
        {
            e.Seen |= ElementsSeen.CiscoTxPower;
            e.CcxTxPower = bytes[PowerOffset];
        }
    }

    /// <param name="type">Aironet type.</param>
    /// <param name="bytes">What follows it.</param>
    /// <param name="e">Takes what was found.</param>
    internal static void Vendor(byte type, ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        if (type == TypeClientMfp && bytes.Length >= 1 && (bytes[0] & 0x01) != 0)
        {
            e.Seen |= ElementsSeen.CiscoClientMfp;
        }
    }
}
