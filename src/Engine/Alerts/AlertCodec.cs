using System.Text;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Alerts;

/// <summary>Alerts as octets, for the store and for other processes.</summary>
public static class AlertCodec
{
    // Grows when what follows changes; a reader takes its own version and refuses others.
    private const byte Version = 1;

    [Flags]
    private enum Parts : byte
    {
        Once = 1,
        Device = 2,
        Location = 4,
    }

    /// <summary>Writes what was noticed.</summary>
    public static byte[] Write(IReadOnlyList<RaisedAlert> alerts) => Write(writer => List(writer, alerts, Raised));

    /// <summary>Reads what was noticed.</summary>
    /// <exception cref="InvalidDataException">The octets are not of this version.</exception>
    public static RaisedAlert[] ReadRaised(byte[] octets) => Read(octets, static reader => List(reader, Raised));

    /// <summary>Writes alerts.</summary>
    public static byte[] Write(IReadOnlyList<AlertRecord> alerts) => Write(writer => List(writer, alerts, Record));

    /// <summary>Reads alerts.</summary>
    /// <exception cref="InvalidDataException">The octets are not of this version.</exception>
    public static AlertRecord[] ReadRecords(byte[] octets) => Read(octets, static reader => List(reader, Record));

    /// <summary>Writes kinds with their counts.</summary>
    public static byte[] Write(IReadOnlyList<AlertDefinitionRecord> kinds) => Write(writer => List(writer, kinds, static (w, kind) =>
    {
        Definition(w, kind.Definition);
        w.Write(kind.TotalSent);
        w.Write(kind.BurstSent);
        w.Write(kind.LastMicroseconds);
    }));

    /// <summary>Reads kinds with their counts.</summary>
    /// <exception cref="InvalidDataException">The octets are not of this version.</exception>
    public static AlertDefinitionRecord[] ReadKinds(byte[] octets) => Read(octets, static reader => List(
        reader, static r => new AlertDefinitionRecord(Definition(r), r.ReadUInt64(), r.ReadUInt64(), r.ReadInt64())));

    /// <summary>Writes a kind.</summary>
    public static byte[] Write(AlertDefinition definition) => Write(writer => Definition(writer, definition));

    /// <summary>Reads a kind.</summary>
    /// <exception cref="InvalidDataException">The octets are not of this version.</exception>
    public static AlertDefinition ReadDefinition(byte[] octets) => Read(octets, Definition);

    /// <summary>Writes the state.</summary>
    public static byte[] Write(AlertState state) => Write(writer =>
    {
        List(writer, state.Defined, Definition);
        List(writer, state.Counts, static (w, count) =>
        {
            w.Write(count.Header);
            w.Write(count.Total);
            w.Write(count.Burst);
            w.Write(count.LastMicroseconds);
        });
        List(writer, state.Backlog, Record);
    });

    /// <summary>Reads the state.</summary>
    /// <exception cref="InvalidDataException">The octets are not of this version.</exception>
    public static AlertState ReadState(byte[] octets) => Read(octets, static reader => new AlertState(
        List(reader, Definition),
        List(reader, static r => new AlertCount(r.ReadString(), r.ReadUInt32(), r.ReadUInt32(), r.ReadInt64())),
        List(reader, Record)));

    private static void Definition(BinaryWriter writer, AlertDefinition definition)
    {
        writer.Write(definition.Header);
        writer.Write(definition.Class);
        writer.Write(definition.Severity);
        writer.Write(definition.PhyId);
        writer.Write(definition.Limit.Count);
        writer.Write((byte)definition.Limit.Unit);
        writer.Write(definition.Burst.Count);
        writer.Write((byte)definition.Burst.Unit);
        writer.Write(definition.Description);
        writer.Write(definition.IsUnlimited);
    }

