namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// What a Bluetooth report says beside address, time, signal and place, as the bytes of its observation: flags (1 byte), then what they name, in
/// this order: name and device type, each after its length (2); transmit power in dBm (2); path loss in dB (2); scan data after its length (2);
/// service data and tags, each as <see cref="ScanPairs"/> after their number (1).
/// </summary>
internal ref struct BluetoothScanPayload
{
    /// <summary>Longest name taken: 248 bytes are on the air (Core Specification 5.4, 3.C 12.1), but some scanners escape what is not text.</summary>
    public const int MaxName = 1024;

    /// <summary>Longest device type taken.</summary>
    public const int MaxType = 255;

    /// <summary>Most bytes of scan data: extended advertising carries 1,650 (Core Specification 5.4, 4.E 7.8.54).</summary>
    public const int MaxScanData = 2048;

    /// <summary>Bytes that a payload takes beside its parts.</summary>
    public const int Room = 16;

    private const byte NameFlag = 1;
    private const byte TypeFlag = 2;
    private const byte TxPowerFlag = 4;
    private const byte PathLossFlag = 8;
    private const byte ScanDataFlag = 16;
    private const byte ServiceDataFlag = 32;
    private const byte TagsFlag = 64;

    public ReadOnlySpan<byte> Name;

    /// <summary>Device type in the scanner's words; empty without.</summary>
    public ReadOnlySpan<byte> Type;

    /// <summary>Transmit power in dBm.</summary>
    public short? TxPower;

    /// <summary>Path loss in dB.</summary>
    public short? PathLoss;

    /// <summary>Bytes of the scan response; empty without.</summary>
    public ReadOnlySpan<byte> ScanData;

    /// <summary>Bytes by service UUID.</summary>
    public ScanPairs ServiceData;

    public ScanPairs Tags;

    /// <param name="to">Room enough: <see cref="Room"/> more than all parts together.</param>
    /// <param name="serviceData">Service data as it shall stand there, with its number; empty without.</param>
    /// <returns>Bytes written.</returns>
    public readonly int Write(Span<byte> to, ReadOnlySpan<byte> serviceData, ReadOnlySpan<byte> tags)
    {
        PayloadWriter writer = new(to);
        writer.Byte((byte)(
            (Name.IsEmpty ? 0 : NameFlag) | (Type.IsEmpty ? 0 : TypeFlag) | (TxPower is null ? 0 : TxPowerFlag) | (PathLoss is null ? 0 : PathLossFlag)
            | (ScanData.IsEmpty ? 0 : ScanDataFlag) | (serviceData.IsEmpty ? 0 : ServiceDataFlag) | (tags.IsEmpty ? 0 : TagsFlag)));
        if (!Name.IsEmpty)
        {
            writer.Long(Name);
        }
        if (!Type.IsEmpty)
        {
            writer.Long(Type);
        }
        if (TxPower is { } power)
        {
            writer.Int16(power);
        }
        if (PathLoss is { } loss)
        {
            writer.Int16(loss);
        }
        if (!ScanData.IsEmpty)
        {
            writer.Long(ScanData);
        }
        writer.Raw(serviceData);
        writer.Raw(tags);
        return writer.Length;
    }

    /// <returns>False when the bytes end too early.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BluetoothScanPayload payload)
    {
        PayloadReader reader = new(bytes);
        byte flags = reader.Byte();
        payload = default;
        payload.Name = (flags & NameFlag) != 0 ? reader.Long() : default;
        payload.Type = (flags & TypeFlag) != 0 ? reader.Long() : default;
        payload.TxPower = (flags & TxPowerFlag) != 0 ? reader.Int16() : null;
        payload.PathLoss = (flags & PathLossFlag) != 0 ? reader.Int16() : null;
        payload.ScanData = (flags & ScanDataFlag) != 0 ? reader.Long() : default;
        payload.ServiceData = (flags & ServiceDataFlag) != 0 ? reader.Pairs() : default;
        payload.Tags = (flags & TagsFlag) != 0 ? reader.Pairs() : default;
        return !reader.Failed;
    }
}
