using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Storage.Sources;

/// <summary>
/// netxml, which Kismet wrote until 2016 and airodump-ng writes: a network with its SSIDs. Each SSID is reported as often as it has times, at the network's place.
/// Times name no zone and are taken as UTC. Stations without a network tell nothing that a report could say.
/// </summary>
internal sealed class NetXmlReader : ListReader
{
    private static readonly string[] s_times = ["ddd MMM d HH:mm:ss yyyy", "ddd MMM dd HH:mm:ss yyyy"];
    private readonly XmlReader _xml;
    private readonly Queue<ScanSighting> _ready = new();

    /// <summary>A file.</summary>
    /// <exception cref="InvalidDataException">It is no netxml.</exception>
    public NetXmlReader(ListFile file)
        : base(file)
    {
        // Nothing outside of the file is ever fetched, and nothing in it is expanded.
        _xml = XmlReader.Create(file.Text, new()
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreWhitespace = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = false,
        });
        try
        {
            if (_xml.MoveToContent() != XmlNodeType.Element || _xml.LocalName != "detection-run")
            {
                throw new InvalidDataException("is no netxml, whose root is detection-run");
            }
            _ = _xml.Read();
        }
        catch (XmlException e)
        {
            Dispose();
            throw new InvalidDataException($"is no netxml: {e.Message}", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    protected override bool TryNext(out ScanSighting sighting)
    {
        while (!_ready.TryDequeue(out sighting))
        {
            if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "wireless-network")
            {
                int line = ((IXmlLineInfo)_xml).LineNumber;
                Take((XElement)XNode.ReadFrom(_xml), line);
            }
            else if (_xml.EOF || !_xml.Read())
            {
                return false;
            }
        }
        return true;
    }

    private void Take(XElement network, int line)
    {
        if ((string?)network.Attribute("type") is "probe" or "data")
        {
            Leave($"line {line}: a station without a network");
            return;
        }
        if (!TryAddress((string?)network.Element("BSSID") ?? "", VirtualKind.WiFi, out MacAddress address))
        {
            Leave($"line {line}: a network without a BSSID");
            return;
        }
        XElement? gps = network.Element("gps-info");
        ScanSighting seen = new()
        {
            Kind = VirtualKind.WiFi,
            Address = address,
            Channel = (string?)network.Element("channel") is { } channel && channel is not ("0" or "-1") ? channel.Trim() : "",
            FrequencyKhz = Frequency(network),
            Signal = Signal(network.Element("snr-info")),
            IsAdhoc = (string?)network.Attribute("type") == "ad-hoc",
            HasPlace = (Number(gps, "avg-lat", "peak-lat", out double latitude) & Number(gps, "avg-lon", "peak-lon", out double longitude))
                && ScanSighting.IsPlace(latitude, longitude),
            Latitude = latitude,
            Longitude = longitude,
            Altitude = Number(gps, "avg-alt", "peak-alt", out double altitude) ? (float)altitude : 0,
        };
        bool any = false;
        foreach (XElement ssid in network.Elements("SSID").DefaultIfEmpty(network))
        {
            any |= Report(seen, ssid, network, "first-time");
            any |= (string?)ssid.Attribute("last-time") != (string?)ssid.Attribute("first-time") && Report(seen, ssid, network, "last-time");
        }
        if (!any)
        {
            Leave($"line {line}: {address} has no time");
        }
    }

    private bool Report(ScanSighting seen, XElement ssid, XElement network, string time)
    {
        string text = (string?)ssid.Attribute(time) ?? (string?)network.Attribute(time) ?? "";
        if (!DateTime.TryParseExact(
            text.Trim(), s_times, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime at)
            || TimeOf(at) is not { } timeNs)
        {
            return false;
        }
        _ready.Enqueue(seen with
        {
            TimeNs = timeNs,
            Name = ssid == network ? null : (string?)ssid.Element("essid") ?? "",
            Crypt = Security(ssid),
        });
        return true;
    }

    // Words as "WPA+AES-CCM"; the version is told apart, or not at all.
    private static CryptBits? Security(XElement ssid)
    {
        string[] words = [.. ssid.Elements("encryption").Select(static word => word.Value.Trim().ToUpperInvariant()).Where(static word => word.Length > 0)];
        if (words.Length == 0)
        {
            return null;
        }
        CryptBits crypt = CryptBits.None;
        foreach (string word in words)
        {
            crypt |= word.StartsWith("WPA", StringComparison.Ordinal) ? CryptBits.Wpa : 0;
            crypt |= word.StartsWith("WPA2", StringComparison.Ordinal) ? CryptBits.Wpa2 : 0;
            crypt |= word.StartsWith("WPA3", StringComparison.Ordinal) ? CryptBits.Wpa3 : 0;
            crypt |= word.StartsWith("WEP", StringComparison.Ordinal) ? CryptBits.Wep : 0;
            crypt |= word[(word.IndexOf('+', StringComparison.Ordinal) + 1)..] switch
            {
                "PSK" => CryptBits.AkmPsk,
                "MGT" => CryptBits.Akm1X,
                "SAE" => CryptBits.AkmSae | CryptBits.Wpa3,
                "OWE" => CryptBits.AkmOwe | CryptBits.Wpa3,
                "TKIP" => CryptBits.PairwiseTkip,
                "AES-CCM" or "CCMP" => CryptBits.PairwiseCcmp128,
                _ => CryptBits.None,
            };
        }
        foreach (string version in ssid.Elements("wpa-version").Select(static v => v.Value.ToUpperInvariant()))
        {
            crypt |= version.Contains("WPA2", StringComparison.Ordinal) ? CryptBits.Wpa2 : 0;
            crypt |= version.Contains("WPA3", StringComparison.Ordinal) ? CryptBits.Wpa3 : 0;
            crypt |= version.Split('+', ' ', '/').Contains("WPA") ? CryptBits.Wpa1 : 0;
        }
        return crypt;
    }

    // "2437 12" is a frequency in MHz and its packets; that with the most is the network's.
    private static uint Frequency(XElement network) => network.Elements("freqmhz")
        .Select(static f => f.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(static f => f.Length > 0 && uint.TryParse(f[0], CultureInfo.InvariantCulture, out uint mhz) && FrequencyOf(mhz) > 0)
        .OrderByDescending(static f => f.Length > 1 && long.TryParse(f[1], CultureInfo.InvariantCulture, out long packets) ? packets : 0)
        .Select(static f => FrequencyOf(uint.Parse(f[0], CultureInfo.InvariantCulture))).FirstOrDefault();

    private static short Signal(XElement? info) =>
        Number(info, "last_signal_dbm", "max_signal_dbm", out double dbm) && dbm is < 0 and > -256 ? (short)dbm : (short)0;

    private static bool Number(XElement? of, string name, string otherwise, out double number)
    {
        number = 0;
        string? text = (string?)of?.Element(name) ?? (string?)of?.Element(otherwise);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }
}
