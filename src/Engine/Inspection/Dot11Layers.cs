using System.Buffers.Binary;
using System.Globalization;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Network;

namespace KismetOrleans.Engine.Inspection;

/// <summary>802.11 frames, as their parser reads them.</summary>
internal static class Dot11Layers
{
    private const int Receiver = 4, Transmitter = 10, Third = 16, SequenceControl = 22, Fourth = 24;
    private const int AddressLength = 6;
    private const int TwoAddresses = 16;
    private const ushort EtherTypeEapol = 0x888E;
    private const uint CiscoOui = 0x00000C;
    private const ushort CiscoDiscovery = 0x2000;

    // Kinds that the parser has no name for since nothing looks at them.
    private static readonly Dictionary<int, string> s_names = new()
    {
        [0x12] = "trigger",
        [0x14] = "beamforming report poll",
        [0x15] = "NDP announcement",
        [0x17] = "control wrapper",
        [0x18] = "block ack request",
        [0x19] = "block ack",
        [0x1A] = "PS-poll",
        [0x1B] = "RTS",
        [0x1C] = "CTS",
        [0x1D] = "acknowledgement",
        [0x1E] = "CF-end",
        [0x1F] = "CF-end with acknowledgement",
        [0x30] = "DMG beacon",
        [0x31] = "S1G beacon",
    };

    /// <summary>Adds the layers of a frame.</summary>
    /// <param name="start">Where the frame begins.</param>
    /// <param name="length">Its bytes, without check sequence.</param>
    public static void Read(PacketTree tree, int start, int length)
    {
        ReadOnlySpan<byte> frame = tree.Bytes.AsSpan(start, length);
        ParseStatus status = Dot11Parser.TryParse(frame, tree.IsCut, out Dot11Frame f);
        int header = f.BodyOffset > 0 ? f.BodyOffset : Math.Min(length, Dot11Parser.HeaderLength);
        // The parser takes the beacons among extension frames for what they say.
        FrameKind kind = length > 0 && IsExtension(frame[0]) ? (FrameKind)(((int)FrameType.Extension << 4) | (frame[0] >> 4)) : f.Kind;
        PacketLayer layer = tree.Layer(null, length < Dot11Parser.MinimumLength ? "IEEE 802.11" : $"IEEE 802.11 {NameOf(kind)}", start, header);
        layer.Error = Words.Of(status, f.Anomalies, tree);
        ReadHeader(tree, layer, start, length, f);
        if (status != ParseStatus.Ok || f.BodyLength == 0)
        {
            tree.Data(layer, "Data", start + header, length - header);
        }
        else if (f.Type == FrameType.Management)
        {
            ReadManagement(tree, layer, start, frame, f);
        }
        else if (f.Type == FrameType.Data && !f.IsNull)
        {
            ReadData(tree, layer, start, frame, f);
        }
        else
        {
            tree.Data(layer, "Data", start + f.BodyOffset, f.BodyLength);
        }
    }

    private static bool IsExtension(byte control) => (control & 0x0C) == 0x0C;

    private static string NameOf(FrameKind kind) => s_names.TryGetValue((int)kind, out string? name) ? name
        : Enum.IsDefined(kind) ? Words.Of(kind.ToString())
        : $"type {(int)kind >> 4}, subtype {(int)kind & 0x0F}";

    // What is there, also of a header that ends too early.
    private static void ReadHeader(PacketTree tree, PacketLayer layer, int start, int length, in Dot11Frame f)
    {
        if (length < Dot11Parser.MinimumLength)
        {
            return;
        }
        bool isExtension = IsExtension(tree.Bytes[start]);
        FrameType type = isExtension ? FrameType.Extension : f.Type;
        tree.Field(layer, "Type", $"{Words.Of(type.ToString())} ({(int)type}), subtype {tree.Bytes[start] >> 4}", start, 1);
        // An extension frame has a byte of its own here.
        tree.Field(layer, "Flags", isExtension ? $"0x{tree.Bytes[start + 1]:X2}" : Words.Of(f.Flags.ToString()), start + 1, 1);
        tree.Field(layer, "Duration", BinaryPrimitives.ReadUInt16LittleEndian(tree.Bytes.AsSpan(start + 2)), start + 2, 2);
        if (isExtension || (tree.Bytes[start] & 0x03) != 0)
        {
            if (!f.Bssid.IsZero)
            {
                tree.Address(layer, "BSSID", start + Receiver);
            }
            return;
        }
        tree.Address(layer, "Receiver", start + Receiver);
        bool hasThree = f.Type is FrameType.Management or FrameType.Data && length >= Dot11Parser.HeaderLength;
        if (hasThree || (!f.Transmitter.IsZero && length >= TwoAddresses))
        {
            tree.Address(layer, "Transmitter", start + Transmitter);
        }
        if (!hasThree)
        {
            return;
        }
        bool toDs = f.Type == FrameType.Data && (f.Flags & FrameFlags.ToDs) != 0;
        bool fromDs = f.Type == FrameType.Data && (f.Flags & FrameFlags.FromDs) != 0;
        // Clause 9.3.2.1, table 9-30.
        (int destination, int source, int bssid) = (toDs, fromDs) switch
        {
            (false, false) => (Receiver, Transmitter, Third),
            (false, true) => (Receiver, Third, Transmitter),
            (true, false) => (Third, Transmitter, Receiver),
            (true, true) => (Third, Fourth, 0),
        };
        tree.Address(layer, "Destination", start + destination);
        if (source + AddressLength <= length)
        {
            tree.Address(layer, "Source", start + source);
        }
        if (bssid > 0)
        {
            tree.Address(layer, "BSSID", start + bssid);
        }
        tree.Field(layer, "Sequence number", f.Sequence, start + SequenceControl, 2);
        tree.Field(layer, "Fragment number", f.Fragment, start + SequenceControl, 1);
        int behind = Dot11Parser.HeaderLength + (toDs && fromDs ? AddressLength : 0);
        if (f.Type == FrameType.Data && f.BodyOffset >= behind + 2)
        {
            ushort qos = BinaryPrimitives.ReadUInt16LittleEndian(tree.Bytes.AsSpan(start + behind));
            tree.Field(layer, "QoS control", string.Create(CultureInfo.InvariantCulture, $"0x{qos:X4}, TID {qos & 0x0F}{(f.IsAmsdu ? ", A-MSDU" : "")}"), start + behind, 2);
        }
    }