    private static AlertDefinition Definition(BinaryReader reader) => new(
        reader.ReadString(), reader.ReadString(), reader.ReadByte(), reader.ReadInt32(), new(reader.ReadUInt32(), (RateUnit)reader.ReadByte()),
        new(reader.ReadUInt32(), (RateUnit)reader.ReadByte()), reader.ReadString())
    {
        IsUnlimited = reader.ReadBoolean(),
    };

    private static void Record(BinaryWriter writer, AlertRecord record)
    {
        Raised(writer, record.Alert);
        writer.Write(record.Class);
        writer.Write(record.Severity);
        writer.Write(record.PhyId);
        writer.Write(record.Microseconds);
    }

    private static AlertRecord Record(BinaryReader reader) =>
        new(Raised(reader), reader.ReadString(), reader.ReadByte(), reader.ReadInt32(), reader.ReadInt64());

    private static void Raised(BinaryWriter writer, RaisedAlert alert)
    {
        writer.Write((byte)((alert.Once is null ? 0 : Parts.Once) | (alert.Device is null ? 0 : Parts.Device) | (alert.Location is null ? 0 : Parts.Location)));
        writer.Write(alert.Header);
        writer.Write(alert.Text);
        if (alert.Once is { } once)
        {
            writer.Write(once.Class);
            writer.Write(once.Severity);
        }
        if (alert.Device is { } device)
        {
            writer.Write(device.Value);
        }
        writer.Write(alert.Bssid.Value);
        writer.Write(alert.Source.Value);
        writer.Write(alert.Destination.Value);
        writer.Write(alert.Other.Value);
        writer.Write(alert.Channel);
        if (alert.Location is { } place)
        {
            writer.Write(place.Latitude);
            writer.Write(place.Longitude);
            writer.Write(place.Altitude);
            writer.Write(place.Fix);
            writer.Write(place.Seconds);
            writer.Write(place.Microseconds);
        }
    }

    private static RaisedAlert Raised(BinaryReader reader)
    {
        Parts parts = (Parts)reader.ReadByte();
        return new(reader.ReadString(), reader.ReadString())
        {
            Once = (parts & Parts.Once) == 0 ? null : new(reader.ReadString(), reader.ReadByte()),
            Device = (parts & Parts.Device) == 0 ? null : new DeviceId(reader.ReadUInt64()),
            Bssid = new(reader.ReadUInt64()),
            Source = new(reader.ReadUInt64()),
            Destination = new(reader.ReadUInt64()),
            Other = new(reader.ReadUInt64()),
            Channel = reader.ReadString(),
            Location = (parts & Parts.Location) == 0 ? null : new()
            {
                Latitude = reader.ReadDouble(),
                Longitude = reader.ReadDouble(),
                Altitude = reader.ReadSingle(),
                Fix = reader.ReadByte(),
                Seconds = reader.ReadUInt32(),
                Microseconds = reader.ReadUInt32(),
            },
        };
    }

    private static byte[] Write(Action<BinaryWriter> body)
    {
        using MemoryStream octets = new();
        using BinaryWriter writer = new(octets, Encoding.UTF8);
        writer.Write(Version);
        body(writer);
        writer.Flush();
        return octets.ToArray();
    }

    private static T Read<T>(byte[] octets, Func<BinaryReader, T> body)
    {
        using BinaryReader reader = new(new MemoryStream(octets), Encoding.UTF8);
        try
        {
            return reader.ReadByte() == Version ? body(reader) : throw new InvalidDataException("Alerts were written by another version of this program.");
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("Alerts cannot be read: they are cut or spoilt.", e);
        }
    }

    private static void List<T>(BinaryWriter writer, IReadOnlyList<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write(items.Count);
        foreach (T item in items)
        {
            write(writer, item);
        }
    }

    private static T[] List<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        int count = reader.ReadInt32();
        // The shortest item has several octets.
        if (count < 0 || count > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new InvalidDataException("Alerts cannot be read: a list is longer than its octets.");
        }
        T[] items = new T[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = read(reader);
        }
        return items;
    }
}
