using KismetOrleans.Records.Bluetooth;

namespace KismetOrleans.Engine.Persistence;

internal static class DeviceCodecBluetooth
{
    [Flags]
    private enum Flags : byte
    {
        LimitedDiscoverable = 1,
        GeneralDiscoverable = 2,
        BrEdrUnsupported = 4,
        SimultaneousController = 8,
        SimultaneousHost = 16,
    }

    public static void Write(BtleDevice device, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        writer.Byte((byte)((device.LimitedDiscoverable ? Flags.LimitedDiscoverable : 0)
            | (device.GeneralDiscoverable ? Flags.GeneralDiscoverable : 0)
            | (device.BrEdrUnsupported ? Flags.BrEdrUnsupported : 0)
            | (device.SimultaneousController ? Flags.SimultaneousController : 0)
            | (device.SimultaneousHost ? Flags.SimultaneousHost : 0)));
        writer.End(start);
    }

    public static BtleDevice ReadBtle(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Flags flags = (Flags)reader.Byte();
        return new()
        {
            LimitedDiscoverable = (flags & Flags.LimitedDiscoverable) != 0,
            GeneralDiscoverable = (flags & Flags.GeneralDiscoverable) != 0,
            BrEdrUnsupported = (flags & Flags.BrEdrUnsupported) != 0,
            SimultaneousController = (flags & Flags.SimultaneousController) != 0,
            SimultaneousHost = (flags & Flags.SimultaneousHost) != 0,
        };
    }

    public static void Write(BluetoothDevice device, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        writer.Byte(device.Kind);
        writer.Text(device.MajorClass);
        writer.Text(device.MinorClass);
        Write(device.ServiceUuids, writer);
        Write(device.SolicitationUuids, writer);
        writer.Blob(device.ScanData);
        Write(device.ServiceData, writer);
        writer.Int(device.TxPower);
        writer.Int(device.PathLoss);
        writer.Byte(device.ManufacturerData is null ? (byte)0 : (byte)1);
        if (device.ManufacturerData is not null)
        {
            Write(device.ManufacturerData, writer);
        }
        writer.End(start);
    }

    public static BluetoothDevice Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        BluetoothDevice device = new()
        {
            Kind = reader.Byte(),
            MajorClass = reader.Shared(),
            MinorClass = reader.Shared(),
            ServiceUuids = ReadTexts(ref reader),
            SolicitationUuids = ReadTexts(ref reader),
            ScanData = reader.Bytes(),
        };
        for (int left = reader.Count(2); left > 0; left--)
        {
            device.ServiceData[reader.Shared()] = reader.Bytes();
        }
        device.TxPower = reader.Int16();
        device.PathLoss = reader.Int16();
        if (reader.HasMore && reader.Byte() != 0)
        {
            device.ManufacturerData = [];
            for (int left = reader.Count(2); left > 0; left--)
            {
                device.ManufacturerData[reader.Shared()] = reader.Bytes();
            }
        }
        return device;
    }

    // Whoever goes through an empty one allocates.
    private static void Write(SortedDictionary<string, byte[]> data, DeviceCodecWriter writer)
    {
        writer.UInt((uint)data.Count);
        if (data.Count == 0)
        {
            return;
        }
        foreach ((string name, byte[] bytes) in data)
        {
            writer.Text(name);
            writer.Blob(bytes);
        }
    }

    private static void Write(List<string> texts, DeviceCodecWriter writer)
    {
        writer.UInt((uint)texts.Count);
        foreach (string text in texts)
        {
            writer.Text(text);
        }
    }

    private static List<string> ReadTexts(ref DeviceCodecReader reader)
    {
        int count = reader.Count();
        List<string> texts = new(count);
        for (int i = 0; i < count; i++)
        {
            texts.Add(reader.Shared());
        }
        return texts;
    }
}
