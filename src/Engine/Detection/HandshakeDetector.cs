using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Detection;

/// <summary>Key handshakes that are replayed, weakened, guessed at, or too long for known drivers.</summary>
internal sealed class HandshakeDetector(AlertCollector alerts)
{
    // Guesses of a WPS PIN within five minutes of each other; nobody types that often.
    private const uint MaxWpsMessages = 5;

    // Buffers of Realtek's modules.
    private const int MaxPacket = 512, MaxKeyData = 0x101, MaxEncryptedKeyData = 0x80;

    // HMAC-SHA1 and AES key wrap.
    private const int AesDescriptor = 2;

    /// <summary>Looks at an EAPOL-Key frame.</summary>
    public void Check(Device ap, in Observation o, ObservationBatch batch)
    {
        ReadOnlySpan<byte> frame = batch.Bytes(o);
        // What it claims is what does harm, whether or not the frame holds it.
        if (EapolKey.TryParse(frame, o.Frame, out EapolKey key) == ParseStatus.Unsupported)
        {
            return;
        }
        if (key.PacketLength > MaxPacket && alerts.Wants(AlertKind.Realtek8195))
        {
            alerts.Raise(AlertKind.Realtek8195, ap, o, batch, $"{o.Frame.Source} sends {o.Frame.Destination} an EAPOL-Key frame of {key.PacketLength} bytes");
        }
        if (key.Message == 3 && key.KeyDataLength > MaxKeyData && alerts.Wants(AlertKind.Vdoo1))
        {
            alerts.Raise(AlertKind.Vdoo1, ap, o, batch, $"{o.Frame.Source} sends {o.Frame.Destination} {key.KeyDataLength} bytes of key data");
        }
        else if (key.Message == 3 && key.KeyDataLength > MaxEncryptedKeyData && key.DescriptorVersion == AesDescriptor && alerts.Wants(AlertKind.Vdoo2))
        {
            alerts.Raise(AlertKind.Vdoo2, ap, o, batch, $"{o.Frame.Source} sends {o.Frame.Destination} {key.KeyDataLength} bytes of encrypted key data");
        }
        if (MustHaveNonce(key) && key.Nonce.Of(frame).IndexOfAnyExcept((byte)0) < 0 && alerts.Wants(AlertKind.NonceDegrade))
        {
            alerts.Raise(AlertKind.NonceDegrade, ap, o, batch, $"Message {key.Message} of {o.Frame.Source} to {o.Frame.Destination} has no nonce");
        }
    }

    /// <summary>Looks at a frame whose nonce its receiver has had already.</summary>
    public void Reused(Device client, in Observation o, ObservationBatch batch)
    {
        if (!o.Frame.IsRetry && alerts.Wants(AlertKind.NonceReuse))
        {
            alerts.Raise(AlertKind.NonceReuse, client, o, batch, $"{o.Frame.Bssid} gives {o.Frame.Destination} a nonce again that it has had");
        }
    }

    /// <summary>Looks at how often a device has sent the third message of WPS.</summary>
    public void Guessed(Device sender, in Observation o, ObservationBatch batch)
    {
        if (sender.Dot11!.WpsM3Count > MaxWpsMessages && alerts.Wants(AlertKind.WpsBrute))
        {
            alerts.Raise(
                AlertKind.WpsBrute, sender, o, batch, $"{o.Frame.Source} and {o.Frame.Destination} are at WPS for the {sender.Dot11.WpsM3Count}th time within minutes");
        }
    }

    // Message 4 has none and message 2 without a secure bit is the only other that a station sends; group handshakes have none either.
    private static bool MustHaveNonce(in EapolKey key) => key.IsPairwise && key.Message switch
    {
        1 or 3 => true,
        2 => (key.Information & KeyInformation.Secure) == 0,
        _ => false,
    };
}
