using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Scanning;

/// <summary>What a scanner's words say of a network.</summary>
internal struct ScanSecurity
{
    /// <summary>Ciphers and key management, as the network's beacons would give them.</summary>
    public CryptBits Crypt;

    /// <summary>Whether the words say how the network is secured, be it not at all; else nothing is known, and what was known stays.</summary>
    public bool IsStated;

    /// <summary>Whether it is an ad-hoc network's.</summary>
    public bool IsAdhoc;

    /// <summary>Whether management frames can be protected.</summary>
    public bool MfpSupported;

    /// <summary>Whether they must be.</summary>
    public bool MfpRequired;
}

/// <summary>
/// Security as scanners put it into words: groups in brackets of words joined by any sign, such as <c>[WPA2-PSK-CCMP][ESS][WPS]</c>,
/// <c>WPA_WPA2_PSK</c> and <c>WIFI_AUTH_WPA3_SAE</c>, large or small. A word that is not known says nothing.
/// </summary>
internal static class ScanCapabilities
{
    /// <summary>Longest run of letters and digits that is looked at; the longest word has 14.</summary>
    private const int MaxRun = 32;

    /// <param name="text">The text, in ASCII.</param>
    public static ScanSecurity Parse(ReadOnlySpan<byte> text)
    {
        ScanSecurity stated = default;
        ScanGroupWords group = default;
        Span<char> run = stackalloc char[MaxRun];
        bool isOpen = false, isPlain = false, isStrange = false;
        int length = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            byte c = i < text.Length ? text[i] : (byte)']';
            if (char.IsAsciiLetterOrDigit((char)c))
            {
                if (length < MaxRun)
                {
                    run[length] = char.ToUpperInvariant((char)c);
                }
                length++;
                continue;
            }
            if (length > 0)
            {
                isStrange |= length > MaxRun || !TryRun(run[..length], ref group, ref stated, ref isPlain);
                length = 0;
            }
            group.Separator = (char)c;
            if (c is (byte)'[' or (byte)']' or (byte)',' or (byte)';')
            {
                stated.Crypt |= group.Crypt;
                isOpen |= group.IsOpen;
                group = default;
            }
        }
        if ((stated.MfpSupported || stated.MfpRequired) && (stated.Crypt & (CryptBits.Wpa | CryptBits.Wapi)) == 0)
        {
            // Capabilities of an RSN element.
            stated.Crypt |= CryptBits.Wpa | CryptBits.Wpa2;
        }
        // Scanners name the kind of network beside its security: where that is all, there is none. Beside a word of tomorrow it is not.
        stated.IsStated = isOpen || (stated.Crypt & ~CryptBits.Wps) != 0 || (isPlain && !isStrange);
        return stated;
    }

    // Words may stand together without a sign, as in WPA2PSK.
    private static bool TryRun(ReadOnlySpan<char> run, ref ScanGroupWords group, ref ScanSecurity stated, ref bool isPlain)
    {
        if (ScanWords.Of(run) is var whole && whole != ScanWord.Unknown)
        {
            Add(whole, ref group, ref stated, ref isPlain);
            return true;
        }
        for (ReadOnlySpan<char> rest = run; !rest.IsEmpty;)
        {
            int length = ScanWords.Prefix(rest);
            if (length == 0)
            {
                return false;
            }
            rest = rest[length..];
        }
        while (!run.IsEmpty)
        {
            int length = ScanWords.Prefix(run);
            Add(ScanWords.Of(run[..length]), ref group, ref stated, ref isPlain);
            run = run[length..];
        }
        return true;
    }

    private static void Add(ScanWord word, ref ScanGroupWords group, ref ScanSecurity stated, ref bool isPlain)
    {
        switch (word)
        {
            case ScanWord.Ess:
                isPlain = true;
                break;
            case ScanWord.Ibss:
                isPlain = stated.IsAdhoc = true;
                break;
            case ScanWord.MfpCapable:
                stated.MfpSupported = true;
                break;
            case ScanWord.MfpRequired:
                stated.MfpSupported = stated.MfpRequired = true;
                break;
            default:
                group.Add(word);
                break;
        }
    }
}
