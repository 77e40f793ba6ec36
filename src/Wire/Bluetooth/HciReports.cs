// Bluetooth Core Specification 5.4, volume 4, part A: UART (H4) transport; part E, 5.4.4 and 7.7: events.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Bluetooth;

/// <summary>Goes through what one H4 packet tells about devices, report by report. Packets that are no events have none.</summary>
public ref struct HciReports
{
    private const byte LastPacketType = 5;
    private const byte PacketEvent = 4;

    // Packet type, event code, length of the parameters.
    private const int HeaderLength = 3;
    private const int AddressLength = 6;
    private const int InquiryLength = 14;
    private const int NameLength = 248;

    // "Not available" of signal and power (7.7.65.13), and the address type of anonymous advertising.
    private const sbyte NoSignal = 127;
    private const byte Anonymous = 0xFF;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly bool _isCut;
    private HciEvent _event;
    private int _at;
    private int _end;
    private int _left;

    /// <summary>Begins with a packet.</summary>
    /// <param name="packet">From its type on.</param>
    /// <param name="isCut">Whether the capture cut it (snap length).</param>
    public HciReports(ReadOnlySpan<byte> packet, bool isCut)
    {
        _packet = packet;
        _isCut = isCut;
        Anomalies = Anomalies.None;
        Begin();
    }

    /// <summary>What was wrong so far.</summary>
    public Anomalies Anomalies { get; private set; }

    /// <summary>Reads the next report.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryRead(out HciReport report)
    {
        while (_left > 0)
        {
            _left--;
            report = new() { Event = _event };
            if (!TryReadOne(ref report))
            {
                _left = 0;
                Fault();
                return false;
            }
            if (!report.Address.IsZero)
            {
                return true;
            }
        }
        report = default;
        return false;
    }

    private void Begin()
    {
        if (_packet.IsEmpty || _packet[0] is 0 or > LastPacketType)
        {
            Fault();
            return;
        }
        if (_packet[0] != PacketEvent)
        {
            return;
        }
        if (_packet.Length < HeaderLength)
        {
            Fault();
            return;
        }
        _event = (HciEvent)_packet[1];
        _at = HeaderLength;
        _end = Math.Min(HeaderLength + _packet[2], _packet.Length);
        if (HeaderLength + _packet[2] > _packet.Length)
        {
            // What is there may have whole reports.
            Fault();
        }
        if (_event == HciEvent.LeMeta)
        {
            if (_at >= _end)
            {
                Fault();
                return;
            }
            _event = (HciEvent)(0x100 | _packet[_at++]);
        }
        switch (_event)
        {
            case HciEvent.InquiryResult or HciEvent.InquiryResultRssi or HciEvent.ExtendedInquiryResult or HciEvent.LeAdvertisingReport
                or HciEvent.LeDirectedAdvertisingReport or HciEvent.LeExtendedAdvertisingReport:
                if (_at >= _end)
                {
                    Fault();
                    return;
                }
                _left = _packet[_at++];
                break;
            case HciEvent.ConnectionComplete or HciEvent.ConnectionRequest or HciEvent.RemoteName or HciEvent.LeConnectionComplete
                or HciEvent.LeEnhancedConnectionComplete or HciEvent.LeEnhancedConnectionComplete2:
                _left = 1;
                break;
        }
    }

    private bool TryReadOne(ref HciReport r) => _event switch
    {
        HciEvent.InquiryResult or HciEvent.InquiryResultRssi or HciEvent.ExtendedInquiryResult => TryReadInquiry(ref r),
        HciEvent.RemoteName => TryReadName(ref r),
        HciEvent.ConnectionComplete => TryReadConnection(ref r, 1, 3),
        HciEvent.ConnectionRequest => TryReadRequest(ref r),
        HciEvent.LeAdvertisingReport => TryReadAdvertising(ref r),
        HciEvent.LeDirectedAdvertisingReport => TryReadDirected(ref r),
        HciEvent.LeExtendedAdvertisingReport => TryReadExtended(ref r),
        _ => TryReadLeConnection(ref r),
    };

    // Address, page scan mode, two reserved bytes or one, class, clock, signal where the event has one.
    private bool TryReadInquiry(ref HciReport r)
    {
        if (!Has(InquiryLength))
        {
            return false;
        }
        ReadOnlySpan<byte> one = _packet[_at..];
        r.Address = MacAddress.ReadReversed(one);
        int classAt = _event == HciEvent.InquiryResult ? 9 : 8;
        r.Class = ReadClass(one[classAt..]);
        if (_event != HciEvent.InquiryResult)
        {
            SetRssi(ref r, (sbyte)one[InquiryLength - 1]);
        }
        _at += InquiryLength;
        if (_event == HciEvent.ExtendedInquiryResult)
        {
            r.Data = new((ushort)_at, (ushort)(_end - _at));
            _at = _end;
        }
        return true;
    }

    private bool TryReadName(ref HciReport r)
    {
        const int status = 1;
        if (!Has(status + AddressLength))
        {
            return false;
        }
        r.Address = MacAddress.ReadReversed(_packet[(_at + status)..]);
        if (_packet[_at] == 0)
        {
            // A controller may leave the padding out.
            int start = _at + status + AddressLength;
            ReadOnlySpan<byte> name = _packet[start..Math.Min(start + NameLength, _end)];
            int end = name.IndexOf((byte)0);
            r.Name = new((ushort)start, (ushort)(end < 0 ? name.Length : end));
        }
        _at = _end;
        return true;
    }

    private bool TryReadConnection(ref HciReport r, int status, int addressAt)
    {
        if (!Has(addressAt + AddressLength))
        {
            return false;
        }
        // Who did not answer was not seen.
        r.Address = _packet[_at + status - 1] == 0 ? MacAddress.ReadReversed(_packet[(_at + addressAt)..]) : MacAddress.Zero;
        return true;
    }

    private bool TryReadRequest(ref HciReport r)
    {
        const int classLength = 3;
        if (!Has(AddressLength + classLength))
        {
            return false;
        }
        r.Address = MacAddress.ReadReversed(_packet[_at..]);
        r.Class = ReadClass(_packet[(_at + AddressLength)..]);
        return true;
    }

    // Status, handle, role, type of the address, address.
    private bool TryReadLeConnection(ref HciReport r)
    {
        const int typeAt = 4, addressAt = 5;
        r.IsLowEnergy = true;
        if (!TryReadConnection(ref r, 1, addressAt))
        {
            return false;
        }
        r.IsRandom = IsRandomType(_packet[_at + typeAt]);
        return true;
    }

    // Event type, address type, address, length, data, signal.
    private bool TryReadAdvertising(ref HciReport r)
    {
        const int dataAt = 9;
        const byte scanResponse = 4;
        if (!Has(dataAt) || !Has(dataAt + _packet[_at + dataAt - 1] + 1))
        {
            return false;
        }
        int length = _packet[_at + dataAt - 1];
        SetAddress(ref r, _packet[_at + 1], _at + 2);
        r.IsScanResponse = _packet[_at] == scanResponse;
        r.Data = new((ushort)(_at + dataAt), (ushort)length);
        SetRssi(ref r, (sbyte)_packet[_at + dataAt + length]);
        _at += dataAt + length + 1;
        return true;
    }

    // Event type, address type, address, the host's address type and address, signal.
    private bool TryReadDirected(ref HciReport r)
    {
        const int length = 16;
        if (!Has(length))
        {
            return false;
        }
        SetAddress(ref r, _packet[_at + 1], _at + 2);
        SetRssi(ref r, (sbyte)_packet[_at + length - 1]);
        _at += length;
        return true;
    }

    // Event type (2), address type, address, two PHYs, set, power, signal, interval (2), direct address type and address, length, data.
    private bool TryReadExtended(ref HciReport r)
    {
        const int powerAt = 12, signalAt = 13, dataAt = 24;
        const ushort scanResponse = 0x08, statusMask = 0x60, statusMore = 0x20;
        if (!Has(dataAt) || !Has(dataAt + _packet[_at + dataAt - 1]))
        {
            return false;
        }
        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(_packet[_at..]);
        int length = _packet[_at + dataAt - 1];
        SetAddress(ref r, _packet[_at + 2], _at + 3);
        r.IsScanResponse = (type & scanResponse) != 0;
        // Cut short by the controller is as incomplete as what goes on in the next event.
        r.IsIncomplete = (type & statusMask) >= statusMore;
        sbyte power = (sbyte)_packet[_at + powerAt];
        r.TxPower = power == NoSignal ? null : power;
        SetRssi(ref r, (sbyte)_packet[_at + signalAt]);
        r.Data = new((ushort)(_at + dataAt), (ushort)length);
        _at += dataAt + length;
        return true;
    }

    private readonly void SetAddress(ref HciReport r, byte type, int at)
    {
        r.IsLowEnergy = true;
        r.IsRandom = IsRandomType(type);
        r.Address = type == Anonymous ? MacAddress.Zero : MacAddress.ReadReversed(_packet[at..]);
    }

    private static void SetRssi(ref HciReport r, sbyte rssi)
    {
        r.HasRssi = rssi != NoSignal;
        r.Rssi = r.HasRssi ? rssi : (sbyte)0;
    }

    // 1 random, 3 random identity; 0 public, 2 public identity.
    private static bool IsRandomType(byte type) => (type & 1) != 0;

    private static ClassOfDevice ReadClass(ReadOnlySpan<byte> bytes) => new((uint)(bytes[0] | bytes[1] << 8 | bytes[2] << 16));

    private readonly bool Has(int bytes) => _end - _at >= bytes;

    private void Fault() => Anomalies |= _isCut ? Anomalies.FrameTruncated : Anomalies.BluetoothMalformed;
}
