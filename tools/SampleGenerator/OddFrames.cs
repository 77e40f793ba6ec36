using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator;

/// <summary>
/// Management frames with every element in any order, of any length and with one fault at most, each of a sender of its own: what parsers are compared by. The same seed makes
/// the same frames.
/// </summary>
public sealed class OddFrames(int seed)
{
    private static readonly MacAddress s_network = new(0x0200_0A00_0000);
    private readonly Random _random = new(seed);

    // Eight bytes of timestamp, interval, capabilities: of beacons and probe responses.
    private const int FixedLength = 12;
    private const int MostElements = 14;
    private const int MostIndicator = 4;

    /// <summary>Whether the frame that was made last has no fault.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Makes a frame without check sequence, with a radiotap header that says so.</summary>
    /// <param name="number">Names its sender and its network.</param>
    public byte[] Make(int number)
    {
        FrameKind kind = _random.Next(10) switch
        {
            < 5 => FrameKind.Beacon,
            < 7 => FrameKind.ProbeResponse,
            7 or 8 => FrameKind.ProbeRequest,
            _ => FrameKind.AssociationRequest,
        };
        // The networks of a Multiple BSSID element have the addresses behind their sender's.
        MacAddress sender = new(0x0200_0B00_0000UL + ((uint)number << MostIndicator));
        bool announces = kind is FrameKind.Beacon or FrameKind.ProbeResponse;
        MacAddress network = announces ? sender : kind == FrameKind.ProbeRequest ? MacAddress.Broadcast : s_network;
        FrameBuilder frame = FrameBuilder.Management(kind, kind == FrameKind.ProbeResponse ? s_network : announces ? MacAddress.Broadcast : network, sender, network, (ushort)number);
        ushort capabilities = (ushort)(1 | (_random.Next(2) << 4));
        _ = kind switch
        {
            FrameKind.ProbeRequest => frame,
            FrameKind.AssociationRequest => frame.U16(capabilities).U16(10),
            _ => frame.Zero(FixedLength - 4).U16(100).U16(capabilities),
        };
        List<byte[]> elements = [];
        if (_random.Next(20) > 0)
        {
            elements.Add(Elements.Ssid(Name(number)));
        }
        HashSet<int> kinds = [];
        for (int i = _random.Next(MostElements + 1); i > 0; i--)
        {
            int which = _random.Next(Kinds);
            if (kinds.Add(which))
            {
                elements.Add(Element(which));
            }
        }
        byte[][] order = [.. elements];
        _random.Shuffle(order);
        byte[] body = Spoil(order);
        return [0, 0, 9, 0, 2, 0, 0, 0, 0, .. frame.Raw(body).ToArray()];
    }

    // Of letters and digits alone: how other bytes are shown is another question.
    private string Name(int number) => $"n{number}".PadRight(_random.Next(1, 33), 'x');

    private byte[] Spoil(byte[][] elements)
    {
        IsWhole = false;
        if (elements.Length == 0)
        {
            return [];
        }
        int at = _random.Next(elements.Length);
        ref byte[] one = ref elements[at];
        switch (_random.Next(12))
        {
            case 0:
                // Its length runs on into the next elements, or past the end.
                one[1] = (byte)Math.Min(255, one[1] + _random.Next(1, 40));
                break;
            case 1:
                one[1] = (byte)_random.Next(one[1] + 1);
                break;
            case 2:
                one = Elements.Of(one[0], one.AsSpan(2, _random.Next(one.Length - 1)));
                break;
            case 3:
                byte[] tail = new byte[_random.Next(1, 20)];
                _random.NextBytes(tail);
                one = one.Length + tail.Length > 257 ? one : Elements.Of(one[0], [.. one.AsSpan(2), .. tail]);
                break;
            case 4:
                one = Elements.Of(one[0], []);
                break;
            case 5 when one[0] != 0:
                byte[] noise = new byte[_random.Next(0, 60)];
                _random.NextBytes(noise);
                one = Elements.Of(one[0], noise);
                break;
            case 6:
                return [.. elements.SelectMany(static e => e), .. new byte[_random.Next(1, 4)]];
            case 7:
                byte[] whole = [.. elements.SelectMany(static e => e)];
                return whole[.._random.Next(whole.Length + 1)];
            default:
                IsWhole = true;
                break;
        }
        return [.. elements.SelectMany(static e => e)];
    }

    private const int Kinds = 43;

