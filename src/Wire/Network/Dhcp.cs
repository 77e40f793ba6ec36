// RFC 2131: Dynamic Host Configuration Protocol, section 2; RFC 2132: its options.
using System.Buffers.Binary;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Network;

/// <summary>What a DHCP message tells about a client. IPv4 addresses have the first printed byte highest; slices point into the message.</summary>
public struct Dhcp
{
    /// <summary>Bytes before the options: fields, server name, boot file name and magic number.</summary>
    private const int OptionsOffset = 240;

    private const uint Magic = 0x6382_5363;

    /// <summary>DHCP message types (RFC 2132, 9.6) that are looked for by name.</summary>
    public const byte Discover = 1, Offer = 2, Request = 3, Acknowledge = 5;

    /// <summary>Message type, 0 where there is none (BOOTP).</summary>
    public byte MessageType;

    /// <summary>The client's hardware address field.</summary>
    public MacAddress ClientMac;

    /// <summary>Address that the server gives (yiaddr); 0 from clients.</summary>
    public uint YourAddress;

    /// <summary>Address that the client has (ciaddr).</summary>
    public uint ClientAddress;

    /// <summary>Option 50: address that the client asks for.</summary>
    public uint RequestedAddress;

    /// <summary>Option 1: subnet mask.</summary>
    public uint SubnetMask;

    /// <summary>Option 3: first router.</summary>
    public uint Router;

    /// <summary>Option 12: host name.</summary>
    public Slice HostName;

    /// <summary>Option 60: vendor class identifier.</summary>
    public Slice VendorClass;

    /// <summary>Option 61: client identifier, its type byte included.</summary>
    public Slice ClientId;

    /// <summary>The hardware address in option 61, zero where it holds something else than type 1 (Ethernet).</summary>
    public MacAddress ClientIdMac;

    /// <summary>Parses a DHCP message; options found before a fault are kept.</summary>
    /// <param name="message">The UDP payload.</param>
    /// <param name="cut">Whether the capture's snap length cut the message.</param>
    /// <param name="dhcp">What was found.</param>
    public static ParseStatus TryParse(ReadOnlySpan<byte> message, bool cut, out Dhcp dhcp)
    {
        dhcp = default;
        ParseStatus broken = cut ? ParseStatus.Truncated : ParseStatus.Malformed;
        if (message.Length is < OptionsOffset or > ushort.MaxValue)
        {
            return broken;
        }
        if (BinaryPrimitives.ReadUInt32BigEndian(message[(OptionsOffset - 4)..]) != Magic)
        {
            return ParseStatus.Malformed;
        }
        dhcp.ClientAddress = BinaryPrimitives.ReadUInt32BigEndian(message[12..]);
        dhcp.YourAddress = BinaryPrimitives.ReadUInt32BigEndian(message[16..]);
        dhcp.ClientMac = MacAddress.Read(message[28..]);
        int at = OptionsOffset;
        while (at < message.Length)
        {
            byte option = message[at];
            if (option == 255)
            {
                return ParseStatus.Ok;
            }
            if (option == 0)
            {
                at++;
                continue;
            }
            if (at + 2 > message.Length || at + 2 + message[at + 1] > message.Length)
            {
                return broken;
            }
            var value = new Slice((ushort)(at + 2), message[at + 1]);
            ReadOption(option, value, value.Of(message), ref dhcp);
            at = value.Offset + value.Length;
        }
        // Senders leave the end option out; nothing is missing then unless the message was cut.
        return cut ? ParseStatus.Truncated : ParseStatus.Ok;
    }

    private static void ReadOption(byte option, Slice value, ReadOnlySpan<byte> bytes, ref Dhcp dhcp)
    {
        switch (option)
        {
            case 1 when bytes.Length >= 4:
                dhcp.SubnetMask = BinaryPrimitives.ReadUInt32BigEndian(bytes);
                break;
            case 3 when bytes.Length >= 4:
                dhcp.Router = BinaryPrimitives.ReadUInt32BigEndian(bytes);
                break;
            case 12:
                dhcp.HostName = value;
                break;
            case 50 when bytes.Length >= 4:
                dhcp.RequestedAddress = BinaryPrimitives.ReadUInt32BigEndian(bytes);
                break;
            case 53 when bytes.Length >= 1:
                dhcp.MessageType = bytes[0];
                break;
            case 60:
                dhcp.VendorClass = value;
                break;
            case 61:
                dhcp.ClientId = value;
                dhcp.ClientIdMac = bytes.Length == 7 && bytes[0] == 1 ? MacAddress.Read(bytes[1..]) : MacAddress.Zero;
                break;
        }
    }
}
