using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// Security as scanners put it into words: groups in brackets of words joined by <c>-</c>, <c>+</c> and <c>/</c>, such as
/// <c>[WPA2-PSK-CCMP][ESS][WPS]</c>. Android, Wigle and the ESP32's libraries differ in the words and agree in this form. Words without meaning for
/// security are passed over.
/// </summary>
public static class ScanCapabilities
{
    private const CryptBits Wpa2 = CryptBits.Wpa | CryptBits.Wpa2;
    private const CryptBits Wpa3 = CryptBits.Wpa | CryptBits.Wpa3;
    private const CryptBits Ccmp = CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128;
    private const CryptBits Ccmp256 = CryptBits.GroupCcmp256 | CryptBits.PairwiseCcmp256;
    private const CryptBits Gcmp = CryptBits.GroupGcmp128 | CryptBits.PairwiseGcmp128;
    private const CryptBits Gcmp256 = CryptBits.GroupGcmp256 | CryptBits.PairwiseGcmp256;

    /// <summary>Reads capabilities.</summary>
    /// <param name="text">The text, in ASCII.</param>
    /// <param name="isAdhoc">Whether it is an ad-hoc network's.</param>
    public static CryptBits Parse(ReadOnlySpan<byte> text, out bool isAdhoc)
    {
        isAdhoc = false;
        Group group = default;
        CryptBits crypt = CryptBits.None;
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            byte c = i < text.Length ? text[i] : (byte)']';
            if (IsWord(c))
            {
                continue;
            }
            if (i > start)
            {
                ReadOnlySpan<byte> word = text[start..i];
                isAdhoc |= word.SequenceEqual("IBSS"u8);
                group.Add(word);
            }
            start = i + 1;
            if (c is (byte)'[' or (byte)']')
            {
                crypt |= group.Crypt;
                group = default;
            }
        }
        return crypt;
    }

    private static bool IsWord(byte c) => c is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'z') or (byte)'_';

    /// <summary>One group: words change the meaning of their neighbours.</summary>
    private struct Group
    {
        private CryptBits _found;

        // FT in front of a suite makes it a fast transition's; a hash or a key length behind it names a stronger one.
        private bool _fast;
        private CryptBits _last;
        private CryptBits _before;

        // The open half of a network in transition to OWE: what is behind the word is the other half's.
        private bool _open;

        /// <summary>What the group says: all of a WPA group is some kind of WPA.</summary>
        public readonly CryptBits Crypt => _open ? CryptBits.None
            : (_found & ~(CryptBits.Wps | CryptBits.Wep)) == 0 ? _found
            : (_found & CryptBits.Wep) != 0 ? _found & ~CryptBits.Wpa
            : _found | CryptBits.Wpa;

        public void Add(ReadOnlySpan<byte> word)
        {
            _open |= word.SequenceEqual("OWE_TRANSITION"u8);
            CryptBits bits = word.Length switch
            {
                2 => word.SequenceEqual("FT"u8) ? Fast() : 0,
                3 => OfThree(word),
                4 => OfFour(word),
                _ => OfLong(word),
            };
            if (bits == 0)
            {
                return;
            }
            _before = _found;
            _found |= bits;
            _last = bits;
            _fast = false;
        }

        private CryptBits Fast()
        {
            _fast = true;
            return 0;
        }

        private CryptBits OfThree(ReadOnlySpan<byte> word) =>
            word.SequenceEqual("PSK"u8) ? _fast ? CryptBits.AkmPskFt : CryptBits.AkmPsk
            : word.SequenceEqual("WPA"u8) ? CryptBits.Wpa | CryptBits.Wpa1
            : word.SequenceEqual("RSN"u8) ? Wpa2
            : word.SequenceEqual("SAE"u8) ? Sae()
            : word.SequenceEqual("EAP"u8) ? _fast ? CryptBits.Akm1XFt : CryptBits.Akm1X
            : word.SequenceEqual("OWE"u8) ? Wpa3 | CryptBits.AkmOwe
            : word.SequenceEqual("WPS"u8) ? CryptBits.Wps
            : word.SequenceEqual("WEP"u8) ? CryptBits.Wep
            : word.SequenceEqual("TLS"u8) ? CryptBits.EapTls
            : word.SequenceEqual("256"u8) ? Longer()
            : 0;

        private CryptBits OfFour(ReadOnlySpan<byte> word) =>
            word.SequenceEqual("WPA2"u8) ? Wpa2
            : word.SequenceEqual("CCMP"u8) ? Ccmp
            : word.SequenceEqual("TKIP"u8) ? CryptBits.GroupTkip | CryptBits.PairwiseTkip
            : word.SequenceEqual("GCMP"u8) ? Gcmp
            : word.SequenceEqual("WPA3"u8) ? Wpa3
            : word.SequenceEqual("PEAP"u8) ? CryptBits.EapPeap
            : word.SequenceEqual("TTLS"u8) ? CryptBits.EapTtls
            : word.SequenceEqual("LEAP"u8) ? CryptBits.EapLeap
            : word.SequenceEqual("FILS"u8) ? Wpa3 | (_fast ? CryptBits.AkmFtFilsSha256 : CryptBits.AkmFilsSha256)
            : word.SequenceEqual("WPA1"u8) ? CryptBits.Wpa | CryptBits.Wpa1
            : 0;

        private CryptBits OfLong(ReadOnlySpan<byte> word) =>
            word.SequenceEqual("SHA256"u8) ? Stronger(sha384: false)
            : word.SequenceEqual("SHA384"u8) ? Stronger(sha384: true)
            : word.SequenceEqual("CCMP128"u8) ? Ccmp
            : word.SequenceEqual("CCMP256"u8) ? Ccmp256
            : word.SequenceEqual("GCMP128"u8) ? Gcmp
            : word.SequenceEqual("GCMP256"u8) ? Gcmp256
            : word.SequenceEqual("WEP40"u8) ? CryptBits.Wep | CryptBits.GroupWep40 | CryptBits.PairwiseWep40
            : word.SequenceEqual("WEP104"u8) ? CryptBits.Wep | CryptBits.GroupWep104 | CryptBits.PairwiseWep104
            : word.SequenceEqual("SAE_EXT_KEY"u8) ? Sae()
            : word.SequenceEqual("EAP_SUITE_B_192"u8) || word.SequenceEqual("SUITE_B_192"u8) ? Wpa3 | CryptBits.AkmSuiteBSha384
            : 0;

        private readonly CryptBits Sae() => Wpa3 | (_fast ? CryptBits.AkmSaeFt : CryptBits.AkmSae);

        // GCMP-256 and CCMP-256: the second half of one cipher's name.
        private CryptBits Longer() => _last switch
        {
            Gcmp => Replace(Gcmp256),
            Ccmp => Replace(Ccmp256),
            _ => 0,
        };

        private CryptBits Stronger(bool sha384) => (_last & ~Wpa3) switch
        {
            CryptBits.AkmPsk => Replace(sha384 ? CryptBits.AkmPskSha384 : CryptBits.AkmPskSha256),
            CryptBits.AkmPskFt => sha384 ? Replace(CryptBits.AkmPskSha384Ft) : 0,
            CryptBits.Akm1X => sha384 ? 0 : Replace(CryptBits.Akm1XSha256),
            CryptBits.Akm1XFt => sha384 ? Replace(CryptBits.Akm1XFtSha384) : 0,
            CryptBits.AkmFilsSha256 => sha384 ? Replace(CryptBits.AkmFilsSha384) : 0,
            CryptBits.AkmFtFilsSha256 => sha384 ? Replace(CryptBits.AkmFtFilsSha384) : 0,
            _ => 0,
        };

        // What stands before the word in the group stays, be it the weaker suite itself.
        private CryptBits Replace(CryptBits stronger)
        {
            _found = _before;
            return stronger | (_last & Wpa3);
        }
    }
}
