using System.Globalization;
using System.Text;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// A CSV file by WiGLE's rules, version 1.4: a row for each access point and Bluetooth device that was heard at a known place, not more often than
/// the throttle lets it. Rows wait until their devices have been asked for (<see cref="WigleKind"/>).
/// </summary>
internal sealed class WigleFile : ILogFile
{
    // Whoever hears more networks in a second and has a position has more than one antenna; rows of later packets take the place of those that are lost.
    private const int MaxWaiting = 65_536;
    private readonly StreamWriter _file;
    private readonly TimeSpan _throttle;
    private readonly Dictionary<DeviceId, long> _last = [];
    private readonly List<WigleRow> _waiting = [];

    /// <summary>Begins a file.</summary>
    public WigleFile(Stream file, string version, LogOptions options)
    {
        _throttle = options.WigleThrottle;
        _file = new(file, new UTF8Encoding(false)) { NewLine = "\n" };
        Line($"WigleWifi-1.4,appRelease=Kismet{version},model=Kismet,release={version},device=kismet,display=kismet,board=kismet,brand=kismet");
        Line("MAC,SSID,AuthMode,FirstSeen,Channel,RSSI,CurrentLatitude,CurrentLongitude,AltitudeMeters,AccuracyMeters,Type");
    }

    public long Bytes { get; private set; }

    public long Packets { get; private set; }

    /// <summary>Rows whose devices have not been asked for yet.</summary>
    public List<WigleRow> Waiting => _waiting;

    public void Write(TappedPackets packets)
    {
        int position = 0;
        while (packets.TryRead(ref position, out TappedPacket packet))
        {
            if (packet.IsLoss || packet.Fix < 2 || packet.Latitude == 0 || packet.Longitude == 0 || _waiting.Count == MaxWaiting)
            {
                continue;
            }
            PacketDigest.Read(packet, out PacketDigest digest);
            if (DeviceOf(digest) is not { } device)
            {
                continue;
            }
            long time = packet.TimeNs / 100;
            if (_last.TryGetValue(device, out long last) && time - last < _throttle.Ticks && time >= last)
            {
                continue;
            }
            _last[device] = time;
            _waiting.Add(new(
                device, digest.Radio.FrequencyKhz, digest.SignalDbm, packet.Latitude, packet.Longitude, packet.Fix == 3 ? packet.Altitude : 0, 0));
        }
    }

    public void Write(in WigleRow row, WigleDevice device)
    {
        bool btle = row.Device.Phy == Phy.Btle;
        string seen = DateTimeOffset.FromUnixTimeSeconds(device.FirstTime).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        string degrees = btle ? "F10" : "F6";
        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Device.Address},{Quoted(device.Name)},{(btle ? "Misc [LE]" : WigleDevice.Mode(device.Crypt) + "[ESS]")},{seen},{ChannelOf(row.FrequencyKhz)},"
            + $"{row.Signal},{row.Latitude.ToString(degrees, CultureInfo.InvariantCulture)},{row.Longitude.ToString(degrees, CultureInfo.InvariantCulture)},"
            + $"{row.Altitude:F0},0,{(btle ? "BLE" : "WIFI")}"));
        Packets++;
    }

    public void Tend() => _file.Flush();

    public void Close() => _file.Flush();

    public void Dispose() => _file.Dispose();

    // Networks, not who looks for them: a probe request's sender is at home elsewhere.
    private static DeviceId? DeviceOf(in PacketDigest digest) =>
        digest.Source.IsZero || digest.Error ? null
        : digest.Phy == Phy.Dot11.Id && digest.Frame.Kind is FrameKind.Beacon or FrameKind.ProbeResponse ? new(Phy.Dot11, digest.Source)
        : digest.Phy == Phy.Btle.Id ? new(Phy.Btle, digest.Source)
        : null;

    // IEEE Std 802.11-2020, annex E.
    private static uint ChannelOf(uint khz) => (khz / 1000) switch
    {
        2484 => 14,
        >= 2412 and < 2484 => (khz / 1000 - 2407) / 5,
        >= 5000 and < 5950 => (khz / 1000 - 5000) / 5,
        >= 5950 and < 7130 => (khz / 1000 - 5950) / 5,
        _ => 0,
    };

    // RFC 4180.
    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;

    private void Line(string line)
    {
        _file.WriteLine(line);
        Bytes += line.Length + 1;
    }
}

/// <summary>A row that waits for what is known of its device.</summary>
/// <param name="Signal">Signal in dBm.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="Altitude">Metres.</param>
/// <param name="Asked">How often its device was asked for in vain.</param>
internal readonly record struct WigleRow(
    DeviceId Device, uint FrequencyKhz, int Signal, double Latitude, double Longitude, float Altitude, int Asked);
