using System.Buffers.Binary;
using System.Globalization;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Inspection;

/// <summary>EAPOL packets: keys and EAP.</summary>
internal static class EapolLayers
{
    private const int HeaderLength = 4;
    private const byte TypePacket = 0, TypeKey = 3;

    /// <summary>Adds the layers of a packet.</summary>
    /// <param name="tree">The packet that was captured.</param>
    /// <param name="outer">The layer around it.</param>
    /// <param name="start">Where the 802.11 frame begins.</param>
    /// <param name="offset">Where the EAPOL packet begins in the frame.</param>
    public static void Read(PacketTree tree, PacketLayer outer, int start, ReadOnlySpan<byte> frame, in Dot11Frame f, int offset, int length)
    {
        int at = start + offset;
        PacketLayer layer = tree.Layer(outer, "EAPOL", at, Math.Min(length, HeaderLength));
        if (length < HeaderLength)
        {
            layer.Error = tree.TooShort;
            return;
        }
        byte type = frame[offset + 1];
        int claimed = BinaryPrimitives.ReadUInt16BigEndian(frame[(offset + 2)..]);
        tree.Field(layer, "Version", frame[offset], at, 1);
        tree.Field(layer, "Type", type switch { TypePacket => "EAP packet (0)", 1 => "start (1)", 2 => "logoff (2)", TypeKey => "key (3)", _ => $"{type}" }, at + 1, 1);
        tree.Field(layer, "Length", claimed, at + 2, 2);
        layer.Error = HeaderLength + claimed > length ? tree.TooShort : null;
        // In an A-MSDU the header tells of the first packet alone.
        Dot11Frame here = f;
        here.Payload = type == TypeKey ? PayloadKind.EapolKey : PayloadKind.Eapol;
        here.PayloadOffset = (ushort)offset;
        here.PayloadLength = length;
        int rest = Math.Min(claimed, length - HeaderLength);
        if (type == TypeKey)
        {
            ReadKey(tree, layer, start, frame, here, at + HeaderLength, rest);
        }
        else if (type == TypePacket)
        {
            ReadEap(tree, layer, start, frame, here, at + HeaderLength, rest);
        }
        else
        {
            tree.Data(layer, "Data", at + HeaderLength, rest);
        }
    }

    private static void ReadKey(PacketTree tree, PacketLayer outer, int start, ReadOnlySpan<byte> frame, in Dot11Frame f, int at, int length)
    {
        ParseStatus status = EapolKey.TryParse(frame, f, out EapolKey key);
        PacketLayer layer = tree.Layer(outer, key.Message == 0 ? "EAPOL-Key" : $"EAPOL-Key, message {key.Message} of 4", at, length);
        layer.Error = Words.Of(status, key.Anomalies, tree);
        if (key.Nonce.IsEmpty)
        {
            return;
        }
        tree.Field(layer, "Descriptor type", key.DescriptorType switch { 2 => "RSN (2)", 254 => "WPA (254)", _ => $"{key.DescriptorType}" }, at, 1);
        tree.Field(
            layer, "Key information",
            string.Create(CultureInfo.InvariantCulture, $"0x{(ushort)key.Information:X4}: {(key.IsPairwise ? "pairwise" : "group")}{Flags(key.Information)}, descriptor version {key.DescriptorVersion}"), at + 1, 2);
        tree.Field(layer, "Replay counter", key.ReplayCounter.ToString(CultureInfo.InvariantCulture), at + 5, 8);
        Slice(tree, layer, "Nonce", start, key.Nonce);
        Slice(tree, layer, "MIC", start, key.Mic);
        if (!key.Mic.IsEmpty)
        {
            tree.Field(layer, "Key data length", key.KeyDataLength, start + key.Mic.Offset + key.Mic.Length, 2);
        }
        Slice(tree, layer, (key.Information & KeyInformation.EncryptedData) != 0 ? "Key data, encrypted" : "Key data", start, key.KeyData);
        Slice(tree, layer, "PMKID", start, key.Pmkid);
    }

    private static string Flags(KeyInformation information)
    {
        KeyInformation flags = information
            & (KeyInformation.Install | KeyInformation.Ack | KeyInformation.Mic | KeyInformation.Secure | KeyInformation.Error | KeyInformation.Request | KeyInformation.EncryptedData);
        return flags == KeyInformation.None ? "" : ", " + Words.Of(flags.ToString());
    }

    private static void Slice(PacketTree tree, PacketLayer layer, string name, int start, Slice slice)
    {
        if (!slice.IsEmpty)
        {
            tree.Hex(layer, name, start + slice.Offset, slice.Length);
        }
    }

    private static void ReadEap(PacketTree tree, PacketLayer outer, int start, ReadOnlySpan<byte> frame, in Dot11Frame f, int at, int length)
    {
        ParseStatus status = EapPacket.TryParse(frame, f, out EapPacket eap);
        PacketLayer layer = tree.Layer(outer, "EAP", at, length);
        layer.Error = Words.Of(status, Anomalies.None, tree);
        if (eap.Code == 0)
        {
            return;
        }
        tree.Field(layer, "Code", eap.Code switch
        {
            EapPacket.Request => "request (1)",
            EapPacket.Response => "response (2)",
            EapPacket.Success => "success (3)",
            EapPacket.Failure => "failure (4)",
            _ => $"{eap.Code}",
        }, at, 1);
        tree.Field(layer, "Identifier", eap.Identifier, at + 1, 1);
        if (eap.Type == 0)
        {
            return;
        }
        tree.Field(layer, "Type", eap.Type switch
        {
            EapPacket.TypeIdentity => "identity (1)",
            EapPacket.TypeTls => "TLS (13)",
            EapPacket.TypeLeap => "LEAP (17)",
            EapPacket.TypeTtls => "TTLS (21)",
            EapPacket.TypePeap => "PEAP (25)",
            EapPacket.TypeExpanded => "expanded (254)",
            _ => $"{eap.Type}",
        }, at + 4, 1);
        if (!eap.Identity.IsEmpty)
        {
            tree.Text(layer, "Identity", start + eap.Identity.Offset, eap.Identity.Length);
        }
    }
}
