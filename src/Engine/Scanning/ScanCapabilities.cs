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
        ScanSecurity said = default;
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
                isStrange |= length > MaxRun || !TryRun(run[..length], ref group, ref said, ref isPlain);
                length = 0;
            }
            group.Separator = (char)c;
            if (c is (byte)'[' or (byte)']' or (byte)',' or (byte)';')
            {
                said.Crypt |= group.Crypt;
                isOpen |= group.IsOpen;
                group = default;
            }
        }
        if ((said.MfpSupported || said.MfpRequired) && (said.Crypt & (CryptBits.Wpa | CryptBits.Wapi)) == 0)
        {
            // Capabilities of an RSN element.
            said.Crypt |= CryptBits.Wpa | CryptBits.Wpa2;
        }
        // Scanners name the kind of network beside its security: where that is all, there is none. Beside a word of tomorrow it is not.
        said.IsStated = isOpen || (said.Crypt & ~CryptBits.Wps) != 0 || (isPlain && !isStrange);
        return said;
    }

    // Words may stand together without a sign, as in WPA2PSK.
    private static bool TryRun(ReadOnlySpan<char> run, ref ScanGroupWords group, ref ScanSecurity said, ref bool isPlain)
    {
        if (ScanWords.Of(run) is var whole && whole != ScanWord.Unknown)
        {
            Add(whole, ref group, ref said, ref isPlain);
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
            Add(ScanWords.Of(run[..length]), ref group, ref said, ref isPlain);
            run = run[length..];
        }
        return true;
    }

    private static void Add(ScanWord word, ref ScanGroupWords group, ref ScanSecurity said, ref bool isPlain)
    {
        switch (word)
        {
            case ScanWord.Ess:
                isPlain = true;
                break;
            case ScanWord.Ibss:
                isPlain = said.IsAdhoc = true;
                break;
            case ScanWord.MfpCapable:
                said.MfpSupported = true;
                break;
            case ScanWord.MfpRequired:
                said.MfpSupported = said.MfpRequired = true;
                break;
            default:
                group.Add(word);
                break;
        }
    }
}
