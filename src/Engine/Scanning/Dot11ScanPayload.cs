using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// What a Wi-Fi report says beside address, time, signal and place, as the bytes of its observation: flags (1 byte); crypt bits (8) where
/// capabilities tell of security; channel after its length (1); SSID after its length (1) where one was given; tags (<see cref="ScanPairs"/> after
/// their number) where there are any.
/// </summary>
internal ref struct Dot11ScanPayload
{
    /// <summary>Longest SSID taken: 32 bytes are on the air (IEEE Std 802.11-2020, 9.4.2.2), but some scanners escape what is not text.</summary>
    public const int MaxSsid = 255;

    /// <summary>Longest channel taken; <c>42HT40P</c> is long.</summary>
    public const int MaxChannel = 32;

    private const byte SsidFlag = 1;
    private const byte CapabilitiesFlag = 2;
    private const byte AdhocFlag = 4;
    private const byte TagsFlag = 8;
    private const byte MfpSupportedFlag = 16;
    private const byte MfpRequiredFlag = 32;
    private const byte ClientFlag = 64;

    /// <summary>Whether an SSID was given, which may be empty: hidden.</summary>
    public bool HasSsid;

    /// <summary>Whether it is a client, and no network: of logs, which have some without their packets.</summary>
    public bool IsClient;

    /// <summary>What the capabilities say; without them nothing.</summary>
    public ScanSecurity Security;

    /// <summary>Channel as given; empty without.</summary>
    public ReadOnlySpan<byte> Channel;

    public ReadOnlySpan<byte> Ssid;

    public ScanPairs Tags;

    /// <summary>Bytes that <see cref="Write"/> needs at most.</summary>
    public static int Room(int channel, int ssid, int tags) => 12 + channel + ssid + tags;

    /// <param name="to">Room enough (<see cref="Room"/>).</param>
    /// <param name="tags">Tags as they shall stand there, with their number; empty without.</param>
    /// <returns>Bytes written.</returns>
    public readonly int Write(Span<byte> to, ReadOnlySpan<byte> tags)
    {
        PayloadWriter writer = new(to);
        writer.Byte((byte)(
            (HasSsid ? SsidFlag : 0) | (Security.IsStated ? CapabilitiesFlag : 0) | (Security.IsAdhoc ? AdhocFlag : 0)
            | (Security.MfpSupported ? MfpSupportedFlag : 0) | (Security.MfpRequired ? MfpRequiredFlag : 0) | (tags.IsEmpty ? 0 : TagsFlag)
            | (IsClient ? ClientFlag : 0)));
        if (Security.IsStated)
        {
            writer.UInt64((ulong)Security.Crypt);
        }
        writer.Short(Channel);
        if (HasSsid)
        {
            writer.Short(Ssid);
        }
        writer.Raw(tags);
        return writer.Length;
    }

    public static ReadOnlySpan<byte> ChannelOf(ReadOnlySpan<byte> bytes)
    {
        PayloadReader reader = new(bytes);
        if ((reader.Byte() & CapabilitiesFlag) != 0)
        {
            _ = reader.UInt64();
        }
        return reader.Short();
    }

    /// <returns>False when the bytes end too early.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Dot11ScanPayload payload)
    {
        PayloadReader reader = new(bytes);
        byte flags = reader.Byte();
        payload = new()
        {
            HasSsid = (flags & SsidFlag) != 0,
            IsClient = (flags & ClientFlag) != 0,
            Security = new()
            {
                IsStated = (flags & CapabilitiesFlag) != 0,
                IsAdhoc = (flags & AdhocFlag) != 0,
                MfpSupported = (flags & MfpSupportedFlag) != 0,
                MfpRequired = (flags & MfpRequiredFlag) != 0,
            },
        };
        payload.Security.Crypt = payload.Security.IsStated ? (CryptBits)reader.UInt64() : CryptBits.None;
        payload.Channel = reader.Short();
        payload.Ssid = payload.HasSsid ? reader.Short() : default;
        payload.Tags = (flags & TagsFlag) != 0 ? reader.Pairs() : default;
        return !reader.Failed;
    }
}
