using System.Text;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Scanning;

/// <summary>What a list tells of a device: when, where and how strongly it was seen.</summary>
public record struct ScanSighting()
{
    public VirtualKind Kind;
    public MacAddress Address;

    /// <summary>Nanoseconds since 1970.</summary>
    public long TimeNs;

    /// <summary>Frequency in kHz, 0 where it is not told.</summary>
    public uint FrequencyKhz;

    /// <summary>Signal in dBm, 0 where it is not told.</summary>
    public short Signal;

    /// <summary>SSID, which is empty where it is hidden, or name; null where it is not told.</summary>
    public string? Name;

    /// <summary>Wi-Fi: security in a scanner's words; "" where it is not told.</summary>
    public string Capabilities = "";

    /// <summary>Wi-Fi: the same as bits; null where it is not told.</summary>
    public CryptBits? Crypt;

    /// <summary>Wi-Fi: channel as told; "" where it is not.</summary>
    public string Channel = "";

    /// <summary>Bluetooth: kind in the words of scan reports; "" where it is not told.</summary>
    public string Type = "";

    /// <summary>Whether it is an ad-hoc network.</summary>
    public bool IsAdhoc;

    /// <summary>Of Wi-Fi: a client, and no network.</summary>
    public bool IsClient;

    /// <summary>Whether there is a place.</summary>
    public bool HasPlace;

    /// <summary>Degrees north.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Metres, 0 where it is not told.</summary>
    public float Altitude;

    /// <summary>Whether a place is one on Earth; 0, 0 is what lists have without a fix.</summary>
    public static bool IsPlace(double latitude, double longitude) =>
        Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180 && (latitude != 0 || longitude != 0);
}

/// <summary>Scan reports out of files, as packets of the link type <see cref="LinkType.ScanReport"/>: kind (1 byte), then the record as it stands in a journal.</summary>
public static class ScanPackets
{
    /// <summary>Bytes that a report takes at most.</summary>
    public const int MostBytes = 4096;

    /// <summary>The frequency that stands for Bluetooth, which hops over its band.</summary>
    public const uint BluetoothKhz = 2_400_000;

    /// <summary>Writes a report; what is too long of its texts is cut.</summary>
    /// <param name="to">At least <see cref="MostBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> to, in ScanSighting sighting)
    {
        bool isWiFi = sighting.Kind == VirtualKind.WiFi;
        ReadOnlySpan<byte> channel = Cut(sighting.Channel, Dot11ScanPayload.MaxChannel);
        ScanRecord record = new()
        {
            Address = sighting.Address,
            TimeNs = sighting.TimeNs,
            FrequencyKhz = sighting.FrequencyKhz,
            Signal = sighting.Signal,
            HasRadio = sighting.Signal != 0 || sighting.FrequencyKhz != 0 || !channel.IsEmpty,
            HasPlace = sighting.HasPlace,
            Latitude = sighting.Latitude,
            Longitude = sighting.Longitude,
            Altitude = sighting.Altitude,
            HasAltitude = sighting.HasPlace && sighting.Altitude != 0,
        };
        to[0] = (byte)sighting.Kind;
        Span<byte> payload = to[(1 + record.HeadBytes)..];
        int length;
        if (isWiFi)
        {
            ScanSecurity security = ScanCapabilities.Parse(Encoding.ASCII.GetBytes(sighting.Capabilities));
            security.IsAdhoc |= sighting.IsAdhoc;
            if (sighting.Crypt is { } crypt)
            {
                (security.Crypt, security.IsStated) = (crypt, true);
            }
            Dot11ScanPayload wifi = new() { HasSsid = sighting.Name is not null, Ssid = Cut(sighting.Name, Dot11ScanPayload.MaxSsid), Security = security, Channel = channel, IsClient = sighting.IsClient };
            length = wifi.Write(payload, []);
        }
        else
        {
            BluetoothScanPayload bluetooth = new() { Name = Cut(sighting.Name, BluetoothScanPayload.MaxName), Type = Cut(sighting.Type, BluetoothScanPayload.MaxType) };
            length = bluetooth.Write(payload, [], []);
        }
        record.PayloadBytes = (ushort)length;
        record.Write(to[1..]);
        return 1 + record.HeadBytes + length;
    }

    internal static bool TryRead(ReadOnlySpan<byte> packet, out bool isWiFi, out ScanRecord record, out ReadOnlySpan<byte> payload)
    {
        isWiFi = false;
        record = default;
        payload = default;
        if (packet.IsEmpty || packet[0] > (byte)VirtualKind.Bluetooth || ScanRecord.Read(packet[1..], out record) is not (> 0 and int length))
        {
            return false;
        }
        isWiFi = packet[0] == (byte)VirtualKind.WiFi;
        payload = packet.Slice(1 + length - record.PayloadBytes, record.PayloadBytes);
        record.Hash = 0;
        // A capture can name any link type: what stands in it is no better known than a post's.
        return !record.Address.IsZero && !(isWiFi && record.Address.IsGroup) && record.Signal is > -256 and <= 127
            && (!record.HasPlace || (Math.Abs(record.Latitude) <= 90 && Math.Abs(record.Longitude) <= 180 && float.IsFinite(record.Altitude) && float.IsFinite(record.Speed)))
            && (isWiFi ? Dot11ScanPayload.TryRead(payload, out _) : BluetoothScanPayload.TryRead(payload, out _));
    }

    private static ReadOnlySpan<byte> Cut(string? text, int most)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        return bytes.AsSpan(0, Math.Min(bytes.Length, most));
    }
}
