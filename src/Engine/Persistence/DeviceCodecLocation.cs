using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Persistence;

internal static class DeviceCodecLocation
{
    // Newest points and those of peaks are shared between a device's parts and never changed: the second one refers to the first.
    private const byte New = 0;
    private const byte Repeated = 1;
    private const int SourceBytes = 16;

    [Flags]
    private enum Fields : byte
    {
        Altitude = 1,
        Seconds = 2,
        Microseconds = 4,
        Speed = 8,
        Heading = 16,
        MagneticHeading = 32,
        Source = 64,
    }

    [Flags]
    private enum Parts : byte
    {
        Min = 1,
        Max = 2,
        Average = 4,
        Last = 8,
    }

    public static void WriteIf(Location? location, DeviceCodecWriter writer)
    {
        if (location is null)
        {
            return;
        }
        int start = writer.Begin();
        writer.Byte((byte)((location.Min is null ? 0 : Parts.Min)
            | (location.Max is null ? 0 : Parts.Max)
            | (location.Average is null ? 0 : Parts.Average)
            | (location.Last is null ? 0 : Parts.Last)));
        writer.Byte(location.Fix);
        (double x, double y, double z, double altitude, uint samples, uint altitudeSamples, uint lastAveraged) = location.Sums;
        writer.Double(x);
        writer.Double(y);
        writer.Double(z);
        writer.Double(altitude);
        writer.UInt(samples);
        writer.UInt(altitudeSamples);
        writer.Time(lastAveraged);
        WriteIf(location.Min, writer);
        WriteIf(location.Max, writer);
        WriteIf(location.Average, writer);
        if (location.Last is not null)
        {
            WriteShared(location.Last, writer);
        }
        writer.End(start);
    }

    public static Location Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Parts parts = (Parts)reader.Byte();
        byte fix = reader.Byte();
        LocationSums sums = new(
            reader.Double(), reader.Double(), reader.Double(), reader.Double(), reader.UInt32(), reader.UInt32(), reader.Time());
        GeoPoint? min = (parts & Parts.Min) == 0 ? null : ReadPoint(ref reader);
        GeoPoint? max = (parts & Parts.Max) == 0 ? null : ReadPoint(ref reader);
        GeoPoint? average = (parts & Parts.Average) == 0 ? null : ReadPoint(ref reader);
        GeoPoint? last = (parts & Parts.Last) == 0 ? null : ReadShared(ref reader);
        return new(sums, fix, min, max, average, last);
    }

    public static void WriteIf(Track? track, DeviceCodecWriter writer)
    {
        if (track is null)
        {
            return;
        }
        int start = writer.Begin();
        writer.UInt(track.Interval);
        writer.UInt((uint)track.Kept.Length);
        foreach (ref readonly TrackPoint point in track.Kept)
        {
            WriteShared(point.At, writer);
            writer.Int(point.Signal);
            writer.UInt(point.FrequencyKhz);
        }
        writer.End(start);
    }

    public static Track ReadTrack(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        uint interval = reader.UInt32();
        int count = reader.Count();
        if (interval == 0 || count > Track.MaxPoints)
        {
            throw DeviceCodecReader.Spoiled($"a track of {count} points every {interval} s");
        }
        TrackPoint[] points = new TrackPoint[count];
        for (int i = 0; i < count; i++)
        {
            points[i] = new(ReadShared(ref reader), reader.Int16(), reader.UInt32());
        }
        return new(points, interval);
    }

    /// <summary>Writes a point that nobody changes any more.</summary>
    public static void WriteShared(GeoPoint point, DeviceCodecWriter writer)
    {
        if (ReferenceEquals(point, writer.LastPoint))
        {
            writer.Byte(Repeated);
            return;
        }
        writer.LastPoint = point;
        writer.Byte(New);
        WriteIf(point, writer);
    }

    public static GeoPoint ReadShared(ref DeviceCodecReader reader) => reader.Byte() switch
    {
        New => reader.Scratch.LastPoint = ReadPoint(ref reader),
        Repeated => reader.Scratch.LastPoint ?? throw DeviceCodecReader.Spoiled("a point repeats none"),
        _ => throw DeviceCodecReader.Spoiled("a point is neither new nor repeated"),
    };

    public static void WriteIf(GeoPoint? point, DeviceCodecWriter writer)
    {
        if (point is null)
        {
            return;
        }
        int start = writer.Begin();
        Fields fields = (IsSet(point.Altitude) ? Fields.Altitude : 0)
            | (point.Seconds != 0 ? Fields.Seconds : 0)
            | (point.Microseconds != 0 ? Fields.Microseconds : 0)
            | (IsSet(point.Speed) ? Fields.Speed : 0)
            | (IsSet(point.Heading) ? Fields.Heading : 0)
            | (IsSet(point.MagneticHeading) ? Fields.MagneticHeading : 0)
            | (point.Source != Guid.Empty ? Fields.Source : 0);
        writer.Byte((byte)fields);
        writer.Byte(point.Fix);
        writer.Double(point.Latitude);
        writer.Double(point.Longitude);
        if ((fields & Fields.Altitude) != 0)
        {
            writer.Single(point.Altitude);
        }
        if ((fields & Fields.Seconds) != 0)
        {
            writer.Time(point.Seconds);
        }
        if ((fields & Fields.Microseconds) != 0)
        {
            writer.UInt(point.Microseconds);
        }
        if ((fields & Fields.Speed) != 0)
        {
            writer.Single(point.Speed);
        }
        if ((fields & Fields.Heading) != 0)
        {
            writer.Single(point.Heading);
        }
        if ((fields & Fields.MagneticHeading) != 0)
        {
            writer.Single(point.MagneticHeading);
        }
        if ((fields & Fields.Source) != 0)
        {
            Span<byte> source = stackalloc byte[SourceBytes];
            _ = point.Source.TryWriteBytes(source);
            writer.Blob(source);
        }
        writer.End(start);
    }

    public static GeoPoint ReadPoint(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Fields fields = (Fields)reader.Byte();
        return new()
        {
            Fix = reader.Byte(),
            Latitude = reader.Double(),
            Longitude = reader.Double(),
            Altitude = (fields & Fields.Altitude) == 0 ? 0 : reader.Single(),
            Seconds = (fields & Fields.Seconds) == 0 ? 0 : reader.Time(),
            Microseconds = (fields & Fields.Microseconds) == 0 ? 0 : reader.UInt32(),
            Speed = (fields & Fields.Speed) == 0 ? 0 : reader.Single(),
            Heading = (fields & Fields.Heading) == 0 ? 0 : reader.Single(),
            MagneticHeading = (fields & Fields.MagneticHeading) == 0 ? 0 : reader.Single(),
            Source = (fields & Fields.Source) == 0 ? default : ReadSource(ref reader),
        };
    }

    private static Guid ReadSource(ref DeviceCodecReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.Blob();
        return bytes.Length == SourceBytes ? new(bytes) : throw DeviceCodecReader.Spoiled($"a UUID of {bytes.Length} bytes");
    }

    // Negative zero is not zero: rows give back what was there to the bit.
    private static bool IsSet(float value) => BitConverter.SingleToUInt32Bits(value) != 0;
}