    private byte[] Element(int which)
    {
        Channel channel = _random.Next(2) == 0 ? Channel.On2((byte)_random.Next(1, 14)) : Channel.On5((byte)(36 + 4 * _random.Next(4)));
        Width width = channel.Band == Band.Ghz2 ? Width.Mhz20 : Width.Mhz80;
        byte cipher = Pick(2, 4, 8, 9, 10);
        Channel six = Channel.On6((byte)(1 + 4 * _random.Next(59)));
        byte akm = Pick(1, 2, 3, 4, 5, 6, 8, 9, 18);
        return which switch
        {
            0 or 1 or 2 or 3 => Security.RsnElement(Pick(2, 4, 8, 9), [cipher], _random.Next(2) == 0 ? [akm] : [2, 8], (ushort)_random.Next(0x100), (byte)(6 * _random.Next(2))),
            4 or 5 => Security.WpaElement(2, _random.Next(2) == 0 ? [2] : [2, 4], Pick(1, 2)),
            6 or 7 => Elements.DsParameter((byte)_random.Next(1, 14)),
            8 => PhyElements.HtCapabilities(width),
            9 => PhyElements.HtOperation(channel, width),
            10 => PhyElements.VhtCapabilities(width),
            11 => PhyElements.VhtOperation(channel, width),
            12 => PhyElements.HeCapabilities(channel.Band, width),
            13 => PhyElements.HeOperation(channel, width, 7),
            14 => PhyElements.EhtCapabilities(channel.Band, width),
            15 => PhyElements.EhtOperation(channel, width),
            16 => Elements.Rates(channel.Band),
            17 => Elements.ExtendedRates(),
            18 => Elements.Tim(0, 1),
            19 => Elements.Country("DE ", 1, 13, 20),
            20 => Elements.BssLoad(3, 77),
            21 => Elements.PowerConstraint(3),
            22 => Elements.TpcReport(17),
            23 => Elements.Erp(),
            24 => Elements.MobilityDomain(0x1234, true),
            25 => Elements.RmEnabled(),
            26 => Elements.Interworking(),
            27 => Elements.ExtendedCapabilities(),
            28 => Elements.RsnExtension(),
            29 => VendorElements.Wmm(),
            30 => VendorElements.Apple(),
            31 => VendorElements.CiscoCcxName("ap-7", 2),
            32 => VendorElements.Hotspot20(),
            33 => Elements.PowerCapability(2, 20),
            34 => Elements.SupportedChannels(1, 13),
            35 => new WpsElement().ToElement(brief: true),
            36 => new WpsElement().ToElement(brief: false),
            37 => PhyElements.HeOperation(six, Width.Mhz80, 7),
            38 => PhyElements.EhtOperation(six, Width.Mhz160),
            39 => PhyElements.He6GhzCapabilities(),
            40 => Neighbours(),
            41 => Networks(),
            _ => Elements.Of(221, [0x50, 0x6F, 0x9A, Pick(0x29, 0x2A), .. Security.RsnElement(4, [cipher], [akm]).AsSpan(2)]),
        };
    }

    // 201, reduced neighbour report (9.4.2.170): one to three neighbours with offset, address, short SSID, parameters, power, link.
    private byte[] Neighbours()
    {
        const byte information = 16;
        int count = _random.Next(1, 4);
        byte[] one = new byte[information * count];
        _random.NextBytes(one);
        return Elements.Of(201, [(byte)((count - 1) << 4), information, 131, 37, .. one]);
    }

    // 71, Multiple BSSID (9.4.2.45): profiles (0) of capabilities (83), SSID, index (85), perhaps RSN, perhaps what is not inherited (255/56).
    private byte[] Networks()
    {
        byte indicator = (byte)_random.Next(1, MostIndicator + 1);
        List<byte> body = [indicator];
        for (byte index = 1; index < Math.Min(1 << indicator, 4); index++)
        {
            byte[] profile =
            [
                .. Elements.Of(83, [(byte)(1 | _random.Next(2) << 4), 0]), .. Elements.Ssid($"m{index}"), .. Elements.Of(85, [index]),
                .. _random.Next(2) == 0 ? Security.RsnElement(4, [4], [Pick(2, 8, 18)]) : [], .. _random.Next(3) == 0 ? Elements.Extended(56, [1, 48, 0]) : [],
            ];
            body.AddRange(Elements.Of(0, profile));
        }
        return Elements.Of(71, [.. body]);
    }

    private byte Pick(params byte[] values) => values[_random.Next(values.Length)];
}
