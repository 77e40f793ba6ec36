using System.Buffers.Binary;
using KismetOrleans.Wire;

namespace KismetOrleans.Packets.Tests.Files;

/// <summary>Builds capture files in every form that readers meet: what the writers in Wire write is only one of them.</summary>
internal sealed class SampleFile(bool bigEndian)
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public int Length => _bytes.Count;

    public SampleFile PcapHeader(uint magic = 0xA1B2_C3D4, LinkType type = LinkType.Radiotap) =>
        U32(magic).U16(2).U16(4).U32(0).U32(0).U32(65_535).U32((uint)type);

    public SampleFile Record(uint seconds, uint fraction, byte[] packet, int original = -1, bool longHeader = false)
    {
        U32(seconds).U32(fraction).U32((uint)packet.Length).U32((uint)(original < 0 ? packet.Length : original));
        if (longHeader)
        {
            // Interface index, protocol, packet type, pad.
            U32(2).U16(0x0800).U16(0);
        }
        return Raw(packet);
    }

    public SampleFile Section() => Block(0x0A0D_0D0A, b => b.U32(0x1A2B_3C4D).U16(1).U16(0).U32(uint.MaxValue).U32(uint.MaxValue));

    public SampleFile Interface(LinkType type = LinkType.Radiotap, byte? resolution = null, uint snap = 0) => Block(1, b =>
    {
        b.U16((ushort)type).U16(0).U32(snap);
        if (resolution is { } value)
        {
            b.U16(9).U16(1).Raw([value, 0, 0, 0]).U32(0);
        }
    });

    public SampleFile Enhanced(uint from, ulong ticks, byte[] packet, int original = -1, byte[]? options = null) => Block(6, b =>
        b.U32(from).U32((uint)(ticks >> 32)).U32((uint)ticks).U32((uint)packet.Length).U32((uint)(original < 0 ? packet.Length : original))
            .Raw(packet).Pad(packet.Length).Raw(options ?? []));

    public SampleFile Obsolete(ushort from, ulong ticks, byte[] packet) => Block(2, b =>
        b.U16(from).U16(0).U32((uint)(ticks >> 32)).U32((uint)ticks).U32((uint)packet.Length).U32((uint)packet.Length).Raw(packet).Pad(packet.Length));

    public SampleFile Simple(byte[] packet, int original) => Block(3, b => b.U32((uint)original).Raw(packet).Pad(packet.Length));

    public SampleFile Block(uint type, Action<SampleFile> body)
    {
        var inner = new SampleFile(bigEndian);
        body(inner);
        return U32(type).U32((uint)inner.Length + 12).Raw(inner.Bytes).U32((uint)inner.Length + 12);
    }

    public SampleFile U16(ushort value)
    {
        byte[] bytes = new byte[2];
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        }
        return Raw(bytes);
    }

    public SampleFile U32(uint value)
    {
        byte[] bytes = new byte[4];
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }
        return Raw(bytes);
    }

    public SampleFile Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    private SampleFile Pad(int length) => Raw(new byte[-length & 3]);
}
