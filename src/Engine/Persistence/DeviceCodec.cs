using System.Buffers;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Persistence;

/// <summary>
/// A device as bytes of a stored row, and back, with everything that belongs to it and with what its parts have in common.
/// <para>
/// A row is the version, the device's identity and its fields. Every record in it stands behind its own length. To add a field: append it to
/// the end of its record, and read it only if <see cref="DeviceCodecReader.HasMore"/>. Rows of before then read with the field's default,
/// and a server of before skips the field; one that is appended to the device itself (with a bit in <see cref="Parts"/>, or without) it even saves again as it
/// was, beside its own newer fields. So such a field must not be told by others: neither by <see cref="DeviceCodecWriter.BaseClock"/> nor by
/// <see cref="DeviceCodecWriter.LastPoint"/>. Only what cannot be said that way takes a new <see cref="Version"/>.
/// </para>
/// </summary>
public static class DeviceCodec
{
    /// <summary>First byte of the rows that are written.</summary>
    internal const byte Version = 1;

    [ThreadStatic]
    private static DeviceCodecScratch? t_scratch;

    [ThreadStatic]
    private static DeviceCodecWriter? t_writer;

    [Flags]
    private enum Parts : uint
    {
        Username = 1,
        PacketsRrd = 1 << 1,
        TxRrd = 1 << 2,
        RxRrd = 1 << 3,
        DataRrd = 1 << 4,
        Signal = 1 << 5,
        Location = 1 << 6,
        Tags = 1 << 7,
        Dot11 = 1 << 8,
        Btle = 1 << 9,
        Bluetooth = 1 << 10,
        Uav = 1 << 11,
        Ieee802154 = 1 << 12,
        Track = 1 << 13,
        Sensor = 1 << 14,
        Meter = 1 << 15,
        Adsb = 1 << 16,
        SeenByLeftOut = 1 << 17,
    }

    private const uint KnownParts = ((uint)Parts.SeenByLeftOut << 1) - 1;

