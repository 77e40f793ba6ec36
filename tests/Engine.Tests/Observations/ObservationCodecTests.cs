using System.Buffers;
using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tests.Observations;

/// <summary>A batch survives the way through bytes, also between neighbouring versions, and bytes that are no batch are refused.</summary>
public sealed class ObservationCodecTests
{
    private readonly ObservationBatch _batch = new();

    public ObservationCodecTests()
    {
        _batch.Reset(7, 1_700_000_000);
        _batch.Mark = new(7, 11, 13, 12);
        _batch.Locations.Add(new() { Latitude = 48.1, Longitude = -11.5, Altitude = 520.5f, Fix = 3, Seconds = 5, Microseconds = 999_999, Speed = 3.5f, Heading = 270 });
        for (int i = 0; i < 300; i++)
        {
            Observation o = new()
            {
                TimeNs = 1_700_000_000_000_000_000 + i,
                Signal = (short)-i,
                Location = (short)(i % 2 == 0 ? 0 : -1),
                Source = (ushort)(i % 3 == 0 ? 9 : 0),
                HasRadio = true,
                SignalKind = Wire.Link.SignalKind.Dbm,
                Frame = new() { Source = new((ulong)i), Bssid = new(0xFFFF_FFFF_FFFF) },
            };
            _batch.Add(o, new byte[i]);
        }
    }

    [Fact]
    public void A_batch_survives()
    {
        ObservationBatch read = new();
        read.Reset(1, 1);
        read.Add(new(), [1, 2, 3]);
        ObservationCodec.Read(Bytes(), read);
        Assert.Equal((_batch.Count, _batch.Clock, _batch.Mark, _batch.SourceNumber), (read.Count, read.Clock, read.Mark, read.SourceNumber));
        Assert.Equivalent(_batch.Locations, read.Locations, strict: true);
        for (int i = 0; i < 300; i++)
        {
            Observation a = _batch.Items[i];
            Observation b = read.Items[i];
            Assert.Equal((a.TimeNs, a.Signal, a.Location, a.Source, a.Frame.Source, a.Length), (b.TimeNs, b.Signal, b.Location, b.Source, b.Frame.Source, b.Length));
            Assert.Equal(i % 3 == 0 ? 9 : 7, b.Source);
            Assert.Equal(_batch.Bytes(a).ToArray(), read.Bytes(b).ToArray());
        }
    }

