using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>TaZmen Sniffer Protocol: a packet, and what its radio says of it, in a UDP datagram (en.wikipedia.org/wiki/TZSP; as MikroTik, Aruba and others send it).</summary>
public ref struct Tzsp
{
    private const int HeaderLength = 4;
    private const byte Version = 1;
    private const byte Received = 0;
    private const byte KeepAlive = 4;

    // Tags. The first two have no length.
    private const byte Padding = 0;
    private const byte End = 1;
    private const byte RawRssi = 10;
    private const byte Snr = 11;
    private const byte DataRate = 12;
    private const byte Timestamp = 13;
    private const byte FcsError = 17;
    private const byte RxChannel = 18;

    /// <summary>Link type of the packet.</summary>
    public LinkType LinkType;

    /// <summary>Signal in dBm, 0 where it is not told.</summary>
    public int SignalDbm;

    /// <summary>Noise in dBm, 0 where it is not told.</summary>
    public int NoiseDbm;

    /// <summary>Units of 500 kbit/s, 0 where it is not told.</summary>
    public byte Rate;

    /// <summary>Channel, 0 where it is not told.</summary>
    public byte Channel;

    /// <summary>Microseconds of the sender's own clock, which wrap every 71 minutes; null where they are not told.</summary>
    public uint? Microseconds;

    /// <summary>Whether the frame's check sequence was wrong.</summary>
    public bool IsDamaged;

    /// <summary>Where the packet begins; what is before it is the header.</summary>
    public int PacketAt;

    /// <summary>Link type of a packet of Ethernet.</summary>
    public const LinkType Ethernet = (LinkType)1;

    /// <summary>Reads a datagram.</summary>
    /// <param name="datagram">All of it.</param>
    /// <param name="packet">What it says; only after <see cref="ParseStatus.Ok"/>, and with a packet only where <see cref="PacketAt"/> is above 0: a keepalive has none.</param>
    public static ParseStatus TryParse(ReadOnlySpan<byte> datagram, out Tzsp packet)
    {
        packet = default;
        if (datagram.Length < HeaderLength)
        {
            return ParseStatus.Truncated;
        }
        if (datagram[0] != Version)
        {
            return ParseStatus.Unsupported;
        }
        if (datagram[1] == KeepAlive)
        {
            return ParseStatus.Ok;
        }
        packet.LinkType = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) switch
        {
            1 => Ethernet,
            18 => LinkType.Ieee80211,
            119 => LinkType.Prism,
            127 => LinkType.Avs,
            _ => LinkType.None,
        };
        return datagram[1] != Received || packet.LinkType == LinkType.None ? ParseStatus.Unsupported : packet.ReadTags(datagram);
    }

    private ParseStatus ReadTags(ReadOnlySpan<byte> datagram)
    {
        int snr = 0;
        int at = HeaderLength;
        while (at < datagram.Length)
        {
            byte tag = datagram[at++];
            if (tag == End)
            {
                NoiseDbm = SignalDbm != 0 && snr != 0 ? SignalDbm - snr : 0;
                PacketAt = at;
                return ParseStatus.Ok;
            }
            if (tag == Padding)
            {
                continue;
            }
            if (at == datagram.Length || datagram[at] > datagram.Length - at - 1)
            {
                return ParseStatus.Malformed;
            }
            ReadOnlySpan<byte> value = datagram.Slice(at + 1, datagram[at]);
            at += 1 + value.Length;
            switch (tag)
            {
                case RawRssi:
                    SignalDbm = Signed(value);
                    break;
                case Snr:
                    snr = Signed(value);
                    break;
                case DataRate when value.Length == 1:
                    Rate = RateOf(value[0]);
                    break;
                case Timestamp when value.Length == 4:
                    Microseconds = BinaryPrimitives.ReadUInt32BigEndian(value);
                    break;
                case FcsError when value.Length == 1:
                    IsDamaged = value[0] != 0;
                    break;
                case RxChannel when value.Length == 1:
                    Channel = value[0];
                    break;
            }
        }
        // Without an end nobody knows where the packet would begin.
        return ParseStatus.Malformed;
    }

    private static int Signed(ReadOnlySpan<byte> value) => value.Length switch
    {
        1 => (sbyte)value[0],
        2 => BinaryPrimitives.ReadInt16BigEndian(value),
        _ => 0,
    };

    // 802.11b's four rates stand in units of 100 kbit/s with some senders, all others, and these with others, in units of 500.
    private static byte RateOf(byte value) => value switch
    {
        0x0A => 2,
        0x14 => 4,
        0x37 => 11,
        0x6E => 22,
        _ => value,
    };
}
