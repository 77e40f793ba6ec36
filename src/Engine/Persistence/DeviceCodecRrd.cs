using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Persistence;

/// <summary>Histories. A value that is a whole number, or the mean of sixty, takes an byte or two instead of eight.</summary>
internal static class DeviceCodecRrd
{
    // Up to here a double holds every whole number, and its sixtieth comes out of the same division again.
    private const long MaxWhole = 1L << 52;

    [Flags]
    private enum Parts : byte
    {
        Peak = 1,
        MinuteOnly = 2,
        Previous = 4,
        Seconds = 8,
        Minutes = 16,
        Hours = 32,
    }

    private enum Shape : byte
    {
        Whole,
        Sixtieth,
        Any,
    }

    public static void WriteIf(Rrd? rrd, DeviceCodecWriter writer)
    {
        if (rrd is null)
        {
            return;
        }
        int start = writer.Begin();
        Parts parts = (rrd.Aggregate == RrdAggregate.Peak ? Parts.Peak : 0)
            | (rrd.MinuteOnly ? Parts.MinuteOnly : 0)
            | (BitConverter.DoubleToUInt64Bits(rrd.Previous) != 0 ? Parts.Previous : 0)
            | (rrd.Seconds.IsEmpty ? 0 : Parts.Seconds)
            | (rrd.Minutes.IsEmpty ? 0 : Parts.Minutes)
            | (rrd.Hours.IsEmpty ? 0 : Parts.Hours);
        writer.Byte((byte)parts);
        writer.Int((int)(writer.BaseClock - rrd.LastTime));
        WriteValue(rrd.LastValue, writer);
        if ((parts & Parts.Previous) != 0)
        {
            WriteValue(rrd.Previous, writer);
        }
        WriteSamples(rrd.Seconds, rrd.LastTime, writer);
        WriteSamples(rrd.Minutes, rrd.LastTime / Rrd.Slots, writer);
        WriteSamples(rrd.Hours, rrd.LastTime / Rrd.Slots / Rrd.Slots, writer);
        writer.End(start);
    }

    public static Rrd Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Parts parts = (Parts)reader.Byte();
        uint lastTime = reader.Scratch.BaseClock - (uint)reader.Int32();
        double lastValue = ReadValue(ref reader);
        double previous = (parts & Parts.Previous) == 0 ? 0 : ReadValue(ref reader);
        Rrd.Sample[] seconds = (parts & Parts.Seconds) == 0 ? [] : ReadSamples(ref reader, lastTime, Rrd.Slots);
        Rrd.Sample[] minutes = (parts & Parts.Minutes) == 0 ? [] : ReadSamples(ref reader, lastTime / Rrd.Slots, Rrd.Slots);
        Rrd.Sample[] hours = (parts & Parts.Hours) == 0 ? [] : ReadSamples(ref reader, lastTime / Rrd.Slots / Rrd.Slots, Rrd.DaySlots);
        return new Rrd((parts & Parts.Peak) != 0 ? RrdAggregate.Peak : RrdAggregate.Sum, (parts & Parts.MinuteOnly) != 0)
            .Restore(lastTime, lastValue, previous, seconds, minutes, hours);
    }

    // Slots are written as distances: the first one's to the newest, then each one's to the one before.
    private static void WriteSamples(ReadOnlySpan<Rrd.Sample> samples, uint newest, DeviceCodecWriter writer)
    {
        if (samples.IsEmpty)
        {
            return;
        }
        writer.UInt((uint)samples.Length);
        uint before = newest;
        bool first = true;
        foreach (Rrd.Sample sample in samples)
        {
            writer.UInt(first ? before - sample.Slot : sample.Slot - before);
            WriteValue(sample.Value, writer);
            before = sample.Slot;
            first = false;
        }
    }

    private static Rrd.Sample[] ReadSamples(ref DeviceCodecReader reader, uint newest, int slots)
    {
        int count = reader.Count(2);
        if (count >= slots + 1)
        {
            throw DeviceCodecReader.Spoiled($"{count} samples in a history of {slots}");
        }
        Rrd.Sample[] samples = new Rrd.Sample[count];
        uint slot = newest;
        for (int i = 0; i < count; i++)
        {
            slot = i == 0 ? slot - reader.UInt32() : slot + reader.UInt32();
            samples[i] = new(slot, ReadValue(ref reader));
        }
        return samples;
    }

    private static void WriteValue(double value, DeviceCodecWriter writer)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        if (Math.Abs(value) < MaxWhole)
        {
            long whole = (long)value;
            if (BitConverter.DoubleToUInt64Bits(whole) == bits)
            {
                WriteWhole(whole, Shape.Whole, writer);
                return;
            }
            long sixty = (long)Math.Round(value * Rrd.Slots);
            if (Math.Abs(sixty) < MaxWhole && BitConverter.DoubleToUInt64Bits(sixty / (double)Rrd.Slots) == bits)
            {
                WriteWhole(sixty, Shape.Sixtieth, writer);
                return;
            }
        }
        writer.Byte((byte)Shape.Any);
        writer.Fixed64(bits);
    }

    private static void WriteWhole(long number, Shape shape, DeviceCodecWriter writer) =>
        writer.UInt(((ulong)((number << 1) ^ (number >> 63)) << 2) | (byte)shape);

    private static double ReadValue(ref DeviceCodecReader reader)
    {
        ulong value = reader.UInt64();
        ulong zigzag = value >> 2;
        long number = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
        return (Shape)(value & 3) switch
        {
            Shape.Whole => number,
            Shape.Sixtieth => number / (double)Rrd.Slots,
            Shape.Any => reader.Double(),
            _ => throw DeviceCodecReader.Spoiled("a sample has no known shape"),
        };
    }
}