    [Fact]
    public void Bytes_of_another_version_or_length_are_refused()
    {
        byte[] bytes = Bytes();
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read([], new()));
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(new byte[64], new()));
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(bytes.AsSpan(0, 63), new()));
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(bytes.AsSpan(0, bytes.Length - 1), new()));
        bytes[1] ^= 0x10;
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(bytes, new()));
    }

    [Fact]
    public void Spoiled_bytes_are_a_batch_or_refused()
    {
        byte[] bytes = Bytes();
        Random random = new(3);
        for (int i = 0; i < 3000; i++)
        {
            byte[] spoiled = [.. bytes];
            spoiled[random.Next(spoiled.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                ObservationBatch read = new();
                ObservationCodec.Read(spoiled, read);
                foreach (ref readonly Observation o in read.Items)
                {
                    _ = read.Bytes(o).Length;
                }
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public void Every_field_survives()
    {
        // A value of its own in each field, so that one that somebody adds and does not write is missed here.
        object boxed = new Observation();
        int next = 1;
        object frame = Filled(new Dot11Frame(), ref next);
        _ = Filled(boxed, ref next);
        typeof(Observation).GetField(nameof(Observation.Frame))!.SetValue(boxed, frame);
        Observation sent = (Observation)boxed with { Location = 1 };
        _batch.Reset(7, 5);
        _batch.Locations.AddRange([new(), new()]);
        _batch.Add(new(), [1, 2, 3]);
        _batch.Add(sent, [4, 5]);
        ObservationBatch read = new();
        ObservationCodec.Read(Bytes(), read);
        Observation got = read.Items[1];
        Assert.Equal((3, 2), (got.Offset, got.Length));
        AssertSame(sent with { Offset = 3, Length = 2 }, got);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public void Longer_records_of_a_later_version_are_read(int more)
    {
        byte[] later = WithRecordsOf(ObservationCodec.ObservationBytes + more);
        AssertReadsAs(later, Unchanged);
        // And what it may append behind everything else.
        AssertReadsAs([.. later, 1, 2, 3], Unchanged);
    }

    [Fact]
    public void A_longer_header_and_longer_positions_of_a_later_version_are_read()
    {
        byte[] bytes = Bytes();
        byte[] header = [.. bytes.AsSpan(0, 64), 0xEE, 0xEE, 0xEE];
        header[56] = 67;
        header[20] = 58;
        AssertReadsAs([.. header, .. bytes.AsSpan(64, 56), 0xEE, 0xEE, .. bytes.AsSpan(120)], Unchanged);
    }

    [Fact]
    public void Shorter_records_of_an_earlier_version_are_read_with_defaults()
    {
        // Without what stands last: whether there was a radio header, and the unit of the signal.
        AssertReadsAs(WithRecordsOf(ObservationCodec.ObservationBytes - 2), static (ref Observation observation) =>
        {
            observation.HasRadio = false;
            observation.SignalKind = default;
        });
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(WithRecordsOf(127), new()));
    }

    [Fact]
    public void A_batch_of_the_version_of_raw_memory_is_read()
    {
        ReadOnlySpan<byte> memory = MemoryMarshal.AsBytes(_batch.Items);
        int size = memory.Length / _batch.Count;
        byte[] bytes = Bytes();
        byte[] raw = [.. bytes.AsSpan(0, 64 + 56), .. memory, .. _batch.AllBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(raw, (ushort)((1 << 10) | size));
        raw[56] = 0;
        AssertReadsAs(raw, Unchanged);
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read([.. raw, 0], new()));
        BinaryPrimitives.WriteUInt16LittleEndian(raw, (ushort)((1 << 10) | (size + 8)));
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(raw, new()));
    }

    [Fact]
    public void The_places_of_fields_are_for_good()
    {
        // A batch of the first release that wrote records of its own; one of today is the same to the byte, or longer.
        ObservationBatch batch = new();
        batch.Reset(2, 3);
        batch.Add(new() { TimeNs = 0x0102, Hash = 0x0304, FrequencyKhz = 0x0506, Frame = new() { Source = new(0x0708), Flags = FrameFlags.Retry }, HasRadio = true, Location = -1 }, [9]);
        ArrayBufferWriter<byte> to = new();
        ObservationCodec.Write(batch, to);
        ReadOnlySpan<byte> record = to.WrittenSpan[64..];
        byte[] expected = new byte[138];
        (int At, byte[] Bytes)[] fields =
        [
            (0, [2, 1]), (8, [4, 3]), (16, [8, 7]), (80, [6, 5]), (88, [1]), (106, [2]), (108, [0xFF, 0xFF]), (128, [(byte)FrameFlags.Retry]), (137, [1]),
        ];
        foreach ((int at, byte[] bytes) in fields)
        {
            bytes.CopyTo(expected, at);
        }
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(record[..138]));
    }

    private delegate void Change(ref Observation observation);

    private static void Unchanged(ref Observation observation)
    {
    }

    private static object Filled(object boxed, ref int next)
    {
        foreach (FieldInfo field in boxed.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            object? value = field.FieldType == typeof(MacAddress) ? new MacAddress((ulong)next << 8)
                : field.FieldType == typeof(bool) ? true
                : field.FieldType.IsEnum ? Enum.ToObject(field.FieldType, next)
                : field.FieldType.IsPrimitive ? Convert.ChangeType(next, field.FieldType, null)
                : null;
            if (value is not null)
            {
                field.SetValue(boxed, value);
                next++;
            }
            else
            {
                Assert.Equal(nameof(Observation.Frame), field.Name);
            }
        }
        return boxed;
    }

    private static void AssertSame(Observation expected, Observation actual)
    {
        foreach (FieldInfo field in typeof(Observation).GetFields().Where(static field => field.FieldType != typeof(Dot11Frame)))
        {
            Assert.True(Equals(field.GetValue(expected), field.GetValue(actual)), $"{field.Name}: {field.GetValue(expected)} became {field.GetValue(actual)}");
        }
        foreach (FieldInfo field in typeof(Dot11Frame).GetFields())
        {
            (object? a, object? b) = (field.GetValue(expected.Frame), field.GetValue(actual.Frame));
            Assert.True(Equals(a, b), $"Frame.{field.Name}: {a} became {b}");
        }
    }

    private void AssertReadsAs(byte[] bytes, Change change)
    {
        ObservationBatch read = new();
        ObservationCodec.Read(bytes, read);
        Assert.Equal((_batch.Count, _batch.Clock, _batch.Mark, _batch.SourceNumber), (read.Count, read.Clock, read.Mark, read.SourceNumber));
        Assert.Equivalent(_batch.Locations, read.Locations, strict: true);
        for (int i = 0; i < _batch.Count; i++)
        {
            Observation expected = _batch.Items[i];
            change(ref expected);
            AssertSame(expected, read.Items[i]);
            Assert.True(_batch.Bytes(expected).SequenceEqual(read.Bytes(read.Items[i])));
        }
    }

    // The batch as a version would write it that has other fields at the end of an observation.
    private byte[] WithRecordsOf(int length)
    {
        byte[] bytes = Bytes();
        int known = ObservationCodec.ObservationBytes;
        ReadOnlySpan<byte> records = bytes.AsSpan(120, _batch.Count * known);
        List<byte> all = [.. bytes.AsSpan(0, 120)];
        for (int i = 0; i < _batch.Count; i++)
        {
            all.AddRange(records.Slice(i * known, Math.Min(known, length)));
            all.AddRange(Enumerable.Repeat((byte)0xEE, Math.Max(0, length - known)));
        }
        all.AddRange(bytes.AsSpan(120 + records.Length));
        byte[] changed = [.. all];
        BinaryPrimitives.WriteUInt16LittleEndian(changed, (ushort)((2 << 10) | length));
        return changed;
    }

    private byte[] Bytes()
    {
        ArrayBufferWriter<byte> to = new();
        ObservationCodec.Write(_batch, to);
        return to.WrittenSpan.ToArray();
    }
}
