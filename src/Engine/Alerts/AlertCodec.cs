using System.Text;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Alerts;

/// <summary>
/// Alerts as bytes, for the store and for other processes. Every record stands behind its own length, so that neighbouring versions understand each other.
/// To add a field: append it to the end of its record, and read it only if <see cref="Reader.HasMore"/>; the version stays.
/// </summary>
public static class AlertCodec
{
    // An appended field does not need another. A reader takes the version after its own too, so one that grows it must still have only appended, and
    // what cannot be said that way is read a release before it is written.
    private const byte Version = 2;

    // Records had no lengths.
    private const byte BareVersion = 1;

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
    /// <exception cref="InvalidDataException">The bytes are not of this version.</exception>
    public static RaisedAlert[] ReadRaised(byte[] bytes) => Read(bytes, static reader => List(reader, Raised));

    public static byte[] Write(IReadOnlyList<AlertRecord> alerts) => Write(writer => List(writer, alerts, Record));

    /// <summary>Reads alerts.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this version.</exception>
    public static AlertRecord[] ReadRecords(byte[] bytes) => Read(bytes, static reader => List(reader, Record));

    public static byte[] Write(IReadOnlyList<IncidentRecord> incidents) => Write(writer => List(writer, incidents, Incident));

    /// <summary>Reads incidents.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this version.</exception>
    public static IncidentRecord[] ReadIncidents(byte[] bytes) => Read(bytes, static reader => List(reader, Incident));

    /// <summary>Writes kinds with their counts.</summary>
    public static byte[] Write(IReadOnlyList<AlertDefinitionRecord> kinds) => Write(writer => List(writer, kinds, static (w, kind) =>
    {
        Part(w, kind.Definition, Definition);
        w.Write(kind.TotalSent);
        w.Write(kind.BurstSent);
        w.Write(kind.LastMicroseconds);
    }));

    /// <summary>Reads kinds with their counts.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this version.</exception>
    public static AlertDefinitionRecord[] ReadKinds(byte[] bytes) => Read(bytes, static reader => List(
        reader, static r => new AlertDefinitionRecord(r.Part(Definition), r.ReadUInt64(), r.ReadUInt64(), r.ReadInt64())));

    public static byte[] Write(AlertDefinition definition) => Write(writer => Part(writer, definition, Definition));

