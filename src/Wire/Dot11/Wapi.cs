// GB 15629.11-2003/XG1-2006, 7.3.2.25: WAPI parameter set (68): version, AKMs, unicast ciphers, multicast cipher, capabilities.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads the WAPI element. Its only cipher is SMS4, so its key management alone tells.</summary>
internal static class Wapi
{
    private const int VersionLength = 2;
    private const uint Certificate = 0x00147201, Psk = 0x00147202;

    internal static void Parse(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        if (bytes.Length < VersionLength)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return;
        }
        e.Crypt |= CryptBits.Wapi;
        bytes = bytes[VersionLength..];
        SuiteList akms = SuiteList.Take(ref bytes);
        for (ReadOnlySpan<byte> rest = akms.Suites; !rest.IsEmpty; rest = rest[CipherSuites.Length..])
        {
            e.Crypt |= BinaryPrimitives.ReadUInt32BigEndian(rest) switch
            {
                Certificate => CryptBits.Akm1X,
                Psk => CryptBits.AkmPsk,
                _ => CryptBits.None,
            };
        }
        e.Anomalies |= akms.IsWhole ? Anomalies.None : Anomalies.ElementMalformed;
    }
}
