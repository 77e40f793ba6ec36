// Wi-Fi Alliance, "Wi-Fi Protected Access" 3.1, section 2.1: the WPA element (221, 00:50:F2, type 1), a draft of what became RSN.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads the WPA element.</summary>
internal static class Wpa
{
    private const int SuiteLength = 4;
    private const int CountLength = 2;
    private const ushort Version1 = 1;

    /// <param name="octets">What follows OUI and type.</param>
    /// <param name="e">Takes the bits.</param>
    internal static void Parse(ReadOnlySpan<byte> octets, ref Dot11Elements e)
    {
        if (octets.Length < 2)
        {
            e.Anomalies |= Anomalies.WpaMalformed;
            return;
        }
        e.Seen |= ElementsSeen.Wpa;
        e.Crypt |= CryptBits.Wpa;
        if (BinaryPrimitives.ReadUInt16LittleEndian(octets) == Version1)
        {
            e.Crypt |= CryptBits.Wpa1;
        }
        octets = octets[2..];
        if (octets.Length < SuiteLength)
        {
            if (octets.Length != 0)
            {
                e.Anomalies |= Anomalies.WpaMalformed;
            }
            return;
        }
        if (TryType(octets, out byte group))
        {
            e.Crypt |= CipherSuites.Group(group);
        }
        octets = octets[SuiteLength..];
        if (!TrySuites(ref octets, isAkm: false, ref e))
        {
            return;
        }
        // Capabilities may follow the AKM suites; nothing is read from them.
        TrySuites(ref octets, isAkm: true, ref e);
    }

    /// <summary>Reads a count and its suites; false where the element ends before them or they run past its end.</summary>
    private static bool TrySuites(ref ReadOnlySpan<byte> octets, bool isAkm, ref Dot11Elements e)
    {
        if (octets.Length == 0)
        {
            return false;
        }
        int count = 0;
        if (octets.Length >= CountLength)
        {
            count = BinaryPrimitives.ReadUInt16LittleEndian(octets);
        }
        if (CountLength + count * SuiteLength > octets.Length)
        {
            e.Anomalies |= Anomalies.WpaMalformed;
            return false;
        }
        octets = octets[CountLength..];
        for (int i = 0; i < count; i++)
        {
            if (TryType(octets, out byte type))
            {
                e.Crypt |= isAkm ? CipherSuites.WpaAkm(type) : CipherSuites.WpaPairwise(type);
            }
            octets = octets[SuiteLength..];
        }
        return true;
    }

    private static bool TryType(ReadOnlySpan<byte> suite, out byte type)
    {
        uint selector = BinaryPrimitives.ReadUInt32BigEndian(suite);
        type = (byte)selector;
        return selector >> 8 == CipherSuites.WpaOui;
    }
}
