using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Observations;

/// <summary>
/// An observation as a record of <see cref="ObservationCodec"/>: each field at a place of its own, which is for good. To add a field: write it behind
/// the last one, read it from there, and let <see cref="Octets"/> grow; where its default is not zero, say so in <see cref="Defaults"/>.
/// </summary>
internal static class ObservationLayout
{
    /// <summary>Octets that this version writes.</summary>
    public const int Octets = 138;

    /// <summary>Octets that a record has at least: without what stands there, up to the frame's kind, it says nothing.</summary>
    public const int LeastOctets = 128;

    /// <summary>Octets of the struct in memory, which the first version of batches was made of.</summary>
    public const int RawOctets = 152;

    private const int LocationAt = 108;

    /// <summary>Writes observations one after the other.</summary>
    public static void Write(ReadOnlySpan<Observation> items, Span<byte> to)
    {
        // The only check of bounds: the fields below stand within their record.
        to = to[..(items.Length * Octets)];
        if (items.IsEmpty)
        {
            return;
        }
        ref byte at = ref to[0];
        foreach (ref readonly Observation o in items)
        {
            Write(in o, ref at);
            at = ref Unsafe.Add(ref at, Octets);
        }
    }

    /// <summary>Reads observations.</summary>
    /// <param name="from">Records, as many as there is room for.</param>
    /// <param name="octets">Octets of each, <see cref="LeastOctets"/> or more.</param>
    /// <param name="items">Where to.</param>
    public static void Read(ReadOnlySpan<byte> from, int octets, Span<Observation> items)
    {
        Span<byte> whole = stackalloc byte[Octets];
        Defaults(whole);
        foreach (ref Observation o in items)
        {
            scoped ReadOnlySpan<byte> record = from[..octets];
            from = from[octets..];
            if (octets < Octets)
            {
                record.CopyTo(whole);
                record = whole;
            }
            Read(in record[..Octets][0], out o);
        }
    }

    // What fields are that a shorter record has not.
    private static void Defaults(Span<byte> record)
    {
        record.Clear();
        BinaryPrimitives.WriteInt16LittleEndian(record[LocationAt..], -1);
    }

    private static void Write(in Observation o, ref byte to)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        Put(ref to, 0, o.TimeNs);
        Put(ref to, 8, o.Hash);
        Put(ref to, 16, f.Source.Value);
        Put(ref to, 24, f.Destination.Value);
        Put(ref to, 32, f.Bssid.Value);
        Put(ref to, 40, f.Transmitter.Value);
        Put(ref to, 48, f.Receiver.Value);
        Put(ref to, 56, f.Timestamp);
        Put(ref to, 64, f.ElementsHash);
        Put(ref to, 72, (ulong)f.Anomalies);
        Put(ref to, 80, o.FrequencyKhz);
        Put(ref to, 84, o.Offset);
        Put(ref to, 88, o.Length);
        Put(ref to, 92, f.BodyLength);
        Put(ref to, 96, f.PayloadLength);
        Put(ref to, 100, o.Signal);
        Put(ref to, 102, o.Noise);
        Put(ref to, 104, o.Rate100Kbps);
        Put(ref to, 106, o.Source);
        Put(ref to, LocationAt, o.Location);
        Put(ref to, 110, f.Sequence);
        Put(ref to, 112, f.BodyOffset);
        Put(ref to, 114, f.PayloadOffset);
        Put(ref to, 116, f.Interval);
        Put(ref to, 118, f.Capabilities);
        Put(ref to, 120, f.Code);
        Put(ref to, 122, f.Algorithm);
        Put(ref to, 124, f.ElementsOffset);
        Put(ref to, 126, (byte)o.Kind);
        Put(ref to, 127, (byte)f.Kind);
        Put(ref to, 128, (byte)f.Flags);
        Put(ref to, 129, f.Fragment);
        Put(ref to, 130, (byte)f.Payload);
        Put(ref to, 131, (byte)f.Cipher);
        Put(ref to, 132, f.IsCut ? (byte)1 : (byte)0);
        Put(ref to, 133, f.IsAmsdu ? (byte)1 : (byte)0);
        Put(ref to, 134, (byte)o.Encoding);
        Put(ref to, 135, (byte)o.Carrier);
        Put(ref to, 136, (byte)o.SignalKind);
        Put(ref to, 137, o.HasRadio ? (byte)1 : (byte)0);
    }

    private static void Read(in byte from, out Observation o)
    {
        o.TimeNs = Get<long>(in from, 0);
        o.Hash = Get<ulong>(in from, 8);
        o.Frame.Source = new(Get<ulong>(in from, 16));
        o.Frame.Destination = new(Get<ulong>(in from, 24));
        o.Frame.Bssid = new(Get<ulong>(in from, 32));
        o.Frame.Transmitter = new(Get<ulong>(in from, 40));
        o.Frame.Receiver = new(Get<ulong>(in from, 48));
        o.Frame.Timestamp = Get<ulong>(in from, 56);
        o.Frame.ElementsHash = Get<ulong>(in from, 64);
        o.Frame.Anomalies = (Anomalies)Get<ulong>(in from, 72);
        o.FrequencyKhz = Get<uint>(in from, 80);
        o.Offset = Get<int>(in from, 84);
        o.Length = Get<int>(in from, 88);
        o.Frame.BodyLength = Get<int>(in from, 92);
        o.Frame.PayloadLength = Get<int>(in from, 96);
        o.Signal = Get<short>(in from, 100);
        o.Noise = Get<short>(in from, 102);
        o.Rate100Kbps = Get<ushort>(in from, 104);
        o.Source = Get<ushort>(in from, 106);
        o.Location = Get<short>(in from, LocationAt);
        o.Frame.Sequence = Get<ushort>(in from, 110);
        o.Frame.BodyOffset = Get<ushort>(in from, 112);
        o.Frame.PayloadOffset = Get<ushort>(in from, 114);
        o.Frame.Interval = Get<ushort>(in from, 116);
        o.Frame.Capabilities = Get<ushort>(in from, 118);
        o.Frame.Code = Get<ushort>(in from, 120);
        o.Frame.Algorithm = Get<ushort>(in from, 122);
        o.Frame.ElementsOffset = Get<ushort>(in from, 124);
        o.Kind = (ObservationKind)Get<byte>(in from, 126);
        o.Frame.Kind = (FrameKind)Get<byte>(in from, 127);
        o.Frame.Flags = (FrameFlags)Get<byte>(in from, 128);
        o.Frame.Fragment = Get<byte>(in from, 129);
        o.Frame.Payload = (PayloadKind)Get<byte>(in from, 130);
        o.Frame.Cipher = (FrameCipher)Get<byte>(in from, 131);
        o.Frame.IsCut = Get<byte>(in from, 132) != 0;
        o.Frame.IsAmsdu = Get<byte>(in from, 133) != 0;
        o.Encoding = (RadioEncoding)Get<byte>(in from, 134);
        o.Carrier = (RadioCarrier)Get<byte>(in from, 135);
        o.SignalKind = (SignalKind)Get<byte>(in from, 136);
        o.HasRadio = Get<byte>(in from, 137) != 0;
    }

    // The machine's own order of octets, which is little-endian wherever .NET's servers run; the test of a known record would tell another.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<T>(ref byte record, int at, T value)
        where T : unmanaged => Unsafe.WriteUnaligned(ref Unsafe.Add(ref record, at), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Get<T>(in byte record, int at)
        where T : unmanaged => Unsafe.ReadUnaligned<T>(in Unsafe.Add(ref Unsafe.AsRef(in record), at));
}
