// IEEE Std 802.11-2020, clause 9.2.4.3 and table 9-30: address fields and what they mean.
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads the header of an 802.11 frame; bodies are read by <see cref="ManagementFrame"/> and <see cref="DataFrame"/>.</summary>
public static class Dot11Parser
{
    /// <summary>Acknowledgement and CTS, the shortest frames that there are.</summary>
    public const int MinimumLength = 10;

    /// <summary>Header with three addresses, as every management and data frame has.</summary>
    public const int HeaderLength = 24;

    /// <summary>Offsets have 16 bits. The longest MPDU has 11,454 bytes (table 9-25), so a longer "frame" is something else.</summary>
    internal const int MaximumLength = ushort.MaxValue;

    /// <summary>Header with two addresses, as the longer control frames have.</summary>
    private const int TwoAddressLength = 16;

    /// <summary>Control frames that have a second address, one bit per subtype: trigger, poll, NDP announcement, BAR, BA, PS-Poll, RTS, CF-End (2).</summary>
    private const int ControlWithTransmitter = 1 << 2 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15;

    /// <summary>Parses one MAC frame.</summary>
    /// <param name="frame">The frame from its frame control field on, without the check sequence.</param>
    /// <param name="cut">Whether the capture's snap length cut the frame, so that missing bytes are nobody's fault.</param>
    /// <param name="f">What was found; also after a fault it holds what came before it.</param>
    /// <returns>
    /// <see cref="ParseStatus.Unsupported"/> for protocol versions other than 0 and extension frames that are no beacons; <see cref="ParseStatus.Truncated"/> or
    /// <see cref="ParseStatus.Malformed"/> where the header or the fixed parameters are incomplete.
    /// </returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> frame, bool cut, out Dot11Frame f)
    {
        f = default;
        f.IsCut = cut;
        if (frame.Length is < MinimumLength or > MaximumLength)
        {
            return frame.Length < MinimumLength ? TooShort(ref f) : TooLong(ref f);
        }
        byte control = frame[0];
        f.Kind = (FrameKind)((control & 0x0C) << 2 | control >> 4);
        f.Flags = (FrameFlags)frame[1];
        if ((control & 0x03) != 0)
        {
            f.Anomalies |= Anomalies.FrameVersionUnknown;
            return ParseStatus.Unsupported;
        }
        switch (f.Type)
        {
            case FrameType.Control:
                return ParseControl(frame, ref f);
            case FrameType.Extension:
                return ExtensionFrame.Parse(frame, ref f);
        }
        if (frame.Length < HeaderLength)
        {
            return TooShort(ref f);
        }
        MacAddress a1 = Address(frame, 4);
        MacAddress a2 = Address(frame, 10);
        MacAddress a3 = new(BinaryPrimitives.ReadUInt64BigEndian(frame[14..]) & 0xFFFF_FFFF_FFFF);
        ushort sequenceControl = BinaryPrimitives.ReadUInt16LittleEndian(frame[22..]);
        f.Receiver = a1;
        f.Transmitter = a2;
        f.Fragment = (byte)(sequenceControl & 0x0F);
        f.Sequence = (ushort)(sequenceControl >> 4);
        if (f.Type == FrameType.Management)
        {
            f.Destination = a1;
            f.Source = a2;
            f.Bssid = a3;
            return ManagementFrame.Parse(frame, ref f);
        }
        switch (f.Flags & (FrameFlags.ToDs | FrameFlags.FromDs))
        {
            case FrameFlags.None:
                f.Destination = a1;
                f.Source = a2;
                f.Bssid = a3;
                break;
            case FrameFlags.FromDs:
                f.Destination = a1;
                f.Bssid = a2;
                f.Source = a3;
                break;
            case FrameFlags.ToDs:
                f.Bssid = a1;
                f.Source = a2;
                f.Destination = a3;
                break;
            default:
                f.Destination = a3;
                break;
        }
        return DataFrame.Parse(frame, ref f);
    }

    /// <summary>The address at <paramref name="offset"/>; two bytes more than its six must be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static MacAddress Address(ReadOnlySpan<byte> frame, int offset) => new(BinaryPrimitives.ReadUInt64BigEndian(frame[offset..]) >> 16);

    /// <summary>Notes that bytes are missing, and whose fault it is.</summary>
    internal static ParseStatus TooShort(ref Dot11Frame f)
    {
        f.Anomalies |= f.IsCut ? Anomalies.FrameTruncated : Anomalies.FrameMalformed;
        return f.IsCut ? ParseStatus.Truncated : ParseStatus.Malformed;
    }

    private static ParseStatus TooLong(ref Dot11Frame f)
    {
        f.Anomalies |= Anomalies.FrameMalformed;
        return ParseStatus.Malformed;
    }

    private static ParseStatus ParseControl(ReadOnlySpan<byte> frame, ref Dot11Frame f)
    {
        f.Receiver = MacAddress.Read(frame[4..]);
        f.BodyOffset = MinimumLength;
        int subtype = (int)f.Kind & 0x0F;
        if ((ControlWithTransmitter >> subtype & 1) != 0)
        {
            if (frame.Length < TwoAddressLength)
            {
                return TooShort(ref f);
            }
            f.Transmitter = MacAddress.Read(frame[10..]);
            f.BodyOffset = TwoAddressLength;
        }
        f.BodyLength = frame.Length - f.BodyOffset;
        return ParseStatus.Ok;
    }
}
