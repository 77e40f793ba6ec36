using System.Buffers;
using System.Globalization;
using System.Text;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// A CSV file by WiGLE's rules, version 1.6: a row for each network and Bluetooth device that was seen at a known place, not more often than
/// the throttle lets it. Rows wait until their devices have been asked for (<see cref="WigleKind"/>).
/// </summary>
internal sealed class WigleFile : ILogFile
{
    // Whoever hears more networks in a second and has a position has more than one antenna; rows of later packets take the place of those that are lost.
    private const int MaxWaiting = 65_536;
    private static readonly SearchValues<char> s_special =
        SearchValues.Create([',', '"', '\u2028', '\u2029', .. Enumerable.Range(0, 0xA0).Select(static c => (char)c).Where(char.IsControl)]);

    private readonly StreamWriter _file;
    private readonly DeviceThrottle _throttle;
    private readonly List<WigleRow> _waiting = [];
    private byte[]? _beacon;

    public WigleFile(Stream file, string version, LogOptions options)
    {
        _throttle = new(options.WigleThrottle);
        _file = new(file, new UTF8Encoding(false)) { NewLine = "\n" };
        Line($"WigleWifi-1.6,appRelease=Kismet{version},model=Kismet,release={version},device=kismet,display=kismet,board=kismet,brand=kismet,star=Sol,body=3,subBody=0");
        Line("MAC,SSID,AuthMode,FirstSeen,Channel,Frequency,RSSI,CurrentLatitude,CurrentLongitude,AltitudeMeters,AccuracyMeters,RCOIs,MfgrId,Type");
    }

    public long Bytes { get; private set; }

    public long Packets { get; private set; }

    /// <summary>Rows whose devices have not been asked for yet.</summary>
    public List<WigleRow> Waiting => _waiting;

    public void Write(TappedPackets packets, ref int position, long limit)
    {
        while (packets.TryRead(ref position, out TappedPacket packet))
        {
            if (packet.IsLoss || packet.Fix < 2 || !IsPlace(packet.Latitude, packet.Longitude) || _waiting.Count >= MaxWaiting)
            {
                continue;
            }
            PacketDigest.Read(packet, out PacketDigest digest);
            if (DeviceOf(digest) is not { } device)
            {
                continue;
            }
            Await(device, packet, digest);
            // A frame that was cut may have lost half a network.
            if (device.Phy == Phy.Dot11 && packet.Bytes.Length == packet.OriginalLength && MultipleBssid.IsIn(packet.Frame, digest.Frame))
            {
                AwaitOthers(packet, digest);
            }
        }
    }

    // Networks that the frame tells of besides its own are seen as far away, and as strongly.
    private void AwaitOthers(in TappedPacket packet, in PacketDigest digest)
    {
        MultipleBssid networks = new(packet.Frame, digest.Frame);
        while (networks.TryNext(_beacon ??= new byte[MultipleBssid.MostBytes], out int length))
        {
            if (Dot11Parser.TryParse(_beacon.AsSpan(0, length), false, out Dot11Frame network) == ParseStatus.Ok)
            {
                Await(new(Phy.Dot11, network.Bssid), packet, digest);
            }
        }
    }

    private void Await(DeviceId device, in TappedPacket packet, in PacketDigest digest)
    {
        if (_throttle.IsDue(device, packet.TimeNs))
        {
            _waiting.Add(new(
                device, digest.Radio.FrequencyKhz, digest.SignalDbm, packet.Latitude, packet.Longitude, packet.Fix == 3 ? packet.Altitude : 0,
                digest.Phy == Phy.Dot11.Id && digest.Frame.IsIbss, 0));
        }
    }

    public void Write(in WigleRow row, WigleDevice device)
    {
        bool wifi = row.Device.Phy == Phy.Dot11;
        uint khz = !wifi ? 0 : row.FrequencyKhz != 0 ? row.FrequencyKhz : device.FrequencyKhz;
        string seen = DateTimeOffset.FromUnixTimeSeconds(device.FirstTime).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        string mode = wifi ? WigleDevice.Mode(device.Crypt) + (row.IsIbss ? "[IBSS]" : "[ESS]") : device.IsClassic ? "Misc [BT]" : "Misc [LE]";
        // The frequency of a Bluetooth row would be its class of device.
        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Device.Address},{Quoted(device.Name)},{mode},{seen},{ChannelOf(khz)},{(wifi ? khz / 1000 : null)},{row.Signal},"
            + $"{row.Latitude:F8},{row.Longitude:F8},{row.Altitude:F0},0,,,{(wifi ? "WIFI" : device.IsClassic ? "BT" : "BLE")}"));
        Packets++;
    }

    public void Tend() => _file.Flush();

    public void Close() => _file.Flush();

    public void Dispose() => _file.Dispose();

    // Networks, not who looks for them: a probe request's sender is at home elsewhere.
    private static DeviceId? DeviceOf(in PacketDigest digest) =>
        digest.Source.IsZero || digest.Error ? null
        : digest.Phy == Phy.Dot11.Id && digest.Frame.Kind is FrameKind.Beacon or FrameKind.ProbeResponse ? new(Phy.Dot11, NetworkOf(digest))
        : digest.Phy == Phy.Btle.Id || digest.Phy == Phy.Bluetooth.Id ? new(Phy.All[digest.Phy], digest.Source)
        : null;

    // An ad-hoc network's is nobody's own.
    private static MacAddress NetworkOf(in PacketDigest digest) => digest.Frame.Bssid.IsZero ? digest.Source : digest.Frame.Bssid;

    // 0, 0 is what receivers without a fix tell.
    private static bool IsPlace(double latitude, double longitude) =>
        Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180 && (latitude != 0 || longitude != 0);

    // IEEE Std 802.11-2020, annex E.
    private static uint ChannelOf(uint khz) => (khz / 1000) switch
    {
        2484 => 14,
        >= 2412 and < 2484 => (khz / 1000 - 2407) / 5,
        >= 4910 and < 5000 => (khz / 1000 - 4000) / 5,
        >= 5000 and < 5935 => (khz / 1000 - 5000) / 5,
        5935 => 2,
        >= 5950 and < 7130 => (khz / 1000 - 5950) / 5,
        _ => 0,
    };

    // RFC 4180; but who reads lines must not find a part of a row, so that what ends one is written as our texts have other odd bytes.
    private static string Quoted(string text)
    {
        if (!text.AsSpan().ContainsAny(s_special))
        {
            return text;
        }
        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\"\""),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }

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
/// <param name="IsIbss">An ad-hoc network.</param>
/// <param name="Asked">How often its device was asked for in vain.</param>
internal readonly record struct WigleRow(
    DeviceId Device, uint FrequencyKhz, int Signal, double Latitude, double Longitude, float Altitude, bool IsIbss, int Asked);
