using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Observations;

/// <summary>
/// A batch as octets, for the journal and for other processes. Observations are copied as they lie in memory, which costs nothing an
/// observation; so both sides must be of one layout, which the first octets tell.
/// </summary>
public static class ObservationCodec
{
    // Grows when the meaning of what follows changes; a changed struct is told by its size.
    private const byte Version = 1;
    private const int HeaderOctets = 64;
    private const int LocationOctets = 56;

    // Of batches in journals of before positions had a source.
    private const int OldLocationOctets = 36;

    /// <summary>Octets of one observation.</summary>
    public static int ObservationOctets => Unsafe.SizeOf<Observation>();

    /// <summary>Writes a batch.</summary>
    public static void Write(ObservationBatch batch, IBufferWriter<byte> to)
    {
        ReadOnlySpan<byte> items = MemoryMarshal.AsBytes(batch.Items);
        ReadOnlySpan<byte> octets = batch.AllOctets;
        int length = HeaderOctets + (batch.Locations.Count * LocationOctets) + items.Length + octets.Length;
        Span<byte> all = to.GetSpan(length)[..length];
        BinaryPrimitives.WriteUInt16LittleEndian(all, (ushort)((Version << 10) | ObservationOctets));
        BinaryPrimitives.WriteUInt16LittleEndian(all[2..], batch.SourceNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(all[4..], batch.Clock);
        BinaryPrimitives.WriteInt32LittleEndian(all[8..], batch.Count);
        BinaryPrimitives.WriteInt32LittleEndian(all[12..], batch.Locations.Count);
        BinaryPrimitives.WriteInt32LittleEndian(all[16..], octets.Length);
        BinaryPrimitives.WriteInt32LittleEndian(all[20..], LocationOctets);
        BinaryPrimitives.WriteUInt64LittleEndian(all[24..], batch.Mark.Feed);
        BinaryPrimitives.WriteUInt64LittleEndian(all[32..], batch.Mark.BootId);
        BinaryPrimitives.WriteUInt64LittleEndian(all[40..], batch.Mark.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(all[48..], batch.Mark.Previous);
        BinaryPrimitives.WriteUInt64LittleEndian(all[56..], 0);
        Span<byte> rest = all[HeaderOctets..];
        foreach (GeoPoint point in batch.Locations)
        {
            WriteLocation(point, rest);
            rest = rest[LocationOctets..];
        }
        items.CopyTo(rest);
        octets.CopyTo(rest[items.Length..]);
        to.Advance(length);
    }

    /// <summary>Reads a batch into one that is reused.</summary>
    /// <exception cref="InvalidDataException">The octets are no batch of this version's layout.</exception>
    public static void Read(ReadOnlySpan<byte> all, ObservationBatch batch)
    {
        if (all.Length < HeaderOctets || BinaryPrimitives.ReadUInt16LittleEndian(all) != ((Version << 10) | ObservationOctets))
        {
            throw new InvalidDataException("A batch of observations was written by another version of this program.");
        }
        int count = BinaryPrimitives.ReadInt32LittleEndian(all[8..]);
        int locations = BinaryPrimitives.ReadInt32LittleEndian(all[12..]);
        int octets = BinaryPrimitives.ReadInt32LittleEndian(all[16..]);
        int locationOctets = BinaryPrimitives.ReadInt32LittleEndian(all[20..]);
        locationOctets = locationOctets == 0 ? OldLocationOctets : locationOctets;
        if (locationOctets is not (LocationOctets or OldLocationOctets))
        {
            throw new InvalidDataException("A batch of observations was written by another version of this program.");
        }
        if (count < 0 || locations < 0 || octets < 0
            || HeaderOctets + ((long)locations * locationOctets) + ((long)count * ObservationOctets) + octets != all.Length)
        {
            throw new InvalidDataException("A batch of observations has a wrong length.");
        }
        batch.Reset(BinaryPrimitives.ReadUInt16LittleEndian(all[2..]), BinaryPrimitives.ReadUInt32LittleEndian(all[4..]));
        batch.Mark = new(
            BinaryPrimitives.ReadUInt64LittleEndian(all[24..]), BinaryPrimitives.ReadUInt64LittleEndian(all[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(all[40..]), BinaryPrimitives.ReadUInt64LittleEndian(all[48..]));
        ReadOnlySpan<byte> rest = all[HeaderOctets..];
        for (int i = 0; i < locations; i++)
        {
            batch.Locations.Add(ReadLocation(rest[..locationOctets]));
            rest = rest[locationOctets..];
        }
        int items = count * ObservationOctets;
        batch.Fill(MemoryMarshal.Cast<byte, Observation>(rest[..items]), rest[items..]);
    }

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
            MagneticHeading = from.Length > OldLocationOctets ? BinaryPrimitives.ReadSingleLittleEndian(from[36..]) : 0,
            Source = from.Length > OldLocationOctets ? new(from[40..]) : default,
        };
    }
}
