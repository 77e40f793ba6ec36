using System.Runtime.InteropServices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Devices.Rrd>;

namespace KismetOrleans.Records.Devices;

/// <summary>Fields of a history.</summary>
public static class RrdTable
{
    /// <summary>Histories of a minute, an hour and a day, or of a minute alone.</summary>
    public static readonly RecordTable<Rrd> Table = new RrdRecords(
    [
        Make("last_time", "uint64_t", "second that the vectors end with", RrdPart.Time),
        Make("serial_time", "uint64_t", "second in which this answer was written", RrdPart.Time),
        Make("last_value", "double", "sum of the samples of that second", RrdPart.Last),
        Make("last_value_n1", "double", "value of the newest second before it that had a sample", RrdPart.Previous),
        Make("minute_vec", "vector[double]", "a value for each second of the past minute, at index second modulo 60", RrdPart.Minute),
        Make("hour_vec", "vector[double]", "a value for each minute of the past hour, at index minute modulo 60", RrdPart.Hour),
        Make("day_vec", "vector[double]", "a value for each hour of the past day, at index hour modulo 24", RrdPart.Day),
        Field.Whole("kismet.common.rrd.blank_val", "value of a slot without samples", static _ => 0),
    ]);

    private static RecordField<Rrd> Make(string name, string type, string description, RrdPart part) =>
        Field.Make(
            "kismet.common.rrd." + name, type, description, static rrd => rrd, new RrdPartKind(part),
            part is RrdPart.Hour or RrdPart.Day ? static rrd => !rrd.MinuteOnly : null);
}

/// <summary>What a field of a history shows.</summary>
internal enum RrdPart
{
    Time,
    Last,
    Previous,
    Minute,
    Hour,
    Day,
}

/// <summary>One field of a history, read on its own: the way of selections.</summary>
internal sealed class RrdPartKind(RrdPart part) : ValueKind<Rrd>
{
    internal override ValueShape Shape => part switch
    {
        RrdPart.Time or RrdPart.Last or RrdPart.Previous => ValueShape.Integer,
        RrdPart.Minute => ValueShape.Integers,
        _ => ValueShape.Numbers,
    };

    internal override bool IsNumeric => true;

    internal override void Write(Rrd value, JsonOut json, Style style)
    {
        RrdValues values = new(value, json.Context.Now, stackalloc double[RrdValues.Room]);
        values.Write(part, json);
    }

    internal override SortKey Key(Rrd value, RecordContext context)
    {
        RrdValues values = new(value, context.Now, stackalloc double[RrdValues.Room]);
        return new(part switch
        {
            RrdPart.Time => values.Now,
            RrdPart.Last => values.Last,
            RrdPart.Previous => values.Previous,
            _ => 0,
        });
    }
}

/// <summary>Histories are the bulk of most answers, so a whole one is read once for all of its fields.</summary>
internal sealed class RrdRecords(IEnumerable<RecordField<Rrd>> fields) : RecordTable<Rrd>("rrd", fields)
{
    internal override void Write(Rrd value, JsonOut json, Style style)
    {
        RrdValues values = new(value, json.Context.Now, stackalloc double[RrdValues.Room]);
        int start = json.Open((byte)'{', style);
        ReadOnlySpan<RecordField<Rrd>> fields = Fields;
        Write(RrdPart.Time, fields[0], values, json, style);
        Write(RrdPart.Time, fields[1], values, json, style);
        Write(RrdPart.Last, fields[2], values, json, style);
        Write(RrdPart.Previous, fields[3], values, json, style);
        Write(RrdPart.Minute, fields[4], values, json, style);
        if (!value.MinuteOnly)
        {
            Write(RrdPart.Hour, fields[5], values, json, style);
            Write(RrdPart.Day, fields[6], values, json, style);
        }
        fields[7].TryWrite(value, json, fields[7].Label, style);
        json.Close(start, (byte)'{', (byte)'}', style);
    }

    private static void Write(RrdPart part, RecordField<Rrd> field, in RrdValues values, JsonOut json, Style style)
    {
        json.Member(field.Label, style);
        values.Write(part, json);
    }
}

/// <summary>What a history shows at one moment, on the stack.</summary>
internal readonly ref struct RrdValues
{
    /// <summary>Numbers that the three vectors take.</summary>
    public const int Room = Rrd.Slots + Rrd.Slots + Rrd.DaySlots;

    private readonly Span<double> _vectors;
    private readonly bool _minuteOnly;

    public RrdValues(Rrd rrd, uint now, Span<double> room)
    {
        Now = Math.Max(now, rrd.LastTime);
        _vectors = room;
        _minuteOnly = rrd.MinuteOnly;
        rrd.Read(
            Now, Minute, _minuteOnly ? default : Hour, _minuteOnly ? default : Day, out double last, out double previous);
        Last = last;
        Previous = previous;
    }

    public uint Now { get; }

    public double Last { get; }

    public double Previous { get; }

    private Span<double> Minute => _vectors[..Rrd.Slots];

    private Span<double> Hour => _vectors.Slice(Rrd.Slots, Rrd.Slots);

    private Span<double> Day => _vectors.Slice(2 * Rrd.Slots, Rrd.DaySlots);

    // As many zeros as the longest vector has: samples are whole, means have a fraction.
    private static ReadOnlySpan<byte> WholeZeros =>
        ",0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0"u8;

    private static ReadOnlySpan<byte> Zeros =>
        ",0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0"u8;

    public void Write(RrdPart part, JsonOut json)
    {
        switch (part)
        {
            case RrdPart.Time:
                json.Number((ulong)Now);
                break;
            case RrdPart.Last:
                json.Number((long)Last);
                break;
            case RrdPart.Previous:
                json.Number((long)Previous);
                break;
            default:
                WriteVector(part == RrdPart.Minute ? Minute : part == RrdPart.Hour ? Hour : Day, part == RrdPart.Minute, json);
                break;
        }
    }

    private static void WriteVector(ReadOnlySpan<double> vector, bool whole, JsonOut json)
    {
        ReadOnlySpan<byte> manyZeros = whole ? WholeZeros : Zeros;
        int zeroLength = manyZeros.Length / Rrd.Slots;
        // On one line in every format. The first comma becomes the bracket.
        int start = json.Open((byte)'[', default);
        // As bits, so that the search for a value is vectorised; there is no negative zero in a history.
        ReadOnlySpan<long> bits = MemoryMarshal.Cast<double, long>(vector);
        while (!bits.IsEmpty)
        {
            int zeros = bits.IndexOfAnyExcept(0L);
            if (zeros < 0)
            {
                zeros = bits.Length;
            }
            json.Raw(manyZeros[..(zeroLength * zeros)]);
            bits = bits[zeros..];
            if (!bits.IsEmpty)
            {
                json.Raw((byte)',');
                double value = BitConverter.Int64BitsToDouble(bits[0]);
                if (whole)
                {
                    json.Number((long)value);
                }
                else
                {
                    json.Number(value);
                }
                bits = bits[1..];
            }
        }
        json.Close(start, (byte)'[', (byte)']', default);
    }
}