    private static void ReadManagement(PacketTree tree, PacketLayer layer, int start, ReadOnlySpan<byte> frame, in Dot11Frame f)
    {
        int body = start + f.BodyOffset;
        if (f.IsProtected)
        {
            tree.Data(layer, "Encrypted body", body, f.BodyLength);
            return;
        }
        bool hasElements = f.ElementsOffset > 0;
        int fixedLength = hasElements ? f.ElementsOffset - f.BodyOffset : Math.Min(f.BodyLength, FixedLengthWithoutElements(f.Kind));
        if (fixedLength > 0)
        {
            PacketLayer parameters = tree.Layer(layer, "Fixed parameters", body, fixedLength);
            if (!IsExtension(frame[0]))
            {
                ReadFixed(tree, parameters, body, f);
            }
        }
        if (hasElements)
        {
            ElementLayers.Read(tree, layer, start + f.ElementsOffset, frame.Length - f.ElementsOffset, f.Kind);
        }
        else
        {
            tree.Data(layer, "Body", body + fixedLength, f.BodyLength - fixedLength);
        }
    }

    private static int FixedLengthWithoutElements(FrameKind kind) => kind switch
    {
        FrameKind.Authentication => 6,
        FrameKind.Action or FrameKind.ActionNoAck => 2,
        _ => 0,
    };

    private static void ReadFixed(PacketTree tree, PacketLayer layer, int body, in Dot11Frame f)
    {
        switch (f.Kind)
        {
            case FrameKind.Beacon or FrameKind.ProbeResponse:
                tree.Field(layer, "Timestamp", f.Timestamp.ToString(CultureInfo.InvariantCulture) + " µs", body, 8);
                tree.Field(layer, "Beacon interval", $"{f.Interval} TU", body + 8, 2);
                Capabilities(tree, layer, body + 10, f);
                break;
            case FrameKind.TimingAdvertisement:
                tree.Field(layer, "Timestamp", f.Timestamp.ToString(CultureInfo.InvariantCulture) + " µs", body, 8);
                Capabilities(tree, layer, body + 8, f);
                break;
            case FrameKind.AssociationRequest or FrameKind.ReassociationRequest:
                Capabilities(tree, layer, body, f);
                tree.Field(layer, "Listen interval", f.Interval, body + 2, 2);
                if (f.Kind == FrameKind.ReassociationRequest)
                {
                    tree.Address(layer, "Current access point", body + 4);
                }
                break;
            case FrameKind.AssociationResponse or FrameKind.ReassociationResponse:
                Capabilities(tree, layer, body, f);
                tree.Field(layer, "Status code", f.Code, body + 2, 2);
                tree.Field(layer, "Association ID", BinaryPrimitives.ReadUInt16LittleEndian(tree.Bytes.AsSpan(body + 4)) & 0x3FFF, body + 4, 2);
                break;
            case FrameKind.Authentication:
                tree.Field(layer, "Algorithm", f.Algorithm switch { 0 => "open system (0)", 1 => "shared key (1)", 2 => "fast transition (2)", 3 => "SAE (3)", _ => $"{f.Algorithm}" }, body, 2);
                tree.Field(layer, "Transaction sequence number", BinaryPrimitives.ReadUInt16LittleEndian(tree.Bytes.AsSpan(body + 2)), body + 2, 2);
                tree.Field(layer, "Status code", f.Code, body + 4, 2);
                break;
            case FrameKind.Deauthentication or FrameKind.Disassociation:
                tree.Field(layer, "Reason code", f.Code, body, 2);
                break;
            default:
                tree.Field(layer, "Category", f.Algorithm >> 8, body, 1);
                tree.Field(layer, "Action", f.Algorithm & 0xFF, body + 1, 1);
                break;
        }
    }

