using System.IO.Hashing;
using BenchmarkDotNet.Attributes;
using KismetOrleans.Packets;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Hashing;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Micro;

/// <summary>The parsers and hashes of Wire, a frame an operation.</summary>
public class WireBenchmarks
{
    private readonly PacketBatch _batch = Frames.Batch();
    private readonly byte[][] _frames = Frames.Bare();
    private readonly byte[][] _elements = Frames.Elements();

    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public int Radiotap()
    {
        int sum = 0;
        for (int i = 0; i < _batch.Count; i++)
        {
            LinkHeader.TryParse(_batch.Packets[i].LinkType, _batch.Span(i), _batch.Packets[i].OriginalLength, out RadioHeader radio);
            sum += radio.Signal;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public int Header()
    {
        int sum = 0;
        foreach (byte[] frame in _frames)
        {
            Dot11Parser.TryParse(frame, false, out Dot11Frame f);
            sum += f.BodyLength;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public int Elements()
    {
        int sum = 0;
        foreach (byte[] elements in _elements)
        {
            Dot11ElementsParser.TryParse(elements, FrameKind.Beacon, false, out Dot11Elements e);
            sum += e.Ssid.Length;
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public ulong Hash()
    {
        ulong sum = 0;
        foreach (byte[] frame in _frames)
        {
            sum ^= FrameHash.Compute(frame);
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public uint Crc()
    {
        uint sum = 0;
        foreach (byte[] frame in _frames)
        {
            sum ^= Crc32.HashToUInt32(frame);
        }
        return sum;
    }
}
