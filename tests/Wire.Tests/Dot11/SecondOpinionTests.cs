using System.Net.NetworkInformation;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;
using PacketDotNet;
using PacketDotNet.Ieee80211;
using PacketDotNet.Utils;
using DataFrame = PacketDotNet.Ieee80211.DataFrame;
using ManagementFrame = PacketDotNet.Ieee80211.ManagementFrame;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>
/// PacketDotNet, which shares no line with these parsers, reads the same lengths of radiotap and PPI headers, types and addresses. Where it does not, the
/// fault is its own, and one of those listed here; a fault that no frame shows any more is to be taken off the list.
/// </summary>
public sealed class SecondOpinionTests
{
    private const string VersionOfHeader = "PacketDotNet takes a header of any version for one of version 0";
    private const string FieldPastHeader = "PacketDotNet throws where a field runs past the header's end, although the frame behind it begins where the header says";
    private const string NoClass = "PacketDotNet has no class for this type and gives nothing";
    private const string ReadsOn = "PacketDotNet looks neither at the frame's protocol version nor whether its header is all there";
    private const string FourthAddress = "PacketDotNet reads the fourth address from sequence control on, two bytes too early";

    private readonly Dictionary<string, int> _faults = [];
    private readonly List<string> _unexplained = [];
    private int _agreed;

    [SharedFact]
    public void Frames_of_captures_are_read_alike()
    {
        foreach (string file in SharedCaptures.Files.Where(static file => !IsSpoiled(file)))
        {
            CompareAll(file);
        }
        Check(50_000, ReadsOn);
    }

    [SharedFact]
    public void Frames_of_spoiled_captures_are_read_alike_where_they_can_be_read()
    {
        foreach (string file in SharedCaptures.Files.Where(IsSpoiled))
        {
            CompareAll(file);
        }
        Check(5_000, VersionOfHeader, FieldPastHeader, NoClass, ReadsOn);
    }

    [Fact]
    public void Frames_of_the_sample_are_read_alike()
    {
        CompareAll(Path.Combine(AppContext.BaseDirectory, "campus.pcapng"));
        Check(6_000, NoClass, FourthAddress);
    }

    [Fact]
    public void Made_frames_of_every_type_with_every_flag_are_read_alike()
    {
        Random random = new(802_11);
        byte[] frame = new byte[100];
        for (int control = 0; control <= ushort.MaxValue; control++)
        {
            random.NextBytes(frame);
            (frame[0], frame[1]) = ((byte)control, (byte)(control >> 8));
            CompareFrame(frame, cut: false);
        }
        Check(20_000, NoClass, ReadsOn, FourthAddress);
    }

    [Fact]
    public void Sample_frames_are_read_alike()
    {
        foreach (byte[] frame in SampleFrames.All)
        {
            CompareFrame(frame, cut: false);
        }
        Assert.Empty(_unexplained);
    }

