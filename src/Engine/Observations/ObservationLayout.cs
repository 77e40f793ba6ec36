using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Observations;

/// <summary>
/// An observation as a record of <see cref="ObservationCodec"/>: each field at a place of its own, which is for good. To add a field: write it behind
/// the last one, read it from there, and let <see cref="Bytes"/> grow; where its default is not zero, say so in <see cref="Defaults"/>.
/// </summary>
internal static class ObservationLayout
{
    /// <summary>Bytes that this version writes.</summary>
    public const int Bytes = 138;

    /// <summary>Bytes that a record has at least: without what stands there, up to the frame's kind, it says nothing.</summary>
    public const int LeastBytes = 128;

    /// <summary>Bytes of the struct in memory, which the first version of batches was made of.</summary>
    public const int RawBytes = 152;

    private const int LocationAt = 108;

    public static void Write(ReadOnlySpan<Observation> items, Span<byte> to)
    {
        // The only check of bounds: the fields below stand within their record.
        to = to[..(items.Length * Bytes)];
        if (items.IsEmpty)
        {
            return;
        }
        ref byte at = ref to[0];
        foreach (ref readonly Observation o in items)
        {
            Write(in o, ref at);
            at = ref Unsafe.Add(ref at, Bytes);
        }
    }

    /// <param name="from">Records, as many as there is room for.</param>
    /// <param name="bytes">Bytes of each, <see cref="LeastBytes"/> or more.</param>
    public static void Read(ReadOnlySpan<byte> from, int bytes, Span<Observation> items)
    {
        // As in Write.
        from = from[..(items.Length * bytes)];
        if (bytes < Bytes)
        {
            ReadShorter(from, bytes, items);
            return;
        }
        ref byte at = ref MemoryMarshal.GetReference(from);
        foreach (ref Observation o in items)
        {
            Read(ref at, out o);
            at = ref Unsafe.Add(ref at, bytes);
        }
    }

    private static void ReadShorter(ReadOnlySpan<byte> from, int bytes, Span<Observation> items)
    {
        Span<byte> whole = stackalloc byte[Bytes];
        Defaults(whole);
        foreach (ref Observation o in items)
        {
            from[..bytes].CopyTo(whole);
            from = from[bytes..];
            Read(ref whole[0], out o);
        }
    }

    // What fields are that a shorter record has not.
    private static void Defaults(Span<byte> record)
    {
        record.Clear();
        BinaryPrimitives.WriteInt16LittleEndian(record[LocationAt..], -1);
    }

    // The machine's own order of bytes, which is little-endian wherever .NET's servers run; the test of a known record would tell another. Written out
    // field by field: the compiler stops inlining long before the last of so many calls.
    private static void Write(in Observation o, ref byte to)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 0), o.TimeNs);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 8), o.Hash);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 16), f.Source.Value);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 24), f.Destination.Value);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 32), f.Bssid.Value);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 40), f.Transmitter.Value);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 48), f.Receiver.Value);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 56), f.Timestamp);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 64), f.ElementsHash);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 72), (ulong)f.Anomalies);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 80), o.FrequencyKhz);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 84), o.Offset);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 88), o.Length);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 92), f.BodyLength);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 96), f.PayloadLength);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 100), o.Signal);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 102), o.Noise);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 104), o.Rate100Kbps);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 106), o.Source);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, LocationAt), o.Location);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 110), f.Sequence);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 112), f.BodyOffset);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 114), f.PayloadOffset);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 116), f.Interval);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 118), f.Capabilities);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 120), f.Code);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 122), f.Algorithm);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 124), f.ElementsOffset);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 126), (byte)o.Kind);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 127), (byte)f.Kind);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 128), (byte)f.Flags);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 129), f.Fragment);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 130), (byte)f.Payload);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 131), (byte)f.Cipher);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 132), f.IsCut);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 133), f.IsAmsdu);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 134), (byte)o.Encoding);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 135), (byte)o.Carrier);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 136), (byte)o.SignalKind);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 137), o.HasRadio);
    }

    private static void Read(ref byte from, out Observation o)
    {
        o.TimeNs = Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref from, 0));
        o.Hash = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, 8));
        o.Frame.Source = new(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, 16)));
        o.Frame.Destination = new(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, 24)));
        o.Frame.Bssid = new(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, 32)));
        o.Frame.Transmitter = new(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, 40)));
        o.Frame.Receiver = new(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, 48)));
        o.Frame.Timestamp = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, 56));
        o.Frame.ElementsHash = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, 64));
        o.Frame.Anomalies = (Anomalies)Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, 72));
        o.FrequencyKhz = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, 80));
        o.Offset = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref from, 84));
        o.Length = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref from, 88));
        o.Frame.BodyLength = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref from, 92));
        o.Frame.PayloadLength = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref from, 96));
        o.Signal = Unsafe.ReadUnaligned<short>(ref Unsafe.Add(ref from, 100));
        o.Noise = Unsafe.ReadUnaligned<short>(ref Unsafe.Add(ref from, 102));
        o.Rate100Kbps = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 104));
        o.Source = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 106));
        o.Location = Unsafe.ReadUnaligned<short>(ref Unsafe.Add(ref from, LocationAt));
        o.Frame.Sequence = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 110));
        o.Frame.BodyOffset = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 112));
        o.Frame.PayloadOffset = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 114));
        o.Frame.Interval = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 116));
        o.Frame.Capabilities = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 118));
        o.Frame.Code = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 120));
        o.Frame.Algorithm = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 122));
        o.Frame.ElementsOffset = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, 124));
        o.Kind = (ObservationKind)Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 126));
        o.Frame.Kind = (FrameKind)Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 127));
        o.Frame.Flags = (FrameFlags)Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 128));
        o.Frame.Fragment = Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 129));
        o.Frame.Payload = (PayloadKind)Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 130));
        o.Frame.Cipher = (FrameCipher)Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 131));
        o.Frame.IsCut = Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 132)) != 0;
        o.Frame.IsAmsdu = Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 133)) != 0;
        o.Encoding = (RadioEncoding)Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 134));
        o.Carrier = (RadioCarrier)Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 135));
        o.SignalKind = (SignalKind)Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 136));
        o.HasRadio = Unsafe.ReadUnaligned<byte>(ref Unsafe.Add(ref from, 137)) != 0;
    }
}
