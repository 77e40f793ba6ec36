// Wi-Fi Alliance, "Wi-Fi Protected Access" 3.1, section 2.1: the WPA element (221, 00:50:F2, type 1), a draft of what became RSN.
namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads the WPA element: the first version, whatever is in it.</summary>
internal static class Wpa
{
    private const int VersionLength = 2;

    /// <param name="bytes">What follows OUI and type.</param>
    /// <param name="e">Takes the bits.</param>
    internal static void Parse(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        e.Crypt |= CryptBits.Wpa | CryptBits.Wpa1;
        if (bytes.Length < VersionLength)
        {
            e.Anomalies |= Anomalies.WpaMalformed;
            return;
        }
        e.Seen |= ElementsSeen.Wpa;
        bytes = bytes[VersionLength..];
        if (bytes.Length < CipherSuites.Length)
        {
            e.Anomalies |= bytes.IsEmpty ? Anomalies.None : Anomalies.WpaMalformed;
            return;
        }
        e.Crypt |= CipherSuites.Group(bytes);
        bytes = bytes[CipherSuites.Length..];
        SuiteList pairwise = SuiteList.Take(ref bytes);
        for (ReadOnlySpan<byte> rest = pairwise.Suites; !rest.IsEmpty; rest = rest[CipherSuites.Length..])
        {
            e.Crypt |= CipherSuites.Pairwise(rest);
        }
        if (!pairwise.IsWhole)
        {
            e.Anomalies |= Anomalies.WpaMalformed;
            return;
        }
        // Capabilities may follow the AKM suites; nothing is read from them.
        SuiteList akms = SuiteList.Take(ref bytes);
        for (ReadOnlySpan<byte> rest = akms.Suites; !rest.IsEmpty; rest = rest[CipherSuites.Length..])
        {
            e.Crypt |= CipherSuites.Akm(rest);
        }
        e.Anomalies |= akms.IsWhole ? Anomalies.None : Anomalies.WpaMalformed;
    }
}
