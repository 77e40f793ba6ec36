// Bluetooth Core Specification Supplement 11, part A: data types; Core Specification 5.4, volume 3, part C, section 11: their format.
using System.Buffers.Binary;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Bluetooth;

/// <summary>Bits of the Flags data type (section 1.3).</summary>
[Flags]
public enum AdvertisingFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>LE limited discoverable mode.</summary>
    LimitedDiscoverable = 0x01,

    /// <summary>LE general discoverable mode.</summary>
    GeneralDiscoverable = 0x02,

    /// <summary>BR/EDR not supported.</summary>
    BrEdrUnsupported = 0x04,

    /// <summary>Simultaneous LE and BR/EDR in the controller.</summary>
    SimultaneousController = 0x08,

    /// <summary>Simultaneous LE and BR/EDR in the host.</summary>
    SimultaneousHost = 0x10,
}

/// <summary>What a device says about itself in its advertising data. Slices point into the link layer packet.</summary>
public struct AdvertisingData
{
    /// <summary>Longest element that legacy advertising has room for; a longer one is an attack's mark (CVE-2020-24490).</summary>
    internal const int LegacyMaximum = 31;

    /// <summary>ASTM F3411-22a, 5.4.6: service data of 0xFFFA with application code 0x0D are Open Drone ID.</summary>
    private const uint OpenDroneIdHead = 0xFAFF0D;
    private const int OpenDroneIdHeadLength = 3;

    /// <summary>Flags, 0 where there are none.</summary>
    public AdvertisingFlags Flags;

    /// <summary>Whether there were flags.</summary>
    public bool HasFlags;

    /// <summary>The device's name, the complete one if both are there, raw.</summary>
    public Slice Name;

    /// <summary>Whether <see cref="Name"/> is complete.</summary>
    public bool IsNameComplete;

    /// <summary>Whether <see cref="TxPower"/> was there.</summary>
    public bool HasTxPower;

    /// <summary>Transmit power in dBm.</summary>
    public sbyte TxPower;

    /// <summary>Whether <see cref="CompanyId"/> was there.</summary>
    public bool HasCompanyId;

    /// <summary>Company identifier of the manufacturer's data.</summary>
    public ushort CompanyId;

    /// <summary>Open Drone ID: message counter and message, for <see cref="Dot11.OpenDroneId.TryParse"/>.</summary>
    public Slice OpenDroneId;

    /// <summary>Length of the longest element, its type counted, also when it runs past the end.</summary>
    public byte LongestElement;

    /// <summary>Whether an element is longer than legacy advertising has room for.</summary>
    public readonly bool HasOverlongElement => LongestElement > LegacyMaximum;

    /// <summary>Reads the elements of advertising, scan response or extended inquiry response data.</summary>
    /// <param name="packet">The packet that has them.</param>
    /// <param name="data">Where in it they are.</param>
    /// <param name="content">What they say.</param>
    /// <returns>False where one runs past the end (what came before it is kept).</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, Slice data, out AdvertisingData content)
    {
        content = default;
        int at = data.Offset;
        int end = data.Offset + data.Length;
        while (at < end)
        {
            byte length = packet[at++];
            if (length == 0)
            {
                // The rest is padding (section 11).
                return true;
            }
            content.LongestElement = Math.Max(content.LongestElement, length);
            if (at + length > end)
            {
                return false;
            }
            content.Read((AdvertisingType)packet[at], packet.Slice(at + 1, length - 1), new Slice((ushort)(at + 1), (ushort)(length - 1)));
            at += length;
        }
        return true;
    }

    private void Read(AdvertisingType type, ReadOnlySpan<byte> value, Slice slice)
    {
        switch (type)
        {
            case AdvertisingType.Flags when value.Length >= 1:
                HasFlags = true;
                Flags = (AdvertisingFlags)value[0];
                break;
            case AdvertisingType.Name:
                Name = slice;
                IsNameComplete = true;
                break;
            case AdvertisingType.ShortName when !IsNameComplete:
                Name = slice;
                break;
            case AdvertisingType.TxPower when value.Length >= 1:
                HasTxPower = true;
                TxPower = (sbyte)value[0];
                break;
            case AdvertisingType.Manufacturer when value.Length >= 2:
                HasCompanyId = true;
                CompanyId = BinaryPrimitives.ReadUInt16LittleEndian(value);
                break;
            case AdvertisingType.ServiceData16 when value.Length > OpenDroneIdHeadLength && BinaryPrimitives.ReadUInt32BigEndian(value) >> 8 == OpenDroneIdHead:
                OpenDroneId = new Slice((ushort)(slice.Offset + OpenDroneIdHeadLength), (ushort)(slice.Length - OpenDroneIdHeadLength));
                break;
        }
    }
}
