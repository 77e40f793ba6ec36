using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Observations;

/// <summary>What kind of frame an observation is about.</summary>
public enum ObservationKind : byte
{
    /// <summary>IEEE 802.11: <see cref="Observation.Frame"/> is set.</summary>
    Dot11,

    /// <summary>
    /// Bluetooth Low Energy advertising: <see cref="Observation.Frame"/> has the advertiser as source, the bytes are the packet; where the sequence number is 1, a packet
    /// that goes on with what others have begun, as BtleAdvertising.Join has made it.
    /// </summary>
    Btle,

    /// <summary>A report of a Wi-Fi scanner: <see cref="Observation.Frame"/> has the access point's address, the bytes are a Dot11ScanPayload.</summary>
    Dot11Scan,

    /// <summary>A report of a Bluetooth scanner: <see cref="Observation.Frame"/> has the device as source, the bytes are a BluetoothScanPayload.</summary>
    BluetoothScan,

    /// <summary>
    /// IEEE 802.15.4: <see cref="Observation.Frame"/> has source and destination, and as code the link quality plus 1, 0 without; the bytes are the frame.
    /// </summary>
    Ieee802154,

    /// <summary>
    /// A report of a Bluetooth controller: <see cref="Observation.Frame"/> has the device as source and the report's number in the packet as sequence
    /// number, the bytes are the packet.
    /// </summary>
    BluetoothHci,

    /// <summary>A report in JSON of a sensor or a meter: <see cref="Observation.Frame"/> has the device as source, the bytes are a JsonReport.</summary>
    JsonReport,

    /// <summary>No frame: <see cref="Observation.Frame"/> has as source and destination two Wi-Fi devices that are alike, and as code in what (Likeness).</summary>
    Related,
}

/// <summary>
/// One frame as one source saw it, dissected. It goes once to every partition that owns one of its addresses; the partition applies the
/// roles that it owns.
/// </summary>
public struct Observation
{
    /// <summary>Capture time, nanoseconds since 1970.</summary>
    public long TimeNs;

    /// <summary>Capture time, Unix seconds.</summary>
    public readonly uint Seconds => (uint)(TimeNs / 1_000_000_000);

    /// <summary>Hash of the frame without link header and check sequence; equal frames are the same frame (see DuplicateFilter).</summary>
    public ulong Hash;

    /// <summary>The MAC header and what else was read of the frame.</summary>
    public Dot11Frame Frame;

    /// <summary>Frequency in kHz, 0 when not reported.</summary>
    public uint FrequencyKhz;

    /// <summary>Signal, see <see cref="SignalKind"/>.</summary>
    public short Signal;

    /// <summary>Noise, 0 when not reported.</summary>
    public short Noise;

    /// <summary>Data rate, 100 kbit/s, 0 when not reported.</summary>
    public ushort Rate100Kbps;

    /// <summary>Modulation family.</summary>
    public RadioEncoding Encoding;

    public RadioCarrier Carrier;

    /// <summary>Unit of <see cref="Signal"/>.</summary>
    public SignalKind SignalKind;

    /// <summary>Whether the packet had a radio header at all.</summary>
    public bool HasRadio;

    /// <summary>What the frame is.</summary>
    public ObservationKind Kind;

    /// <summary>Number of the source in the server's directory.</summary>
    public ushort Source;

    /// <summary>Index of the position in the batch, −1 without.</summary>
    public short Location;

    /// <summary>Where the frame's bytes begin in the batch.</summary>
    public int Offset;

    /// <summary>How many bytes of the frame the batch has; 0 where the tracker needs none.</summary>
    public int Length;
}