    /// <summary>Reads a kind.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this version.</exception>
    public static AlertDefinition ReadDefinition(byte[] bytes) => Read(bytes, static reader => reader.Part(Definition));

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
    /// <exception cref="InvalidDataException">The bytes are not of this version.</exception>
    public static AlertState ReadState(byte[] bytes) => Read(bytes, static reader => new AlertState(
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

    private static AlertDefinition Definition(Reader reader) => new(
        reader.ReadString(), reader.ReadString(), reader.ReadByte(), reader.ReadInt32(), new(reader.ReadUInt32(), (RateUnit)reader.ReadByte()),
        new(reader.ReadUInt32(), (RateUnit)reader.ReadByte()), reader.ReadString())
    {
        IsUnlimited = reader.ReadBoolean(),
    };

    private static void Record(BinaryWriter writer, AlertRecord record)
    {
        Part(writer, record.Alert, Raised);
        writer.Write(record.Class);
        writer.Write(record.Severity);
        writer.Write(record.PhyId);
        writer.Write(record.Microseconds);
    }

    private static AlertRecord Record(Reader reader) =>
        new(reader.Part(Raised), reader.ReadString(), reader.ReadByte(), reader.ReadInt32(), reader.ReadInt64());

    private static void Incident(BinaryWriter writer, IncidentRecord incident)
    {
        writer.Write(incident.Id);
        writer.Write(incident.Header);
        writer.Write(incident.Transmitter.Value);
        writer.Write(incident.Network.Value);
        writer.Write(incident.Class);
        writer.Write(incident.Severity);
        writer.Write(incident.First);
        writer.Write(incident.Last);
        writer.Write(incident.Count);
        writer.Write(incident.HeldBack);
        writer.Write(incident.Text);
        writer.Write(incident.Device is not null);
        writer.Write(incident.Device?.Value ?? 0);
        writer.Write(incident.Channel);
        writer.Write((byte)incident.State);
        writer.Write(incident.MutedUntil);
        writer.Write(incident.Owner);
        List(writer, incident.Changes, static (w, change) =>
        {
            w.Write(change.Microseconds);
            w.Write(change.Who);
            w.Write(change.What);
            w.Write(change.Value);
        });
    }

    private static IncidentRecord Incident(Reader reader)
    {
        IncidentRecord incident = new(reader.ReadInt64(), reader.ReadString(), new(reader.ReadUInt64()), new(reader.ReadUInt64()))
        {
            Class = reader.ReadString(),
            Severity = reader.ReadByte(),
            First = reader.ReadInt64(),
            Last = reader.ReadInt64(),
            Count = reader.ReadInt64(),
            HeldBack = reader.ReadInt64(),
            Text = reader.ReadString(),
        };
        bool hasDevice = reader.ReadBoolean();
        ulong device = reader.ReadUInt64();
        return incident with
        {
            Device = hasDevice ? new DeviceId(device) : null,
            Channel = reader.ReadString(),
            State = (IncidentState)reader.ReadByte(),
            MutedUntil = reader.ReadInt64(),
            Owner = reader.ReadString(),
            Changes = List(reader, static r => new IncidentChange(r.ReadInt64(), r.ReadString(), r.ReadString(), r.ReadString())),
        };
    }

    private static void Raised(BinaryWriter writer, RaisedAlert alert)
    {
        writer.Write((byte)((alert.Once is null ? 0 : Parts.Once) | (alert.Device is null ? 0 : Parts.Device) | (alert.Location is null ? 0 : Parts.Location)));
        writer.Write(alert.Header);
        writer.Write(alert.Text);
        if (alert.Once is { } once)
        {
            Part(writer, once, static (w, once) =>
            {
                w.Write(once.Class);
                w.Write(once.Severity);
            });
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
            Part(writer, place, static (w, place) =>
            {
                w.Write(place.Latitude);
                w.Write(place.Longitude);
                w.Write(place.Altitude);
                w.Write(place.Fix);
                w.Write(place.Seconds);
                w.Write(place.Microseconds);
            });
        }
    }

    private static RaisedAlert Raised(Reader reader)
    {
        Parts parts = (Parts)reader.ReadByte();
        return new(reader.ReadString(), reader.ReadString())
        {
            Once = (parts & Parts.Once) == 0 ? null : reader.Part(static r => new OneShot(r.ReadString(), r.ReadByte())),
            Device = (parts & Parts.Device) == 0 ? null : new DeviceId(reader.ReadUInt64()),
            Bssid = new(reader.ReadUInt64()),
            Source = new(reader.ReadUInt64()),
            Destination = new(reader.ReadUInt64()),
            Other = new(reader.ReadUInt64()),
            Channel = reader.ReadString(),
            Location = (parts & Parts.Location) == 0 ? null : reader.Part(static r => new GeoPoint
            {
                Latitude = r.ReadDouble(),
                Longitude = r.ReadDouble(),
                Altitude = r.ReadSingle(),
                Fix = r.ReadByte(),
                Seconds = r.ReadUInt32(),
                Microseconds = r.ReadUInt32(),
            }),
        };
    }

    private static byte[] Write(Action<BinaryWriter> body)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(Version);
        body(writer);
        writer.Flush();
        return bytes.ToArray();
    }

    private static T Read<T>(byte[] bytes, Func<Reader, T> body)
    {
        using Reader reader = new(bytes);
        try
        {
            byte version = reader.ReadByte();
            reader.IsBare = version == BareVersion;
            return version is BareVersion or Version or Version + 1
                ? body(reader)
                : throw new InvalidDataException("Alerts were written by another version of this program.");
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
            Part(writer, item, write);
        }
    }

    private static void Part<T>(BinaryWriter writer, T item, Action<BinaryWriter, T> write)
    {
        Stream bytes = writer.BaseStream;
        writer.Write(0);
        long start = bytes.Position;
        write(writer, item);
        long end = bytes.Position;
        bytes.Position = start - sizeof(int);
        writer.Write((int)(end - start));
        bytes.Position = end;
    }

    private static T[] List<T>(Reader reader, Func<Reader, T> read)
    {
        int count = reader.ReadInt32();
        // The shortest item has several bytes.
        if (count < 0 || count > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new InvalidDataException("Alerts cannot be read: a list is longer than its bytes.");
        }
        T[] items = new T[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = reader.Part(read);
        }
        return items;
    }

    private sealed class Reader(byte[] bytes) : BinaryReader(new MemoryStream(bytes), Encoding.UTF8)
    {
        private long _end = bytes.Length;

        /// <summary>Whether records have no lengths.</summary>
        public bool IsBare { get; set; }

        /// <summary>Whether there is more in this record: one that an earlier version wrote ends before the fields that came later.</summary>
        public bool HasMore => !IsBare && BaseStream.Position < _end;

        /// <summary>Reads a record, and leaves out what a later version has appended to it.</summary>
        public T Part<T>(Func<Reader, T> read)
        {
            if (IsBare)
            {
                return read(this);
            }
            int length = ReadInt32();
            long outer = _end;
            _end = BaseStream.Position + length;
            if (length < 0 || _end > outer)
            {
                throw new EndOfStreamException();
            }
            T item = read(this);
            if (BaseStream.Position > _end)
            {
                throw new EndOfStreamException();
            }
            (BaseStream.Position, _end) = (_end, outer);
            return item;
        }
    }
}
