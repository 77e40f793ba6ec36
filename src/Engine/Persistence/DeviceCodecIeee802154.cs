using KismetOrleans.Records.Ieee802154;

namespace KismetOrleans.Engine.Persistence;

/// <summary>802.15.4.</summary>
internal static class DeviceCodecIeee802154
{
    [Flags]
    private enum Flags : byte
    {
        Pan = 1,
        ShortAddress = 2,
        IsCoordinator = 4,
        Lqi = 8,
    }

    public static void Write(Ieee802154Device device, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        writer.Byte((byte)((device.Pan is null ? 0 : Flags.Pan)
            | (device.ShortAddress is null ? 0 : Flags.ShortAddress)
            | (device.IsCoordinator ? Flags.IsCoordinator : 0)
            | (device.LastLqi is null ? 0 : Flags.Lqi)));
        writer.UInt(device.Pan ?? 0);
        writer.UInt(device.ShortAddress ?? 0);
        if (device.LastLqi is not null || device.MaxLqi != 0 || device.MinLqi != 0)
        {
            writer.Byte(device.LastLqi ?? 0);
            writer.Byte(device.MinLqi);
            writer.Byte(device.MaxLqi);
        }
        writer.End(start);
    }

    public static Ieee802154Device Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Flags flags = (Flags)reader.Byte();
        ushort pan = (ushort)reader.UInt32();
        ushort shortAddress = (ushort)reader.UInt32();
        (byte last, byte min, byte max) = reader.HasMore ? (reader.Byte(), reader.Byte(), reader.Byte()) : default;
        return new()
        {
            Pan = (flags & Flags.Pan) == 0 ? null : pan,
            ShortAddress = (flags & Flags.ShortAddress) == 0 ? null : shortAddress,
            IsCoordinator = (flags & Flags.IsCoordinator) != 0,
            LastLqi = (flags & Flags.Lqi) == 0 ? null : last,
            MinLqi = min,
            MaxLqi = max,
        };
    }
}
