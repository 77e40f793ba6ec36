// IEEE Std 802.11-2020, clauses 9.4.2.45 (Multiple BSSID), 9.4.2.71 (nontransmitted BSSID capability), 9.4.2.73 (index), 11.1.3.8 (what is inherited).
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>
/// Networks that an access point has besides the one whose beacons it sends: each as the beacon that it would send itself, its own elements before those that it takes over from the
/// one that is sent.
/// </summary>
public ref struct MultipleBssid
{
    /// <summary>Networks of one frame that are read; a standard access point has up to 32, and each costs as much as a frame.</summary>
    public const int MostNetworks = 32;

    /// <summary>Bytes of a beacon that is made, at most: as long as any that is sent.</summary>
    public const int MostBytes = 4096;

    private const int FixedLength = 12;
    private const byte MostIndicator = 8;
    private const byte Profile = 0;
    private const byte NonInheritance = 56;
    private const ushort Privacy = 0x0010;

    private readonly ReadOnlySpan<byte> _frame;
    private readonly ReadOnlySpan<byte> _elements;
    private readonly ulong _address;
    private ElementReader _reader;
    private ReadOnlySpan<byte> _profiles;
    private int _indicator;
    private int _tried;

    /// <summary>Begins with a frame.</summary>
    /// <param name="frame">A beacon or probe response.</param>
    /// <param name="f">What its header says.</param>
    public MultipleBssid(ReadOnlySpan<byte> frame, in Dot11Frame f)
    {
        _frame = frame;
        _elements = frame[f.ElementsOffset..];
        _address = f.Bssid.Value;
        _reader = new(_elements);
    }

    /// <summary>Whether a frame may have some; one walk over its elements.</summary>
    public static bool IsIn(ReadOnlySpan<byte> frame, in Dot11Frame f)
    {
        if (f.Kind is not (FrameKind.Beacon or FrameKind.ProbeResponse) || f.ElementsOffset != Dot11Parser.HeaderLength + FixedLength)
        {
            return false;
        }
        for (int at = f.ElementsOffset; at + 2 <= frame.Length; at += 2 + frame[at + 1])
        {
            if (frame[at] == ElementId.MultipleBssid)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Makes the next network's beacon.</summary>
    /// <param name="beacon">Room for <see cref="MostBytes"/>.</param>
    /// <param name="length">Bytes of it.</param>
    /// <returns>False when there are no more.</returns>
    public bool TryNext(Span<byte> beacon, out int length)
    {
        while (_tried < MostNetworks && TryNextProfile(out ReadOnlySpan<byte> profile))
        {
            if (TryMake(profile, beacon, out length))
            {
                return true;
            }
        }
        length = 0;
        return false;
    }

    private bool TryNextProfile(out ReadOnlySpan<byte> profile)
    {
        while (true)
        {
            while (_profiles.Length >= 2 && _profiles.Length >= 2 + _profiles[1])
            {
                byte id = _profiles[0];
                profile = _profiles.Slice(2, _profiles[1]);
                _profiles = _profiles[(2 + profile.Length)..];
                if (id == Profile)
                {
                    return true;
                }
            }
            _profiles = [];
            profile = [];
            if (!_reader.TryRead(out byte element, out Slice body))
            {
                return false;
            }
            if (element == ElementId.MultipleBssid && body.Length > 1)
            {
                ReadOnlySpan<byte> bytes = body.Of(_elements);
                _indicator = bytes[0];
                _profiles = bytes[1..];
            }
        }
    }

    private bool TryMake(ReadOnlySpan<byte> profile, Span<byte> beacon, out int length)
    {
        length = 0;
        int index = 0;
        ushort capabilities = 0;
        bool hasCapabilities = false;
        ElementReader own = new(profile);
        while (own.TryRead(out byte id, out Slice body))
        {
            ReadOnlySpan<byte> bytes = body.Of(profile);
            if (id == ElementId.MultipleBssidIndex && bytes.Length > 0)
            {
                index = bytes[0];
            }
            else if (id == ElementId.NontransmittedCapability && bytes.Length >= 2)
            {
                capabilities = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
                hasCapabilities = true;
            }
        }
        // A profile goes on in the next element where it has no capability: its networks have been read.
        if (!hasCapabilities || index == 0 || _indicator is 0 or > MostIndicator || index >= 1 << _indicator)
        {
            return false;
        }
        _tried++;
        ulong low = (1UL << _indicator) - 1;
        ulong address = (_address & ~low) | ((_address + (ulong)index) & low);
        _frame[..(Dot11Parser.HeaderLength + FixedLength)].CopyTo(beacon);
        for (int i = 0; i < 6; i++)
        {
            // Who sends it, and the network.
            beacon[10 + i] = beacon[16 + i] = (byte)(address >> (40 - (8 * i)));
        }
        BinaryPrimitives.WriteUInt16LittleEndian(beacon[(Dot11Parser.HeaderLength + 10)..], capabilities);
        length = Dot11Parser.HeaderLength + FixedLength;
        own = new(profile);
        while (own.TryRead(out byte id, out Slice body))
        {
            if (id is not (ElementId.MultipleBssidIndex or ElementId.NontransmittedCapability) && !Append(profile.Slice(body.Offset - 2, body.Length + 2), beacon, ref length))
            {
                return false;
            }
        }
        ElementReader sent = new(_elements);
        while (sent.TryRead(out byte id, out Slice body))
        {
            ReadOnlySpan<byte> element = _elements.Slice(body.Offset - 2, body.Length + 2);
            if (IsInherited(id, element, profile, capabilities) && !Append(element, beacon, ref length))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsInherited(byte id, ReadOnlySpan<byte> element, ReadOnlySpan<byte> profile, ushort capabilities)
    {
        if (id is ElementId.Ssid or ElementId.Tim or ElementId.MultipleBssid or ElementId.MultipleBssidIndex || (id == ElementId.Rsn && (capabilities & Privacy) == 0))
        {
            return false;
        }
        ElementReader own = new(profile);
        while (own.TryRead(out byte ownId, out Slice body))
        {
            ReadOnlySpan<byte> bytes = body.Of(profile);
            if (ownId == ElementId.Extension && bytes.Length > 1 && bytes[0] == NonInheritance)
            {
                // A list of elements, then one of extensions.
                ReadOnlySpan<byte> ids = bytes[2..Math.Min(bytes.Length, 2 + bytes[1])];
                ReadOnlySpan<byte> rest = bytes[(2 + ids.Length)..];
                ReadOnlySpan<byte> extensions = rest.Length > 0 ? rest[1..Math.Min(rest.Length, 1 + rest[0])] : [];
                if (id == ElementId.Extension ? element.Length > 2 && extensions.Contains(element[2]) : ids.Contains(id))
                {
                    return false;
                }
            }
            else if (ownId == id && (id switch
            {
                ElementId.Extension => bytes.Length > 0 && element.Length > 2 && bytes[0] == element[2],
                // Its owner and type tell what a vendor's element is.
                ElementId.Vendor => bytes.Length > 3 && element.Length > 5 && bytes[..4].SequenceEqual(element[2..6]),
                _ => true,
            }))
            {
                return false;
            }
        }
        return true;
    }

    private static bool Append(ReadOnlySpan<byte> element, Span<byte> beacon, ref int length)
    {
        if (length + element.Length > MostBytes)
        {
            return false;
        }
        element.CopyTo(beacon[length..]);
        length += element.Length;
        return true;
    }
}
