// IEEE Std 802.11-2020, clause 9.4.2.24: RSN element. Everything after the version is optional.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads the RSN element.</summary>
internal static class Rsn
{
    private const int SuiteLength = 4;
    private const int CountLength = 2;
    private const ushort CapabilityMfpRequired = 0x0040;
    private const ushort CapabilityMfpCapable = 0x0080;

    /// <summary>CCMP-128 (4) and 802.1X (1) hold where the fields are left out.</summary>
    private const byte DefaultCipher = 4, DefaultAkm = 1;

    internal static void Parse(ReadOnlySpan<byte> octets, ref Dot11Elements e)
    {
        if (octets.Length < 2)
        {
            e.Anomalies |= Anomalies.RsnMalformed;
            return;
        }
        e.Seen |= ElementsSeen.Rsn;
        octets = octets[2..];
        if (octets.Length == 0)
        {
            e.Crypt |= CipherSuites.Group(DefaultCipher) | CipherSuites.RsnPairwise(DefaultCipher) | CipherSuites.RsnAkm(DefaultAkm);
            return;
        }
        if (octets.Length < SuiteLength)
        {
            e.Anomalies |= Anomalies.RsnMalformed;
            return;
        }
        if (TryType(octets, out byte group))
        {
            e.Crypt |= CipherSuites.Group(group);
        }
        octets = octets[SuiteLength..];

        if (!TryCount(octets, out int pairwise, ref e))
        {
            e.Crypt |= CipherSuites.RsnPairwise(DefaultCipher) | CipherSuites.RsnAkm(DefaultAkm);
            return;
        }
        e.RsnPairwiseCount = (ushort)pairwise;
        if (!HoldsSuites(octets, pairwise, ref e))
        {
            return;
        }
        octets = octets[CountLength..];
        for (int i = 0; i < pairwise; i++)
        {
            if (TryType(octets, out byte type))
            {
                e.Crypt |= CipherSuites.RsnPairwise(type);
            }
            octets = octets[SuiteLength..];
        }

        if (!TryCount(octets, out int akms, ref e))
        {
            e.Crypt |= CipherSuites.RsnAkm(DefaultAkm);
            return;
        }
        if (!HoldsSuites(octets, akms, ref e))
        {
            return;
        }
        octets = octets[CountLength..];
        for (int i = 0; i < akms; i++)
        {
            if (TryType(octets, out byte type))
            {
                e.Crypt |= CipherSuites.RsnAkm(type);
            }
            octets = octets[SuiteLength..];
        }

        if (octets.Length >= 2)
        {
            ushort capabilities = BinaryPrimitives.ReadUInt16LittleEndian(octets);
            e.MfpRequired = (capabilities & CapabilityMfpRequired) != 0;
            e.MfpCapable = (capabilities & CapabilityMfpCapable) != 0;
        }
        else if (octets.Length == 1)
        {
            e.Anomalies |= Anomalies.RsnMalformed;
        }
    }

    /// <summary>The type of a suite selector; false for other organisations' suites, which have no bits.</summary>
    private static bool TryType(ReadOnlySpan<byte> suite, out byte type)
    {
        uint selector = BinaryPrimitives.ReadUInt32BigEndian(suite);
        type = (byte)selector;
        return selector >> 8 == CipherSuites.RsnOui;
    }

    /// <summary>Reads a count; false where the element ends here, as it may.</summary>
    private static bool TryCount(ReadOnlySpan<byte> octets, out int count, ref Dot11Elements e)
    {
        if (octets.Length >= CountLength)
        {
            count = BinaryPrimitives.ReadUInt16LittleEndian(octets);
            return true;
        }
        count = 0;
        if (octets.Length != 0)
        {
            e.Anomalies |= Anomalies.RsnMalformed;
        }
        return false;
    }

    private static bool HoldsSuites(ReadOnlySpan<byte> octets, int count, ref Dot11Elements e)
    {
        if (CountLength + count * SuiteLength <= octets.Length)
        {
            return true;
        }
        e.Anomalies |= Anomalies.RsnMalformed;
        return false;
    }
}
