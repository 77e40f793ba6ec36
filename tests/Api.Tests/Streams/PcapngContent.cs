using System.Buffers.Binary;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Api.Tests.Streams;

/// <summary>A packet of a file, with the number that its block gives it (0 for none).</summary>
internal sealed record ExportedPacket(int Interface, long TimeNs, string Hex, ulong Id);

/// <summary>A pcapng file taken apart; fails where a block is not whole or contradicts itself.</summary>
internal sealed class PcapngContent
{
    private const int FixedPacketLength = 28;
    private const ushort PacketIdOption = 5;

    public PcapngContent(ReadOnlySpan<byte> file)
    {
        while (!file.IsEmpty)
        {
            Assert.Equal(ParseStatus.Ok, PcapngBlock.TryParse(file, false, out PcapngBlock block));
            Assert.InRange(block.Length, 12u, (uint)file.Length);
            ReadOnlySpan<byte> whole = file[..(int)block.Length];
            Assert.Equal(block.Length, BinaryPrimitives.ReadUInt32LittleEndian(whole[^4..]));
            Take(block, whole);
            Blocks.Add(block.Type);
            file = file[whole.Length..];
        }
        Assert.Equal(PcapngBlockType.Section, Blocks[0]);
    }

    public List<PcapngBlockType> Blocks { get; } = [];

    public List<PcapngInterface> Interfaces { get; } = [];

    public List<ExportedPacket> Packets { get; } = [];

    public List<PcapngStatistics> Statistics { get; } = [];

    private void Take(PcapngBlock block, ReadOnlySpan<byte> whole)
    {
        ReadOnlySpan<byte> body = whole[PcapngBlock.HeaderLength..^4];
        switch (block.Type)
        {
            case PcapngBlockType.Section:
                Assert.Empty(Blocks);
                break;
            case PcapngBlockType.Interface:
                Assert.Equal(ParseStatus.Ok, PcapngInterface.TryParse(body, false, out PcapngInterface? found));
                Interfaces.Add(found!);
                break;
            case PcapngBlockType.EnhancedPacket:
                Assert.Equal(ParseStatus.Ok, PcapngPacket.TryParse(whole, block, out PcapngPacket packet));
                // Described before its first packet.
                Assert.InRange((int)packet.Interface, 0, Interfaces.Count - 1);
                ReadOnlySpan<byte> options = whole[(FixedPacketLength + (((int)packet.Length + 3) & ~3))..^4];
                Packets.Add(new(
                    (int)packet.Interface, (long)packet.Ticks, Convert.ToHexString(whole.Slice(packet.Offset, (int)packet.Length)), IdOf(options)));
                break;
            case PcapngBlockType.Statistics:
                Assert.Equal(ParseStatus.Ok, PcapngStatistics.TryParse(body, false, out PcapngStatistics statistics));
                Assert.InRange(statistics.Interface, 0, Interfaces.Count - 1);
                Statistics.Add(statistics);
                break;
            default:
                Assert.Fail($"block {block.Type}");
                break;
        }
    }

    private static ulong IdOf(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty)
        {
            ushort option = BinaryPrimitives.ReadUInt16LittleEndian(options);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(options[2..]);
            if (option == PacketIdOption)
            {
                return BinaryPrimitives.ReadUInt64LittleEndian(options[4..]);
            }
            options = options[(4 + ((length + 3) & ~3))..];
        }
        return 0;
    }
}