    private static void Capabilities(PacketTree tree, PacketLayer layer, int offset, in Dot11Frame f) => tree.Field(
        layer, "Capabilities",
        string.Create(CultureInfo.InvariantCulture, $"0x{f.Capabilities:X4}{((f.Capabilities & 1) != 0 ? ", ESS" : "")}{(f.IsIbss ? ", IBSS" : "")}{(f.IsPrivacy ? ", privacy" : "")}"), offset, 2);

    private static void ReadData(PacketTree tree, PacketLayer layer, int start, ReadOnlySpan<byte> frame, in Dot11Frame f)
    {
        int body = start + f.BodyOffset;
        if (f.IsProtected)
        {
            PacketLayer encrypted = tree.Layer(layer, "Encrypted data", body, f.BodyLength);
            tree.Field(encrypted, "Cipher", f.Cipher switch
            {
                FrameCipher.Wep => "WEP",
                FrameCipher.Wpa => "TKIP, CCMP or GCMP",
                _ => "too short to tell",
            });
            if (f.Cipher is FrameCipher.Wep or FrameCipher.Wpa)
            {
                tree.Hex(encrypted, f.Cipher == FrameCipher.Wep ? "Initialization vector" : "Packet number", body, Math.Min(f.BodyLength, f.Cipher == FrameCipher.Wep ? 4 : 8));
            }
        }
        else if (f.Fragment != 0)
        {
            tree.Data(layer, "Later fragment", body, f.BodyLength);
        }
        else if (!f.IsAmsdu)
        {
            tree.GoesOn = (f.Flags & FrameFlags.MoreFragments) != 0;
            ReadMsdu(tree, layer, start, frame, f, f.BodyOffset, f.BodyLength);
        }
        else
        {
            AmsduReader subframes = new(frame, f.BodyOffset);
            while (subframes.TryRead(out int offset, out int length))
            {
                int at = start + offset - AmsduReader.SubframeHeaderLength;
                PacketLayer subframe = tree.Layer(layer, "A-MSDU subframe", at, AmsduReader.SubframeHeaderLength);
                tree.Address(subframe, "Destination", at);
                tree.Address(subframe, "Source", at + AddressLength);
                tree.Field(subframe, "Length", BinaryPrimitives.ReadUInt16BigEndian(frame[(offset - 2)..]), at + (2 * AddressLength), 2);
                subframe.Error = subframes.IsBroken ? tree.TooShort : null;
                ReadMsdu(tree, subframe, start, frame, f, offset, length);
            }
        }
    }

    private static void ReadMsdu(PacketTree tree, PacketLayer outer, int start, ReadOnlySpan<byte> frame, in Dot11Frame f, int offset, int length)
    {
        ReadOnlySpan<byte> msdu = frame.Slice(offset, length);
        int at = start + offset;
        if (!Llc.TryParse(msdu, out Llc llc))
        {
            if (length < 3)
            {
                tree.Data(outer, "Data", at, length);
                return;
            }
            PacketLayer plain = tree.Layer(outer, "LLC", at, 3);
            tree.Hex(plain, "Destination service access point", at, 1);
            tree.Hex(plain, "Source service access point", at + 1, 1);
            tree.Hex(plain, "Control", at + 2, 1);
            tree.Data(plain, "Data", at + 3, length - 3);
            return;
        }
        PacketLayer layer = tree.Layer(outer, "LLC and SNAP", at, Llc.Length);
        tree.Field(layer, "Organisation", string.Create(CultureInfo.InvariantCulture, $"{llc.Oui:X6}"), at + 3, 3);
        tree.Field(layer, "Protocol", string.Create(CultureInfo.InvariantCulture, $"0x{llc.Protocol:X4}"), at + 6, 2);
        int payload = offset + Llc.Length;
        int payloadLength = length - Llc.Length;
        if (llc is { Oui: CiscoOui, Protocol: CiscoDiscovery })
        {
            ReadCdp(tree, layer, start + payload, payloadLength);
        }
        else if (!llc.IsEtherType)
        {
            tree.Data(layer, "Data", start + payload, payloadLength);
        }
        else if (llc.Protocol == EtherTypeEapol)
        {
            EapolLayers.Read(tree, layer, start, frame, f, payload, payloadLength);
        }
        else
        {
            NetworkLayers.Read(tree, layer, llc.Protocol, start + payload, payloadLength);
        }
    }

    private static void ReadCdp(PacketTree tree, PacketLayer outer, int start, int length)
    {
        ReadOnlySpan<byte> packet = tree.Bytes.AsSpan(start, length);
        ParseStatus status = Cdp.TryParse(packet, tree.IsCut, out Cdp cdp);
        PacketLayer layer = tree.Layer(outer, "Cisco Discovery Protocol", start, length);
        layer.Error = Words.Of(status, Anomalies.None, tree);
        if (!cdp.DeviceId.IsEmpty)
        {
            tree.Text(layer, "Device", start + cdp.DeviceId.Offset, cdp.DeviceId.Length);
        }
        if (!cdp.PortId.IsEmpty)
        {
            tree.Text(layer, "Port", start + cdp.PortId.Offset, cdp.PortId.Length);
        }
    }
}
