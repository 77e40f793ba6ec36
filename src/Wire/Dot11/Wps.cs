// Wi-Fi Alliance, "Wi-Fi Simple Configuration Technical Specification" 2.0.8, clause 12: attributes (type, length, value, big-endian).
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads the WPS element (00:50:F2, type 4).</summary>
internal static class Wps
{
    internal const int AttributeHeaderLength = 4;

    private const ushort ConfigMethods = 0x1008;
    private const ushort DeviceName = 0x1011;
    private const ushort Manufacturer = 0x1021;
    private const ushort ModelName = 0x1023;
    private const ushort ModelNumber = 0x1024;
    private const ushort SerialNumber = 0x1042;
    private const ushort State = 0x1044;
    private const ushort UuidE = 0x1047;
    private const ushort VendorExtension = 0x1049;
    private const ushort Version = 0x104A;
    private const ushort SetupLocked = 0x1057;

    /// <summary>The API's state bits.</summary>
    private const byte Configured = 1, NotConfigured = 2, Locked = 4;

    private const int UuidLength = 16;

    /// <summary>OUI of the Wi-Fi Alliance's extension of version 2, and its subelement that holds the version.</summary>
    private const uint ExtensionOui = 0x00372A;
    private const byte ExtensionVersion2 = 0;

    /// <param name="bytes">The attributes.</param>
    /// <param name="body">Where they lie among the elements.</param>
    /// <param name="e">Takes what was found.</param>
    internal static void Parse(ReadOnlySpan<byte> bytes, Slice body, ref Dot11Elements e)
    {
        e.Seen |= ElementsSeen.Wps;
        int at = 0;
        while (at + AttributeHeaderLength <= bytes.Length)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            ushort length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            at += AttributeHeaderLength;
            if (at + length > bytes.Length)
            {
                e.Anomalies |= Anomalies.WpsMalformed;
                return;
            }
            Attribute(type, bytes.Slice(at, length), new Slice((ushort)(body.Offset + at), length), ref e);
            at += length;
        }
        if (at != bytes.Length)
        {
            e.Anomalies |= Anomalies.WpsMalformed;
        }
    }

    private static void Attribute(ushort type, ReadOnlySpan<byte> value, Slice slice, ref Dot11Elements e)
    {
        switch (type)
        {
            case DeviceName:
                e.WpsDeviceName = slice;
                break;
            case Manufacturer:
                e.WpsManufacturer = slice;
                break;
            case ModelName:
                e.WpsModelName = slice;
                break;
            case ModelNumber:
                e.WpsModelNumber = slice;
                break;
            case SerialNumber:
                e.WpsSerialNumber = slice;
                break;
            case UuidE when value.Length == UuidLength:
                e.WpsUuidE = slice;
                break;
            case ConfigMethods when value.Length == 2:
                e.WpsConfigMethods = BinaryPrimitives.ReadUInt16BigEndian(value);
                break;
            case Version when value.Length == 1:
                e.WpsVersion = value[0];
                break;
            case State when value.Length == 1:
                e.WpsState |= value[0] switch { 1 => NotConfigured, 2 => Configured, _ => 0 };
                break;
            case SetupLocked when value.Length == 1 && value[0] == 1:
                e.WpsState |= Locked;
                break;
            case VendorExtension:
                Extension(value, ref e);
                break;
            case UuidE or ConfigMethods or Version or State:
                e.Anomalies |= Anomalies.WpsMalformed;
                break;
        }
    }

    private static void Extension(ReadOnlySpan<byte> value, ref Dot11Elements e)
    {
        if (VendorElement.OuiOf(value) != ExtensionOui)
        {
            return;
        }
        value = value[VendorElement.OuiLength..];
        while (value.Length >= 2 && 2 + value[1] <= value.Length)
        {
            if (value[0] == ExtensionVersion2 && value[1] == 1)
            {
                e.WpsVersion2 = value[2];
            }
            value = value[(2 + value[1])..];
        }
    }
}
