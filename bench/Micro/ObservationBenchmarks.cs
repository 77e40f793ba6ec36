using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;

namespace KismetOrleans.Micro;

/// <summary>
/// A batch of observations to bytes and back, an observation an operation. Beside it the way of the first version, which copied memory: what explicit
/// fields cost is the difference.
/// </summary>
public class ObservationBenchmarks
{
    // As many as a batch for one of 256 partitions has, or one for a partition of few.
    [Params(16, Frames.Count)]
    public int Batch { get; set; }

    private const int Observations = Frames.Count;
    private readonly ObservationBatch _batch = new();
    private readonly ObservationBatch _read = new();
    private readonly ArrayBufferWriter<byte> _to = new(4 << 20);
    private byte[] _bytes = [];
    private byte[] _raw = [];

    [GlobalSetup]
    public void Dissect()
    {
        ObservationBatch all = new();
        all.Reset(1, 1_700_000_000);
        new FrameDissector().Dissect(Frames.Batch(), [all]);
        _batch.Reset(1, 1_700_000_000);
        for (int i = 0; i < Batch; i++)
        {
            Observation o = all.Items[i % all.Count] with { Location = -1 };
            _batch.Add(o, all.Bytes(all.Items[i % all.Count]));
        }
        _to.ResetWrittenCount();
        ObservationCodec.Write(_batch, _to);
        _bytes = _to.WrittenSpan.ToArray();
        WriteRaw();
        _raw = _to.WrittenSpan.ToArray();
        Console.WriteLine($"// {_bytes.Length} bytes, raw {_raw.Length}");
    }

    [Benchmark(OperationsPerInvoke = Observations)]
    public int Write()
    {
        for (int i = 0; i < Observations; i += Batch)
        {
            _to.ResetWrittenCount();
            ObservationCodec.Write(_batch, _to);
        }
        return _to.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Observations)]
    public int Read()
    {
        for (int i = 0; i < Observations; i += Batch)
        {
            ObservationCodec.Read(_bytes, _read);
        }
        return _read.Count;
    }

    [Benchmark(OperationsPerInvoke = Observations)]
    public int WriteMemory()
    {
        for (int i = 0; i < Observations; i += Batch)
        {
            WriteRaw();
        }
        return _to.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Observations)]
    public int ReadMemory()
    {
        for (int i = 0; i < Observations; i += Batch)
        {
            ObservationCodec.Read(_raw, _read);
        }
        return _read.Count;
    }

    private void WriteRaw()
    {
        _to.ResetWrittenCount();
        ReadOnlySpan<byte> items = MemoryMarshal.AsBytes(_batch.Items);
        ReadOnlySpan<byte> bytes = _batch.AllBytes;
        int length = 64 + items.Length + bytes.Length;
        Span<byte> all = _to.GetSpan(length)[..length];
        all[..64].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(all, (ushort)((1 << 10) | (items.Length / _batch.Count)));
        BinaryPrimitives.WriteUInt16LittleEndian(all[2..], _batch.SourceNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(all[4..], _batch.Clock);
        BinaryPrimitives.WriteInt32LittleEndian(all[8..], _batch.Count);
        BinaryPrimitives.WriteInt32LittleEndian(all[16..], bytes.Length);
        items.CopyTo(all[64..]);
        bytes.CopyTo(all[(64 + items.Length)..]);
        _to.Advance(length);
    }
}