    private static bool IsSpoiled(string file) => file.Contains($"{Path.DirectorySeparatorChar}malformed{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    private void Check(int agreed, params string[] faults)
    {
        Assert.Empty(_unexplained);
        Assert.Equal(faults.Order(StringComparer.Ordinal), _faults.Keys.Order(StringComparer.Ordinal));
        Assert.True(_agreed >= agreed, $"{_agreed} agreed");
    }

    private void CompareAll(string file)
    {
        foreach ((LinkType type, byte[] packet, int originalLength) in SharedCaptures.Packets(File.ReadAllBytes(file)))
        {
            ParseStatus status = LinkHeader.TryParse(type, packet, originalLength, out RadioHeader header);
            if (type is LinkType.Radiotap or LinkType.Ppi)
            {
                CompareHeader(type, packet, status, header);
            }
            if (status == ParseStatus.Ok && header.Inner == LinkType.Ieee80211)
            {
                CompareFrame(packet[header.HeaderLength..^header.FcsLength], packet.Length < originalLength);
            }
        }
    }

    private void CompareHeader(LinkType type, byte[] packet, ParseStatus status, in RadioHeader header)
    {
        int? theirs = null;
        try
        {
            theirs = type == LinkType.Radiotap
                ? ((RadioPacket)Packet.ParsePacket(LinkLayers.Ieee80211RadioTap, packet)).Length
                : ((PpiPacket)Packet.ParsePacket(LinkLayers.Ppi, packet)).Length;
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or EndOfStreamException)
        {
            // What it says of what it cannot read.
        }
        int? ours = status == ParseStatus.Ok ? header.HeaderLength : null;
        Note(ours == theirs ? null
            : ours is null && packet[0] != 0 ? VersionOfHeader
            : theirs is null && (header.Anomalies & (Anomalies.LinkHeaderMalformed | Anomalies.RadiotapUnknownField)) != 0 ? FieldPastHeader
            : $"{type} header: {ours} ({status}), PacketDotNet {theirs}: {Convert.ToHexString(packet)}");
    }

    private void CompareFrame(byte[] frame, bool cut)
    {
        ParseStatus status = Dot11Parser.TryParse(frame, cut, out Dot11Frame f);
        MacFrame? theirs = MacFrame.ParsePacket(new ByteArraySegment(frame));
        if (theirs is null)
        {
            // Neither of them where this one cannot read it, too.
            Note(status is ParseStatus.Ok or ParseStatus.Unsupported ? NoClass : null);
            return;
        }
        if (status != ParseStatus.Ok)
        {
            Note(ReadsOn);
            return;
        }
        if ((byte)theirs.FrameControl.SubType != (byte)f.Kind)
        {
            Note($"type {f.Kind}, PacketDotNet {theirs.FrameControl.SubType}: {Convert.ToHexString(frame)}");
            return;
        }
        foreach ((string name, PhysicalAddress? address, MacAddress ours) in Addresses(theirs, f))
        {
            if (address is null)
            {
                // As receiver and transmitter of data frames with three addresses.
                continue;
            }
            MacAddress read = MacAddress.Read(address.GetAddressBytes());
            Note(read == ours ? null
                : theirs is DataFrame && f.IsWds && name == "source" && read == MacAddress.Read(frame.AsSpan(22)) ? FourthAddress
                : $"{name} {ours}, PacketDotNet {read}: {Convert.ToHexString(frame)}");
        }
    }

    private static IEnumerable<(string Name, PhysicalAddress? Theirs, MacAddress Ours)> Addresses(MacFrame theirs, Dot11Frame f) => theirs switch
    {
        ManagementFrame m => [("destination", m.DestinationAddress, f.Destination), ("source", m.SourceAddress, f.Source), ("BSSID", m.BssId, f.Bssid)],
        DataFrame d =>
        [
            ("destination", d.DestinationAddress, f.Destination), ("source", d.SourceAddress, f.Source), ("BSSID", d.BssId, f.Bssid),
            ("receiver", d.ReceiverAddress, f.Receiver), ("transmitter", d.TransmitterAddress, f.Transmitter),
        ],
        AcknowledgmentFrame a => [("receiver", a.ReceiverAddress, f.Receiver)],
        CtsFrame c => [("receiver", c.ReceiverAddress, f.Receiver)],
        RtsFrame r => [("receiver", r.ReceiverAddress, f.Receiver), ("transmitter", r.TransmitterAddress, f.Transmitter)],
        BlockAcknowledgmentFrame b => [("receiver", b.ReceiverAddress, f.Receiver), ("transmitter", b.TransmitterAddress, f.Transmitter)],
        BlockAcknowledgmentRequestFrame b => [("receiver", b.ReceiverAddress, f.Receiver), ("transmitter", b.TransmitterAddress, f.Transmitter)],
        ContentionFreeEndFrame e => [("receiver", e.ReceiverAddress, f.Receiver), ("transmitter", e.BssId, f.Transmitter)],
        _ => throw new NotSupportedException(theirs.GetType().Name),
    };

    // Null: they agree.
    private void Note(string? difference)
    {
        if (difference is null)
        {
            _agreed++;
        }
        else if (difference is VersionOfHeader or FieldPastHeader or NoClass or ReadsOn or FourthAddress)
        {
            _faults[difference] = _faults.GetValueOrDefault(difference) + 1;
        }
        else if (_unexplained.Count < 10)
        {
            _unexplained.Add(difference);
        }
    }
}
