namespace KismetOrleans.Records.Bluetooth;

/// <summary>The sniffed Bluetooth Low Energy part of a device (<c>btle.device.*</c>).</summary>
public sealed class BtleDevice
{
    /// <summary>Advertising flag 0.</summary>
    public bool LimitedDiscoverable;

    /// <summary>Advertising flag 1.</summary>
    public bool GeneralDiscoverable;

    /// <summary>Advertising flag 2.</summary>
    public bool BrEdrUnsupported;

    /// <summary>Advertising flag 3.</summary>
    public bool SimultaneousController;

    /// <summary>Advertising flag 4.</summary>
    public bool SimultaneousHost;
}

/// <summary>
/// The Bluetooth part of a device (<c>bluetooth.device.*</c>): of phy Bluetooth, and of sniffed low energy devices that tell something of it.
/// </summary>
public sealed class BluetoothDevice
{
    /// <summary>0 unknown, 1 BR/EDR, 2 low energy.</summary>
    public byte Kind;

    public string MajorClass = "";
    public string MinorClass = "";

    /// <summary>Service UUIDs.</summary>
    public List<string> ServiceUuids = [];

    /// <summary>Solicitation UUIDs.</summary>
    public List<string> SolicitationUuids = [];

    public byte[] ScanData = [];

    /// <summary>Service data by service UUID.</summary>
    public SortedDictionary<string, byte[]> ServiceData = [];

    /// <summary>Manufacturers' data by company identifier (four hexadecimal digits); null where there are none.</summary>
    public SortedDictionary<string, byte[]>? ManufacturerData;

    /// <summary>Transmit power, dBm.</summary>
    public short TxPower;

    /// <summary>Path loss, dB.</summary>
    public short PathLoss;
}
