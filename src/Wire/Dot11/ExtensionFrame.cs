// IEEE Std 802.11-2020, clause 9.3.4: extension frames; 9.4.2.195 and 9.4.2.212 (S1G beacon compatibility and operation).
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>
/// Reads the beacons of 802.11ah (below 1 GHz) and 802.11ad (60 GHz), whose header is another than that of a management frame, into what a beacon of any other network says.
/// </summary>
internal static class ExtensionFrame
{
    // After frame control and duration: the access point's address.
    private const int AddressOffset = 4;
    private const int BodyOffset = AddressOffset + 6;

    // Subtypes (table 9-1).
    private const byte DmgBeacon = 0;
    private const byte S1gBeacon = 1;

    // Of an S1G beacon's frame control field (clause 9.2.4.1.17): what follows its timestamp and change sequence.
    private const byte HasNextTbtt = 0x01;
    private const byte HasCompressedSsid = 0x02;
    private const byte HasAccessNetwork = 0x04;
    private const byte HasSecurity = 0x40;
    private const int S1gFixed = 5;

    // Timestamp, sector sweep, interval, interval control, parameters (clause 9.3.4.2).
    private const int DmgFixed = 20;
    private const int DmgInterval = 11;
    private const int DmgControl = 13;
    private const byte HasClustering = 0x01;
    private const int Clustering = 8;

    private const ushort Ess = 0x0001;
    private const ushort Privacy = 0x0010;

    internal static ParseStatus Parse(ReadOnlySpan<byte> frame, ref Dot11Frame f)
    {
        int subtype = (int)f.Kind & 0x0F;
        if (subtype is not (DmgBeacon or S1gBeacon))
        {
            return ParseStatus.Unsupported;
        }
        byte control = frame[1];
        int fixedLength = subtype == DmgBeacon ? DmgFixed
            : S1gFixed + ((control & HasNextTbtt) != 0 ? 3 : 0) + ((control & HasCompressedSsid) != 0 ? 4 : 0) + ((control & HasAccessNetwork) != 0 ? 1 : 0);
        if (frame.Length < BodyOffset + fixedLength)
        {
            return Dot11Parser.TooShort(ref f);
        }
        // The second byte has other meanings here.
        f.Flags = FrameFlags.None;
        f.Kind = FrameKind.Beacon;
        f.Transmitter = f.Source = f.Bssid = MacAddress.Read(frame[AddressOffset..]);
        f.Receiver = f.Destination = MacAddress.Broadcast;
        f.BodyOffset = BodyOffset;
        f.BodyLength = frame.Length - BodyOffset;
        ReadOnlySpan<byte> body = frame[BodyOffset..];
        if (subtype == DmgBeacon)
        {
            f.Timestamp = BinaryPrimitives.ReadUInt64LittleEndian(body);
            f.Interval = BinaryPrimitives.ReadUInt16LittleEndian(body[DmgInterval..]);
            f.Capabilities = Ess;
            // Some set the bit and leave the field out; elements then end where the frame does only without it.
            bool isClustered = (body[DmgControl] & HasClustering) != 0 && (AreElements(body, fixedLength + Clustering) || !AreElements(body, fixedLength));
            fixedLength += isClustered ? Clustering : 0;
        }
        else
        {
            // The lower half of the timer.
            f.Timestamp = BinaryPrimitives.ReadUInt32LittleEndian(body);
            f.Capabilities = (ushort)(Ess | ((control & HasSecurity) != 0 ? Privacy : 0));
        }
        ReadElements(frame, BodyOffset + fixedLength, ref f);
        return ParseStatus.Ok;
    }

    private static bool AreElements(ReadOnlySpan<byte> body, int start)
    {
        if (start > body.Length)
        {
            return false;
        }
        ElementReader reader = new(body[start..]);
        while (reader.TryRead(out _, out _))
        {
        }
        return !reader.HasRest;
    }

    // A beacon between two full ones has no name, and so nothing to say of a network: its elements are left out.
    private static void ReadElements(ReadOnlySpan<byte> frame, int start, ref Dot11Frame f)
    {
        if (start >= frame.Length)
        {
            return;
        }
        ReadOnlySpan<byte> elements = frame[start..];
        ElementReader reader = new(elements);
        while (reader.TryRead(out byte id, out Slice body))
        {
            if (id == ElementId.S1gCompatibility && body.Length >= 4)
            {
                f.Capabilities |= BinaryPrimitives.ReadUInt16LittleEndian(body.Of(elements));
                f.Interval = BinaryPrimitives.ReadUInt16LittleEndian(body.Of(elements)[2..]);
            }
            else if (id == ElementId.Ssid && f.ElementsOffset == 0)
            {
                f.ElementsOffset = (ushort)start;
                f.ElementsHash = ManagementFrame.HashElements(elements, mayHaveTim: true);
            }
        }
    }
}
