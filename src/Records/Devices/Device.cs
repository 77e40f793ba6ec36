using KismetOrleans.Records.Adsb;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Ieee802154;
using KismetOrleans.Records.Sensors;
using KismetOrleans.Records.Uav;

namespace KismetOrleans.Records.Devices;

/// <summary>One tracked device (<c>kismet.device.base.*</c>). Owned and changed by its partition alone.</summary>
public sealed class Device(DeviceId id)
{
    public readonly DeviceId Id = id;

    /// <summary>Place in its partition's order of first sight; given anew when the partition is loaded, never saved.</summary>
    public uint Serial;

    /// <summary>Changed since its partition was saved last; never saved.</summary>
    public bool IsUnsaved;

    /// <summary>Changed since its partition looked last whether it belongs to users' views; never saved.</summary>
    public bool IsWatched;

    /// <summary>Stands in the store; never saved.</summary>
    public bool IsStored;

    /// <summary>Users' views that it belongs to, a bit each; never saved.</summary>
    public ulong UserViews;

    /// <summary>What a newer server has stored with it and this one does not know; saved with it again. Null as a rule.</summary>
    public UnreadFields? Unread;

    /// <summary>Unix seconds of the first packet.</summary>
    public uint FirstTime;

    /// <summary>Unix seconds of the newest packet.</summary>
    public uint LastTime;

    /// <summary>Unix seconds, server clock, of the last change.</summary>
    public uint ModTime;

    /// <summary>Unix second, server clock, of the first change; never saved, 1 of a device that was seen more than once when it was saved.</summary>
    public uint SeenSince;

    /// <summary>Bits: access point 1, client 2, wired 4, peer 8.</summary>
    public byte BasicTypeSet;

    /// <summary>Bits: encrypted 2, layer 2 4, layer 3 8, WEP 16, decrypted 32.</summary>
    public byte BasicCryptSet;

    /// <summary>Alerts that named this device.</summary>
    public uint Alerts;

    /// <summary>Kind of device in words, "Wi-Fi AP".</summary>
    public string Type = "";

    /// <summary>Name that the device gives itself, "" when none.</summary>
    public string Name = "";

    /// <summary>Name that a user gave; null when none.</summary>
    public string? Username;

    /// <summary>Security of the newest SSID in words, "" when unknown.</summary>
    public string Crypt = "";

    /// <summary>Manufacturer, "Unknown" when the registry does not know.</summary>
    public string Manufacturer = "Unknown";

    /// <summary>Channel, "" when unknown.</summary>
    public string Channel = "";

    /// <summary>Frequency of the newest packet in kHz, 0 when unknown.</summary>
    public uint FrequencyKhz;

    public ulong Packets;
    public ulong RxPackets;
    public ulong TxPackets;

    /// <summary>Management and control packets.</summary>
    public ulong LlcPackets;

    public ulong ErrorPackets;
    public ulong DataPackets;

    /// <summary>Payload bytes.</summary>
    public ulong DataSize;

    public Rrd? PacketsRrd;

    /// <summary>History of packets sent.</summary>
    public Rrd? TxRrd;

    /// <summary>History of packets received.</summary>
    public Rrd? RxRrd;

    /// <summary>History of payload bytes.</summary>
    public Rrd? DataRrd;

    public FrequencyCounts Frequencies;

    /// <summary>Signal; null until a packet with a radio header counted for this device.</summary>
    public Signal? Signal;

    /// <summary>Sources that saw it, the newest <see cref="Devices.SeenBy.Most"/> by when they did last.</summary>
    public SeenBy[] SeenBy = [];

    /// <summary>How often a source had to go from <see cref="SeenBy"/> for another.</summary>
    public uint SeenByLeftOut;

    /// <summary>Position; null until a fix was seen.</summary>
    public Location? Location;

    /// <summary>Positions over time; null until a fix was seen.</summary>
    public Track? Track;

    /// <summary>Tags; null when none.</summary>
    public SortedDictionary<string, string>? Tags;

    /// <summary>Wi-Fi record.</summary>
    public Dot11Device? Dot11;

    /// <summary>Bluetooth Low Energy record.</summary>
    public BtleDevice? Btle;

    public BluetoothDevice? Bluetooth;

    /// <summary>Drone record.</summary>
    public UavDevice? Uav;

    /// <summary>802.15.4 record.</summary>
    public Ieee802154Device? Ieee802154;

    public SensorDevice? Sensor;
    public MeterDevice? Meter;

    /// <summary>Aircraft record.</summary>
    public AdsbDevice? Adsb;

    /// <summary>The user's name for it, else its own, else its address.</summary>
    public string CommonName => !string.IsNullOrEmpty(Username) ? Username : Name.Length > 0 ? Name : Id.Address.ToString();
}