    /// <summary>Appends the row of a device. Allocates nothing but what <paramref name="to"/> needs to grow.</summary>
    public static void Write(Device device, IBufferWriter<byte> to)
    {
        DeviceCodecWriter writer = t_writer ??= new();
        writer.Clear();
        Write(device, writer);
        to.Write(writer.Written);
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="DeviceCodecException">It is not one, or of a version that this server does not know.</exception>
    public static Device Read(ReadOnlySpan<byte> row)
    {
        DeviceCodecScratch scratch = t_scratch ??= new();
        scratch.Reset();
        DeviceCodecReader reader = new(row, scratch);
        byte version = reader.Byte();
        if (version != Version)
        {
            throw new DeviceCodecException(version > Version
                ? $"A stored device is of version {version}, which a newer server wrote; this one reads up to {Version}."
                : $"A stored device is spoiled: there is no version {version}.");
        }
        Device device = new(reader.DeviceId())
        {
            FirstTime = reader.Time(),
            ModTime = reader.Time(),
        };
        scratch.BaseTime = device.FirstTime;
        scratch.BaseClock = device.ModTime;
        Parts parts = (Parts)reader.UInt32();
        device.LastTime = reader.Time();
        device.BasicTypeSet = reader.Byte();
        device.BasicCryptSet = reader.Byte();
        device.Alerts = reader.UInt32();
        device.Type = reader.Shared();
        device.Name = reader.Text();
        device.Crypt = reader.Shared();
        device.Manufacturer = reader.Shared();
        device.Channel = reader.Shared();
        device.FrequencyKhz = reader.UInt32();
        device.Packets = reader.UInt64();
        device.RxPackets = reader.UInt64();
        device.TxPackets = reader.UInt64();
        device.LlcPackets = reader.UInt64();
        device.ErrorPackets = reader.UInt64();
        device.DataPackets = reader.UInt64();
        device.DataSize = reader.UInt64();
        device.Frequencies = DeviceCodecSignal.ReadFrequencies(ref reader);
        device.SeenBy = DeviceCodecSignal.ReadSeenBy(ref reader);
        ReadParts(device, parts, ref reader);
        uint unknown = (uint)parts & ~KnownParts;
        device.Unread = unknown == 0 && !reader.HasMore ? null : new(unknown, reader.Rest());
        return device;
    }

    private static void Write(Device device, DeviceCodecWriter writer)
    {
        writer.BaseTime = 0;
        writer.LastPoint = null;
        writer.Byte(Version);
        writer.DeviceId(device.Id);
        writer.Time(device.FirstTime);
        writer.Time(device.ModTime);
        writer.BaseTime = device.FirstTime;
        writer.BaseClock = device.ModTime;
        Parts parts = PartsOf(device);
        writer.UInt((uint)parts | (device.Unread?.Parts ?? 0));
        writer.Time(device.LastTime);
        writer.Byte(device.BasicTypeSet);
        writer.Byte(device.BasicCryptSet);
        writer.UInt(device.Alerts);
        writer.Text(device.Type);
        writer.Text(device.Name);
        writer.Text(device.Crypt);
        writer.Text(device.Manufacturer);
        writer.Text(device.Channel);
        writer.UInt(device.FrequencyKhz);
        writer.UInt(device.Packets);
        writer.UInt(device.RxPackets);
        writer.UInt(device.TxPackets);
        writer.UInt(device.LlcPackets);
        writer.UInt(device.ErrorPackets);
        writer.UInt(device.DataPackets);
        writer.UInt(device.DataSize);
        DeviceCodecSignal.Write(device.Frequencies, writer);
        DeviceCodecSignal.Write(device.SeenBy, writer);
        WriteParts(device, parts, writer);
        if (device.Unread is { } unread)
        {
            writer.Bytes(unread.Bytes);
        }
    }

    private static Parts PartsOf(Device device) =>
        (device.Username is null ? 0 : Parts.Username)
        | (device.PacketsRrd is null ? 0 : Parts.PacketsRrd)
        | (device.TxRrd is null ? 0 : Parts.TxRrd)
        | (device.RxRrd is null ? 0 : Parts.RxRrd)
        | (device.DataRrd is null ? 0 : Parts.DataRrd)
        | (device.Signal is null ? 0 : Parts.Signal)
        | (device.Location is null ? 0 : Parts.Location)
        | (device.Tags is null ? 0 : Parts.Tags)
        | (device.Dot11 is null ? 0 : Parts.Dot11)
        | (device.Btle is null ? 0 : Parts.Btle)
        | (device.Bluetooth is null ? 0 : Parts.Bluetooth)
        | (device.Uav is null ? 0 : Parts.Uav)
        | (device.Ieee802154 is null ? 0 : Parts.Ieee802154)
        | (device.Track is null ? 0 : Parts.Track)
        | (device.Sensor is null ? 0 : Parts.Sensor)
        | (device.Meter is null ? 0 : Parts.Meter)
        | (device.Adsb is null ? 0 : Parts.Adsb)
        | (device.SeenByLeftOut == 0 ? 0 : Parts.SeenByLeftOut);

    private static void WriteParts(Device device, Parts parts, DeviceCodecWriter writer)
    {
        if (device.Username is not null)
        {
            writer.Text(device.Username);
        }
        DeviceCodecRrd.WriteIf(device.PacketsRrd, writer);
        DeviceCodecRrd.WriteIf(device.TxRrd, writer);
        DeviceCodecRrd.WriteIf(device.RxRrd, writer);
        DeviceCodecRrd.WriteIf(device.DataRrd, writer);
        DeviceCodecSignal.WriteIf(device.Signal, writer);
        DeviceCodecLocation.WriteIf(device.Location, writer);
        if (device.Tags is not null)
        {
            writer.UInt((uint)device.Tags.Count);
            foreach ((string name, string note) in device.Tags)
            {
                writer.Text(name);
                writer.Text(note);
            }
        }
        if ((parts & Parts.Dot11) != 0)
        {
            DeviceCodecDot11.Write(device.Dot11!, writer);
        }
        if ((parts & Parts.Btle) != 0)
        {
            DeviceCodecBluetooth.Write(device.Btle!, writer);
        }
        if ((parts & Parts.Bluetooth) != 0)
        {
            DeviceCodecBluetooth.Write(device.Bluetooth!, writer);
        }
        if ((parts & Parts.Uav) != 0)
        {
            DeviceCodecUav.Write(device.Uav!, writer);
        }
        if ((parts & Parts.Ieee802154) != 0)
        {
            DeviceCodecIeee802154.Write(device.Ieee802154!, writer);
        }
        DeviceCodecLocation.WriteIf(device.Track, writer);
        DeviceCodecSensor.WriteIf(device.Sensor, writer);
        DeviceCodecSensor.WriteIf(device.Meter, writer);
        DeviceCodecSensor.WriteIf(device.Adsb, writer);
        if ((parts & Parts.SeenByLeftOut) != 0)
        {
            writer.UInt(device.SeenByLeftOut);
        }
    }

    private static void ReadParts(Device device, Parts parts, ref DeviceCodecReader reader)
    {
        device.Username = (parts & Parts.Username) == 0 ? null : reader.Text();
        device.PacketsRrd = (parts & Parts.PacketsRrd) == 0 ? null : DeviceCodecRrd.Read(ref reader);
        device.TxRrd = (parts & Parts.TxRrd) == 0 ? null : DeviceCodecRrd.Read(ref reader);
        device.RxRrd = (parts & Parts.RxRrd) == 0 ? null : DeviceCodecRrd.Read(ref reader);
        device.DataRrd = (parts & Parts.DataRrd) == 0 ? null : DeviceCodecRrd.Read(ref reader);
        device.Signal = (parts & Parts.Signal) == 0 ? null : DeviceCodecSignal.Read(ref reader);
        device.Location = (parts & Parts.Location) == 0 ? null : DeviceCodecLocation.Read(ref reader);
        if ((parts & Parts.Tags) != 0)
        {
            device.Tags = new(StringComparer.Ordinal);
            for (int left = reader.Count(2); left > 0; left--)
            {
                device.Tags[reader.Shared()] = reader.Text();
            }
        }
        device.Dot11 = (parts & Parts.Dot11) == 0 ? null : DeviceCodecDot11.Read(ref reader);
        device.Btle = (parts & Parts.Btle) == 0 ? null : DeviceCodecBluetooth.ReadBtle(ref reader);
        device.Bluetooth = (parts & Parts.Bluetooth) == 0 ? null : DeviceCodecBluetooth.Read(ref reader);
        device.Uav = (parts & Parts.Uav) == 0 ? null : DeviceCodecUav.Read(ref reader);
        device.Ieee802154 = (parts & Parts.Ieee802154) == 0 ? null : DeviceCodecIeee802154.Read(ref reader);
        device.Track = (parts & Parts.Track) == 0 ? null : DeviceCodecLocation.ReadTrack(ref reader);
        device.Sensor = (parts & Parts.Sensor) == 0 ? null : DeviceCodecSensor.Read(ref reader);
        device.Meter = (parts & Parts.Meter) == 0 ? null : DeviceCodecSensor.ReadMeter(ref reader);
        device.Adsb = (parts & Parts.Adsb) == 0 ? null : DeviceCodecSensor.ReadAircraft(ref reader);
        device.SeenByLeftOut = (parts & Parts.SeenByLeftOut) == 0 ? 0 : reader.UInt32();
    }
}
