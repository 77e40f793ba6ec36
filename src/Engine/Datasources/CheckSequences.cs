using System.Buffers.Binary;
using KismetOrleans.Packets;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Ieee802154;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// Where the frames of one source have their check sequences, and whether they are right. What file and link header tell is believed unless
/// most frames contradict it; of what they do not tell the value itself tells: the CRC of what stands before it (decisions 15). The first
/// frames are looked at before any of them is used.
/// </summary>
internal sealed class CheckSequences
{
    /// <summary>Frames from which a source is judged before they are used: about the first second of a busy channel.</summary>
    private const int FirstFrames = 256;

    /// <summary>Interfaces of one file that are judged each by itself; more than that share the last place.</summary>
    private const int Interfaces = 16;

    private readonly CheckTally[] _tallies = new CheckTally[Interfaces];
    private int _studied;

    // The first frames of the batch that is being dissected are counted already.
    private bool _isStudied;

    /// <summary>What was found, in words; empty while nothing tells and where all is as told.</summary>
    public string Finding
    {
        get
        {
            string found = "";
            foreach (ref readonly CheckTally tally in _tallies.AsSpan())
            {
                string one = tally.Finding;
                if (!found.Contains(one, StringComparison.Ordinal))
                {
                    found = found.Length == 0 ? one : $"{found}; {one}";
                }
            }
            return found;
        }
    }

    /// <summary>Looks at the first frames of a source, before any is used.</summary>
    public void Study(PacketBatch packets)
    {
        _isStudied = _studied < FirstFrames;
        for (int i = 0; i < packets.Count && _studied < FirstFrames; i++, _studied++)
        {
            ref readonly CapturedPacket packet = ref packets.Packets[i];
            ReadOnlySpan<byte> bytes = packets.Span(i);
            if (LinkHeader.TryParse(packet.LinkType, bytes, packet.OriginalLength, out RadioHeader radio) == ParseStatus.Ok)
            {
                Check(packet, bytes[radio.HeaderLength..], ref radio, count: true);
            }
        }
    }

    /// <summary>Finds the check sequence of a frame, sets <see cref="RadioHeader.FcsLength"/> by it, and <see cref="RadioHeader.ReportedBadFcs"/> where it is wrong.</summary>
    public void Check(in CapturedPacket packet, ReadOnlySpan<byte> frame, ref RadioHeader radio) => Check(packet, frame, ref radio, !_isStudied);

    private void Check(in CapturedPacket packet, ReadOnlySpan<byte> frame, ref RadioHeader radio, bool count)
    {
        if (packet.Length < packet.OriginalLength || radio.ReportedBadFcs)
        {
            return;
        }
        ref CheckTally tally = ref _tallies[Math.Min(packet.Interface, Interfaces - 1)];
        if (radio.Inner == LinkType.Ieee80211)
        {
            if (radio.FcsLength == Dot11Fcs.Length || (packet.FcsLength == Dot11Fcs.Length && frame.Length >= Dot11Fcs.Length))
            {
                Present(frame, ref radio, ref tally, count);
            }
            else
            {
                Absent(frame, ref radio, ref tally, count);
            }
        }
        else if (radio.FcsLength == Ieee802154Fcs.Length)
        {
            if (packet.FcsLength == 0)
            {
                // The link type has one, and the file says that it is left out.
                radio.FcsLength = Ieee802154Fcs.Matches(frame) ? radio.FcsLength : 0;
                return;
            }
            Short(frame, ref radio, ref tally, count);
        }
        else if (radio.FcsLength == Dot11Fcs.Length)
        {
            radio.ReportedBadFcs = !Dot11Fcs.Matches(frame);
        }
    }

    private static void Present(ReadOnlySpan<byte> frame, ref RadioHeader radio, ref CheckTally tally, bool count)
    {
        radio.FcsLength = Dot11Fcs.Length;
        (uint right, uint found) = (Dot11Fcs.Compute(frame[..^Dot11Fcs.Length]), Dot11Fcs.Read(frame));
        if (right == found)
        {
            tally.Right += count ? 1 : 0;
            return;
        }
        if (found is 0 or uint.MaxValue || found == BinaryPrimitives.ReverseEndianness(right))
        {
            tally.Odd += count ? 1 : 0;
            return;
        }
        FrameEnd end = FrameEnds.Of(frame, Dot11Fcs.Length);
        if (count)
        {
            tally.CountWrong(end);
        }
        if (!tally.IsContradicted)
        {
            radio.ReportedBadFcs = true;
        }
        else if (end == FrameEnd.Whole || (end == FrameEnd.Unknown && tally.IsAbsent))
        {
            radio.FcsLength = 0;
        }
    }

    private static void Absent(ReadOnlySpan<byte> frame, ref RadioHeader radio, ref CheckTally tally, bool count)
    {
        if (frame.Length <= Dot11Fcs.Length || !tally.LooksForUntold())
        {
            return;
        }
        (uint right, uint found) = (Dot11Fcs.Compute(frame[..^Dot11Fcs.Length]), Dot11Fcs.Read(frame));
        if (found == right || found == BinaryPrimitives.ReverseEndianness(right))
        {
            tally.UntoldRight += count ? 1 : 0;
            radio.FcsLength = Dot11Fcs.Length;
            return;
        }
        tally.UntoldOther += count ? 1 : 0;
        if (tally.HasUntold && FrameEnds.Of(frame, Dot11Fcs.Length) != FrameEnd.Whole)
        {
            radio.FcsLength = Dot11Fcs.Length;
            radio.ReportedBadFcs = true;
        }
    }

    // Texas Instruments' receivers put signal, correlation and whether the sequence was right in its place.
    private static void Short(ReadOnlySpan<byte> frame, ref RadioHeader radio, ref CheckTally tally, bool count)
    {
        if (Ieee802154Fcs.Matches(frame))
        {
            tally.Right += count ? 1 : 0;
            return;
        }
        ReadOnlySpan<byte> found = frame[^Ieee802154Fcs.Length..];
        if (BinaryPrimitives.ReadUInt16LittleEndian(found) is 0 or ushort.MaxValue || Ieee802154Fcs.MatchesSwapped(frame))
        {
            tally.Odd += count ? 1 : 0;
            return;
        }
        bool isRight = TiMetadata.IsRight(found);
        if (count)
        {
            tally.CountMetadata(isRight);
            tally.CountWrong(FrameEnds.OfIeee802154(frame, out bool isSound), isSound);
        }
        if (!tally.IsMetadata && tally.IsContradicted)
        {
            radio.FcsLength = 0;
            return;
        }
        if (!tally.IsMetadata || !isRight)
        {
            radio.ReportedBadFcs = true;
            return;
        }
        if (radio.SignalKind == SignalKind.None)
        {
            radio.SignalKind = SignalKind.Rssi;
            radio.Signal = TiMetadata.SignalOf(found);
        }
        if (!radio.HasLqi)
        {
            radio.HasLqi = true;
            radio.Lqi = TiMetadata.CorrelationOf(found);
        }
    }
}
