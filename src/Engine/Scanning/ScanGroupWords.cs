using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Scanning;

/// <summary>One group of words: they change the meaning of their neighbours, as <c>256</c> that of GCMP and WPA3 that of PSK.</summary>
internal struct ScanGroupWords
{
    private const CryptBits Wpa2 = CryptBits.Wpa | CryptBits.Wpa2;

    // An RSN element like WPA2's; its key management makes it the third version.
    private const CryptBits Wpa3 = Wpa2 | CryptBits.Wpa3;
    private const CryptBits Ccmp = CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128;
    private const CryptBits Ccmp256 = CryptBits.GroupCcmp256 | CryptBits.PairwiseCcmp256;
    private const CryptBits Gcmp = CryptBits.GroupGcmp128 | CryptBits.PairwiseGcmp128;
    private const CryptBits Gcmp256 = CryptBits.GroupGcmp256 | CryptBits.PairwiseGcmp256;
    private CryptBits _found;
    private CryptBits _last;
    private CryptBits _before;
    private int _words;

    // FT in front of a suite makes it a fast transition's; SHA without a number waits for it.
    private bool _isFast;
    private bool _isSha;
    private bool _isExtended;
    private bool _isMixed;
    private bool _saysWpa2;
    private bool _saysWpa3;
    private bool _namesOpen;
    private bool _isTransitional;
    private bool _isTransition;

    /// <summary>The sign in front of the next word: behind <c>+</c> it is another suite, not more of the one before.</summary>
    public char Separator { private get; set; }

    /// <summary>The group says that there is no security: in so many words, or as the open half of a network in transition to OWE.</summary>
    public readonly bool IsOpen => IsOpenHalf || (_namesOpen && _found == 0);

    /// <summary>What the group says: all of a WPA group is some kind of WPA.</summary>
    public readonly CryptBits Crypt
    {
        get
        {
            // Flags beside the security: that FILS or DPP is offered, not that it is what keys are made by.
            bool isFlag = _words == 1 && (_found & (CryptBits.AkmFilsSha256 | CryptBits.AkmDpp)) != 0;
            if (IsOpenHalf || isFlag || (_found & ~CryptBits.Wps) == 0)
            {
                return isFlag || IsOpenHalf ? CryptBits.None : _found;
            }
            if ((_found & CryptBits.Wapi) != 0)
            {
                return _found & ~(Wpa3 | CryptBits.Wpa1);
            }
            if ((_found & CryptBits.Wep) != 0)
            {
                return _found & ~CryptBits.Wpa;
            }
            bool isOsenAlone = (_found & CryptBits.AkmOsen) != 0 && !_saysWpa2;
            return Promoted() | (isOsenAlone ? CryptBits.None : CryptBits.Wpa);
        }
    }

    private readonly bool IsOpenHalf => (_found & CryptBits.AkmOwe) != 0 && (_isTransition || (_isTransitional && _namesOpen));

    public void Add(ScanWord word)
    {
        _words++;
        CryptBits bits = BitsOf(word);
        if (bits == 0)
        {
            return;
        }
        _before = _found;
        _found |= bits;
        _last = bits;
        _isFast = _isSha = false;
    }

    // Personal WPA3 is SAE, whatever word stands for its passphrase; beside WPA2 it is both.
    private readonly CryptBits Promoted()
    {
        const CryptBits psk = CryptBits.AkmPsk | CryptBits.AkmPskFt;
        const CryptBits sae = CryptBits.AkmSae | CryptBits.AkmSaeFt | CryptBits.AkmSaeExt | CryptBits.AkmSaeFtExt;
        if (!_saysWpa3 || (_found & psk) == 0 || (_found & sae) != 0)
        {
            return _found;
        }
        bool fast = (_found & CryptBits.AkmPskFt) != 0;
        CryptBits personal = SaeOf(fast, _isExtended) | (_isMixed && _isExtended ? SaeOf(fast, extended: false) : CryptBits.None);
        return (_saysWpa2 ? _found : _found & ~psk) | personal;
    }

    private static CryptBits SaeOf(bool fast, bool extended) =>
        extended ? fast ? CryptBits.AkmSaeFtExt : CryptBits.AkmSaeExt : fast ? CryptBits.AkmSaeFt : CryptBits.AkmSae;

    private CryptBits BitsOf(ScanWord word)
    {
        switch (word)
        {
            case ScanWord.Wpa1:
                return CryptBits.Wpa | CryptBits.Wpa1;
            case ScanWord.Rsn:
                _saysWpa2 = true;
                return Wpa2;
            case ScanWord.Wpa3:
                _saysWpa3 = true;
                return Wpa3;
            case ScanWord.Fast:
                _isFast = true;
                return 0;
            case ScanWord.Sha:
                _isSha = true;
                return 0;
            case ScanWord.Mixed:
                _isMixed = true;
                return 0;
            case ScanWord.Open or ScanWord.None:
                _namesOpen = true;
                return 0;
            case ScanWord.Transitional:
                _isTransitional = true;
                return 0;
            case ScanWord.Transition:
                _isTransition = true;
                return 0;
            case ScanWord.Extended:
                return Extended();
            case ScanWord.Of256 when _isSha:
                return Stronger(sha384: false);
            case ScanWord.Of384 when _isSha:
                return Stronger(sha384: true);
            default:
                return IsCipher(word) ? CipherOf(word) : SuiteOf(word);
        }
    }

