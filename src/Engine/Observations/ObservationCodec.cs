using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Observations;

/// <summary>
/// A batch as bytes, for other processes. Little-endian: a header, the positions, the observations (<see cref="ObservationLayout"/>), their bytes. The
/// header says how long it is itself and how long each position and each observation is, so that processes of neighbouring versions understand each
/// other: fields are only ever appended; a reader takes what it knows of a longer record, and defaults for what a shorter one has not.
/// </summary>
public static class ObservationCodec
{
    // What memory held once; every later version is one of FormatVersion.
    private const byte RawVersion = 1;

    // Below the version in the first two bytes: bytes of an observation.
    private const int VersionShift = 10;
    private const int BytesMask = (1 << VersionShift) - 1;
    private const int HeaderBytes = 64;
    private const int LocationBytes = 56;

    // Positions had no source once.
    private const int LeastLocationBytes = 36;

    /// <summary>Bytes of one observation, as this version writes it.</summary>
    internal static int ObservationBytes => ObservationLayout.Bytes;

    public static void Write(ObservationBatch batch, IBufferWriter<byte> to)
    {
        int version = FormatVersion.Written;
        ReadOnlySpan<Observation> items = batch.Items;
        ReadOnlySpan<byte> bytes = batch.AllBytes;
        int length = HeaderBytes + (batch.Locations.Count * LocationBytes) + (items.Length * ObservationBytes) + bytes.Length;
        Span<byte> all = to.GetSpan(length)[..length];
        BinaryPrimitives.WriteUInt16LittleEndian(all, (ushort)((version << VersionShift) | ObservationBytes));
        BinaryPrimitives.WriteUInt16LittleEndian(all[2..], batch.SourceNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(all[4..], batch.Clock);
        BinaryPrimitives.WriteInt32LittleEndian(all[8..], batch.Count);
        BinaryPrimitives.WriteInt32LittleEndian(all[12..], batch.Locations.Count);
        BinaryPrimitives.WriteInt32LittleEndian(all[16..], bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(all[20..], LocationBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(all[24..], batch.Mark.Feed);
        BinaryPrimitives.WriteUInt64LittleEndian(all[32..], batch.Mark.BootId);
        BinaryPrimitives.WriteUInt64LittleEndian(all[40..], batch.Mark.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(all[48..], batch.Mark.Previous);
        BinaryPrimitives.WriteUInt64LittleEndian(all[56..], HeaderBytes);
        Span<byte> rest = all[HeaderBytes..];
        foreach (GeoPoint point in batch.Locations)
        {
            WriteLocation(point, rest);
            rest = rest[LocationBytes..];
        }
        ObservationLayout.Write(items, rest);
        bytes.CopyTo(rest[(items.Length * ObservationBytes)..]);
        to.Advance(length);
    }

    /// <summary>Reads a batch into one that is reused.</summary>
    /// <exception cref="InvalidDataException">The bytes are no batch, or of a version that cannot be read.</exception>
    public static void Read(ReadOnlySpan<byte> all, ObservationBatch batch)
    {
        if (all.Length < HeaderBytes)
        {
            throw WrongLength();
        }
        Header header = ReadHeader(all);
        long needed = header.Bytes + ((long)header.Locations * header.LocationBytes) + ((long)header.Count * header.ObservationBytes) + header.FrameBytes;
        // What a later version may append stands behind.
        if (needed > all.Length || (header.Version == RawVersion && needed != all.Length))
        {
            throw WrongLength();
        }
        batch.Reset(BinaryPrimitives.ReadUInt16LittleEndian(all[2..]), BinaryPrimitives.ReadUInt32LittleEndian(all[4..]));
        batch.Mark = new(
            BinaryPrimitives.ReadUInt64LittleEndian(all[24..]), BinaryPrimitives.ReadUInt64LittleEndian(all[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(all[40..]), BinaryPrimitives.ReadUInt64LittleEndian(all[48..]));
        ReadOnlySpan<byte> rest = all[header.Bytes..];
        for (int i = 0; i < header.Locations; i++)
        {
            batch.Locations.Add(ReadLocation(rest[..header.LocationBytes]));
            rest = rest[header.LocationBytes..];
        }
        ReadOnlySpan<byte> items = rest[..(header.Count * header.ObservationBytes)];
        Span<Observation> room = batch.Room(header.Count);
        if (header.Version == RawVersion)
        {
            MemoryMarshal.Cast<byte, Observation>(items).CopyTo(room);
        }
        else
        {
            ObservationLayout.Read(items, header.ObservationBytes, room);
        }
        batch.Fill(header.Count, rest.Slice(items.Length, header.FrameBytes));
    }

    private static Header ReadHeader(ReadOnlySpan<byte> all)
    {
        ushort first = BinaryPrimitives.ReadUInt16LittleEndian(all);
        int locationBytes = BinaryPrimitives.ReadInt32LittleEndian(all[20..]);
        Header header = new(
            first >> VersionShift, first & BytesMask, BinaryPrimitives.ReadInt32LittleEndian(all[8..]), BinaryPrimitives.ReadInt32LittleEndian(all[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(all[16..]), locationBytes == 0 ? LeastLocationBytes : locationBytes, HeaderBytes);
        bool isKnown = header.Version is >= FormatVersion.Oldest and <= FormatVersion.Newest;
        if (isKnown)
        {
            header = header with { Bytes = BinaryPrimitives.ReadUInt16LittleEndian(all[56..]) };
        }
        // Memory of another layout cannot be told from garbage, so its size must be that of the release that wrote it and of this one.
        isKnown = isKnown ? header.ObservationBytes >= ObservationLayout.LeastBytes && header.Bytes >= HeaderBytes
            : header.Version == RawVersion && header.ObservationBytes == ObservationLayout.RawBytes && Unsafe.SizeOf<Observation>() == ObservationLayout.RawBytes;
        if (!isKnown || header.LocationBytes < LeastLocationBytes)
        {
            throw new InvalidDataException("A batch of observations was written by another version of this program.");
        }
        return header is { Count: >= 0, Locations: >= 0, FrameBytes: >= 0 } ? header : throw WrongLength();
    }

    private static InvalidDataException WrongLength() => new("A batch of observations has a wrong length.");

    private static void WriteLocation(GeoPoint point, Span<byte> to)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(to, point.Latitude);
        BinaryPrimitives.WriteDoubleLittleEndian(to[8..], point.Longitude);
        BinaryPrimitives.WriteSingleLittleEndian(to[16..], point.Altitude);
        BinaryPrimitives.WriteUInt32LittleEndian(to[20..], point.Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], ((int)point.Microseconds << 3) | point.Fix);
        BinaryPrimitives.WriteSingleLittleEndian(to[28..], point.Speed);
        BinaryPrimitives.WriteSingleLittleEndian(to[32..], point.Heading);
        BinaryPrimitives.WriteSingleLittleEndian(to[36..], point.MagneticHeading);
        _ = point.Source.TryWriteBytes(to[40..]);
    }

    private static GeoPoint ReadLocation(ReadOnlySpan<byte> from)
    {
        int both = BinaryPrimitives.ReadInt32LittleEndian(from[24..]);
        return new()
        {
            Latitude = BinaryPrimitives.ReadDoubleLittleEndian(from),
            Longitude = BinaryPrimitives.ReadDoubleLittleEndian(from[8..]),
            Altitude = BinaryPrimitives.ReadSingleLittleEndian(from[16..]),
            Seconds = BinaryPrimitives.ReadUInt32LittleEndian(from[20..]),
            Microseconds = (uint)(both >> 3),
            Fix = (byte)(both & 7),
            Speed = BinaryPrimitives.ReadSingleLittleEndian(from[28..]),
            Heading = BinaryPrimitives.ReadSingleLittleEndian(from[32..]),
            MagneticHeading = from.Length >= 40 ? BinaryPrimitives.ReadSingleLittleEndian(from[36..]) : 0,
            Source = from.Length >= 56 ? new(from[40..56]) : default,
        };
    }

    private readonly record struct Header(int Version, int ObservationBytes, int Count, int Locations, int FrameBytes, int LocationBytes, int Bytes);
}
