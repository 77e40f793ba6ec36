// IEEE Std 802.11-2020, clause 9.4.2.25: vendor specific element (221): OUI (3), mostly a type (1), then what the vendor likes.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Sorts vendor elements by OUI and type.</summary>
internal static class VendorElement
{
    internal const int OuiLength = 3;

    internal const uint Microsoft = 0x0050F2;
    internal const uint WifiAlliance = 0x506F9A;
    internal const uint Cisco = 0x004096;
    internal const uint Dji = 0x263712;
    internal const uint DjiHardware = 0x60601F;
    internal const uint OpenDroneId = 0xFA0BBC;

    /// <summary>What Open Drone ID was sent with until ASTM F3411 had an OUI of its own.</summary>
    internal const uint OlderOpenDroneId = 0x903AE6;
    internal const uint FrenchDroneId = 0x6A5C35;

    /// <summary>OUI and type of the WPA element.</summary>
    internal static ReadOnlySpan<byte> WpaStart => [0x00, 0x50, 0xF2, 0x01];

    private const int TypeEnd = 4;

    /// <summary>WMM subtypes: 0 information, 1 parameters, 2 TSPEC.</summary>
    private const byte WmmTspec = 2;

    /// <summary>ASTM F3411-22a, 5.4.9: application code of Open Drone ID.</summary>
    private const byte OpenDroneIdType = 0x0D;

    internal static uint OuiOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length < OuiLength ? 0 : (uint)bytes[0] << 16 | BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);

    /// <param name="bytes">The element's body, OUI included.</param>
    /// <param name="body">Where it lies among the elements.</param>
    /// <param name="e">Takes what was found.</param>
    internal static void Parse(ReadOnlySpan<byte> bytes, Slice body, ref Dot11Elements e)
    {
        if (bytes.Length < OuiLength)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return;
        }
        uint oui = OuiOf(bytes);
        if (oui is Dji or DjiHardware)
        {
            e.Seen |= ElementsSeen.DjiDroneId;
            e.DjiDroneId = From(body, OuiLength);
            return;
        }
        if (bytes.Length < TypeEnd)
        {
            return;
        }
        byte type = bytes[OuiLength];
        switch (oui, type)
        {
            case (Microsoft, 1):
                Wpa.Parse(bytes[TypeEnd..], ref e);
                break;
            case (Microsoft, 2):
                Wmm(bytes, ref e);
                break;
            case (Microsoft, 4):
                Wps.Parse(bytes[TypeEnd..], From(body, TypeEnd), ref e);
                break;
            case (WifiAlliance, 9):
                WifiDirect.Parse(bytes[TypeEnd..], ref e);
                break;
            case (WifiAlliance, 18):
                Rsn.Osen(bytes[TypeEnd..], ref e);
                break;
            case (WifiAlliance, 0x29 or 0x2A):
                Rsn.Override(bytes[TypeEnd..], ref e);
                break;
            case (WifiAlliance, 28):
                OweTransition.Parse(bytes[TypeEnd..], From(body, TypeEnd), ref e);
                break;
            case (Cisco, _):
                CiscoElement.Vendor(type, bytes[TypeEnd..], ref e);
                break;
            case (OpenDroneId or OlderOpenDroneId, OpenDroneIdType):
                e.Seen |= ElementsSeen.OpenDroneId;
                e.OpenDroneId = From(body, TypeEnd);
                break;
            case (FrenchDroneId, 1):
                e.Seen |= ElementsSeen.FrenchDroneId;
                e.FrenchDroneId = From(body, TypeEnd);
                break;
            default:
                AccessPointName.Parse(oui, bytes, body, ref e);
                break;
        }
    }

    /// <summary>What is left of a slice from an offset within it on.</summary>
    internal static Slice From(Slice body, int offset) => new((ushort)(body.Offset + offset), (ushort)(body.Length - offset));

    private static void Wmm(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        e.Seen |= ElementsSeen.Wmm;
        e.WmmLength = Math.Max(e.WmmLength, (byte)bytes.Length);
        if (bytes.Length > TypeEnd && bytes[TypeEnd] == WmmTspec && e.WmmTspecs < byte.MaxValue)
        {
            e.WmmTspecs++;
        }
    }
}
