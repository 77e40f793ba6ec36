// Cisco Discovery Protocol, versions 1 and 2: version, time to live, checksum, then type-length-value fields.
using System.Buffers.Binary;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Network;

/// <summary>What a CDP announcement tells; slices point into the packet.</summary>
public struct Cdp
{
    private const int HeaderLength = 4;

    /// <summary>Type and length; the length counts them.</summary>
    private const int FieldHeaderLength = 4;

    private const ushort TypeDeviceId = 1;
    private const ushort TypePortId = 3;

    /// <summary>Name of the device.</summary>
    public Slice DeviceId;

    /// <summary>Name of the port that sent the announcement.</summary>
    public Slice PortId;

    /// <summary>Parses an announcement; fields found before a fault are kept.</summary>
    /// <param name="packet">From the version byte on.</param>
    /// <param name="cut">Whether the capture's snap length cut the packet.</param>
    /// <param name="cdp">What was found.</param>
    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, bool cut, out Cdp cdp)
    {
        cdp = default;
        ParseStatus broken = cut ? ParseStatus.Truncated : ParseStatus.Malformed;
        if (packet.Length is < HeaderLength or > ushort.MaxValue)
        {
            return broken;
        }
        if (packet[0] is not (1 or 2))
        {
            return ParseStatus.Unsupported;
        }
        int at = HeaderLength;
        while (at + FieldHeaderLength <= packet.Length)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
            ushort length = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]);
            if (length < FieldHeaderLength)
            {
                return ParseStatus.Malformed;
            }
            if (at + length > packet.Length)
            {
                return broken;
            }
            var value = new Slice((ushort)(at + FieldHeaderLength), (ushort)(length - FieldHeaderLength));
            if (type == TypeDeviceId)
            {
                cdp.DeviceId = value;
            }
            else if (type == TypePortId)
            {
                cdp.PortId = value;
            }
            at += length;
        }
        return at == packet.Length ? ParseStatus.Ok : broken;
    }
}
