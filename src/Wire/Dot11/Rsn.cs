// IEEE Std 802.11-2020, clause 9.4.2.24: RSN element. Everything after the version is optional.
// Wi-Fi Alliance, "WPA3 Specification" 3.4: RSN overriding; "Hotspot 2.0" 3.1, 3.2.1: OSEN element, which has no version.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads the RSN element, and those of its form. Whatever is in it, it means the second version of WPA; its AKMs may mean the third.</summary>
internal static class Rsn
{
    private const int VersionLength = 2;
    private const ushort CapabilityMfpRequired = 0x0040;
    private const ushort CapabilityMfpCapable = 0x0080;

    /// <summary>CCMP-128 and 802.1X hold where the fields are left out.</summary>
    private const CryptBits DefaultGroup = CryptBits.GroupCcmp128, DefaultPairwise = CryptBits.PairwiseCcmp128, DefaultAkm = CryptBits.Akm1X;

    internal static void Parse(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        e.Crypt |= CryptBits.Wpa | CryptBits.Wpa2;
        if (bytes.Length < VersionLength)
        {
            e.Anomalies |= Anomalies.RsnMalformed;
            return;
        }
        bool isFirst = (e.Seen & ElementsSeen.Rsn) == 0;
        e.Seen |= ElementsSeen.Rsn;
        e.Crypt |= Suites(bytes[VersionLength..], ref e, out ushort capabilities);
        if (isFirst)
        {
            e.MfpRequired = (capabilities & CapabilityMfpRequired) != 0;
            e.MfpCapable |= (capabilities & CapabilityMfpCapable) != 0;
        }
    }

    /// <summary>Reads what is left of an element that runs past the end of its frame: nothing holds for what is missing.</summary>
    internal static void ParsePart(ReadOnlySpan<byte> bytes, ref Dot11Elements e) =>
        e.Crypt |= CryptBits.Wpa | CryptBits.Wpa2 | (bytes.Length <= VersionLength ? CryptBits.None : Suites(bytes[VersionLength..], ref e, out _, isPart: true));

    /// <summary>The element that stations of the newer kind read in place of the RSN element: what the network offers besides.</summary>
    internal static void Override(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        e.Crypt |= CryptBits.Wpa | CryptBits.Wpa2;
        if (bytes.Length < VersionLength)
        {
            e.Anomalies |= Anomalies.RsnMalformed;
            return;
        }
        e.Crypt |= Suites(bytes[VersionLength..], ref e, out ushort capabilities);
        e.MfpCapable |= (capabilities & CapabilityMfpCapable) != 0;
    }

    /// <summary>Online sign-up's element: encrypted, though no WPA.</summary>
    internal static void Osen(ReadOnlySpan<byte> bytes, ref Dot11Elements e) =>
        e.Crypt |= CryptBits.AkmOsen | (Suites(bytes, ref e, out _) & ~DefaultAkm);

    /// <summary>Group cipher, pairwise ciphers, AKMs and capabilities.</summary>
    private static CryptBits Suites(ReadOnlySpan<byte> bytes, ref Dot11Elements e, out ushort capabilities, bool isPart = false)
    {
        capabilities = 0;
        (CryptBits defaultPairwise, CryptBits defaultAkm) = isPart ? default : (DefaultPairwise, DefaultAkm);
        if (bytes.IsEmpty)
        {
            return DefaultGroup | defaultPairwise | defaultAkm;
        }
        if (bytes.Length < CipherSuites.Length)
        {
            e.Anomalies |= Anomalies.RsnMalformed;
            return CryptBits.None;
        }
        CryptBits found = CipherSuites.Group(bytes);
        bytes = bytes[CipherSuites.Length..];

        SuiteList pairwise = SuiteList.Take(ref bytes);
        e.Anomalies |= pairwise.IsWhole ? Anomalies.None : Anomalies.RsnMalformed;
        e.RsnPairwiseCount = Math.Max(e.RsnPairwiseCount, pairwise.Count);
        if (pairwise.IsAbsent)
        {
            return found | defaultPairwise | defaultAkm;
        }
        for (ReadOnlySpan<byte> rest = pairwise.Suites; !rest.IsEmpty; rest = rest[CipherSuites.Length..])
        {
            found |= CipherSuites.Pairwise(rest);
        }
        if (!pairwise.IsWhole)
        {
            return found;
        }

        SuiteList akms = SuiteList.Take(ref bytes);
        e.Anomalies |= akms.IsWhole ? Anomalies.None : Anomalies.RsnMalformed;
        if (akms.IsAbsent)
        {
            return found | defaultAkm;
        }
        for (ReadOnlySpan<byte> rest = akms.Suites; !rest.IsEmpty; rest = rest[CipherSuites.Length..])
        {
            found |= CipherSuites.Akm(rest);
        }
        if (bytes.Length >= sizeof(ushort))
        {
            capabilities = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        }
        else if (bytes.Length == 1)
        {
            e.Anomalies |= Anomalies.RsnMalformed;
        }
        return found;
    }
}