    private static bool IsCipher(ScanWord word) => word is >= ScanWord.Tkip and <= ScanWord.Of384 or ScanWord.Wep;

    // Some names of ciphers have their length behind them.
    private CryptBits CipherOf(ScanWord word) => (word, _last) switch
    {
        (ScanWord.Wep, _) => CryptBits.Wep,
        (ScanWord.Tkip, _) => CryptBits.GroupTkip | CryptBits.PairwiseTkip,
        (ScanWord.Ccmp, _) => Ccmp,
        (ScanWord.Gcmp, _) => Gcmp,
        (ScanWord.Of256, Gcmp) => Replace(Gcmp256),
        (ScanWord.Of256, Ccmp) => Replace(Ccmp256),
        (ScanWord.Of40, CryptBits.Wep) => CryptBits.Wep | CryptBits.GroupWep40 | CryptBits.PairwiseWep40,
        (ScanWord.Of104 or ScanWord.Of128, CryptBits.Wep) => CryptBits.Wep | CryptBits.GroupWep104 | CryptBits.PairwiseWep104,
        (ScanWord.Of192, CryptBits.Akm1X or (Wpa3 | CryptBits.AkmSuiteBSha256)) => Replace(Wpa3 | CryptBits.AkmSuiteBSha384),
        _ => CryptBits.None,
    };

    private CryptBits SuiteOf(ScanWord word) => word switch
    {
        ScanWord.Psk => _isFast ? CryptBits.AkmPskFt : CryptBits.AkmPsk,
        ScanWord.Eap => _isFast ? CryptBits.Akm1XFt : CryptBits.Akm1X,
        ScanWord.Sae => Wpa3 | SaeOf(_isFast, extended: false),
        ScanWord.Owe => Wpa3 | CryptBits.AkmOwe,
        ScanWord.Fils => OfEap(Wpa3 | (_isFast ? CryptBits.AkmFtFilsSha256 : CryptBits.AkmFilsSha256)),
        ScanWord.Suite => OfEap(Wpa3 | CryptBits.AkmSuiteBSha256),
        ScanWord.Sha256 => Stronger(sha384: false),
        ScanWord.Sha384 => Stronger(sha384: true),
        ScanWord.Certificate => CryptBits.Akm1X,
        ScanWord.Dpp => Wpa2 | CryptBits.AkmDpp,
        ScanWord.Pasn => Wpa3 | CryptBits.AkmPasn,
        ScanWord.Cckm => CryptBits.AkmCckm,
        ScanWord.Tdls => CryptBits.AkmTdls,
        ScanWord.Osen => CryptBits.AkmOsen,
        ScanWord.Wapi => CryptBits.Wapi,
        ScanWord.Wps => CryptBits.Wps,
        ScanWord.Peap => CryptBits.EapPeap,
        ScanWord.Tls => CryptBits.EapTls,
        ScanWord.Ttls => CryptBits.EapTtls,
        ScanWord.Leap => CryptBits.EapLeap,
        _ => CryptBits.None,
    };

    // EAP in front of it belongs to its name.
    private CryptBits OfEap(CryptBits suite) =>
        Separator != '+' && _last is CryptBits.Akm1X or CryptBits.Akm1XFt ? Replace(suite) : suite;

    private CryptBits Extended()
    {
        _isExtended = true;
        return _last switch
        {
            Wpa3 | CryptBits.AkmSae => Replace(Wpa3 | CryptBits.AkmSaeExt),
            Wpa3 | CryptBits.AkmSaeFt => Replace(Wpa3 | CryptBits.AkmSaeFtExt),
            _ => CryptBits.None,
        };
    }

    private CryptBits Stronger(bool sha384) => _last switch
    {
        CryptBits.AkmPsk => Replace(sha384 ? Wpa3 | CryptBits.AkmPskSha384 : CryptBits.AkmPskSha256),
        CryptBits.AkmPskFt when sha384 => Replace(Wpa3 | CryptBits.AkmPskSha384Ft),
        CryptBits.Akm1X => Replace(sha384 ? Wpa3 | CryptBits.Akm1XSha384 : CryptBits.Akm1XSha256),
        CryptBits.Akm1XFt when sha384 => Replace(Wpa3 | CryptBits.Akm1XFtSha384),
        Wpa3 | CryptBits.AkmFilsSha256 when sha384 => Replace(Wpa3 | CryptBits.AkmFilsSha384),
        Wpa3 | CryptBits.AkmFtFilsSha256 when sha384 => Replace(Wpa3 | CryptBits.AkmFtFilsSha384),
        _ => CryptBits.None,
    };

    // What stands before the word in the group stays, be it the weaker suite itself.
    private CryptBits Replace(CryptBits stronger)
    {
        _found = _before;
        return stronger;
    }
}
