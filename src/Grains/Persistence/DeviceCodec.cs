using System.Buffers;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Grains.Persistence;

/// <summary>Place holder until the codec is merged.</summary>
public static class DeviceCodec
{
    /// <summary>Writes a device.</summary>
    public static void Write(Device device, IBufferWriter<byte> to) => throw new NotSupportedException();

    /// <summary>Reads a device.</summary>
    public static Device Read(ReadOnlySpan<byte> octets) => throw new NotSupportedException();
}
