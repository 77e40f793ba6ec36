using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Detection;

/// <summary>What an SSID's record said before a frame changed it.</summary>
internal readonly record struct SsidBefore(CryptBits Crypt, string CryptText, uint BeaconRate, byte Channel, string? Country, uint CountryChannels)
{
    public static SsidBefore Of(AdvertisedSsid record) =>
        new(record.Crypt, record.CryptText, record.BeaconRate, record.AnnouncedChannel, record.Country, record.CountryChannels);
}

/// <summary>Access points that announce something else than before, or than they may: somebody may imitate them.</summary>
internal sealed class SsidDetector(AlertCollector alerts)
{
    // That WPS is offered comes and goes with the press of a button.
    private const CryptBits Incidental = CryptBits.Wps;
    private const string AirJack = "AirJack";

    /// <summary>Looks at an SSID that its access point announces or answers with for the first time.</summary>
    public void Added(Device device, AdvertisedSsid record, in Observation o, ObservationBatch batch)
    {
        if (record.Cloaked)
        {
            return;
        }
        if (record.Ssid == AirJack && alerts.Wants(AlertKind.AirJack))
        {
            alerts.Raise(AlertKind.AirJack, device, o, batch, $"{o.Frame.Source} announces the SSID of an old attack tool", Channel(record));
        }
        if (alerts.Ssids.SpoofOf(record.Ssid, o.Frame.Source) is { } rule && alerts.Wants(AlertKind.ApSpoof))
        {
            alerts.Raise(
                AlertKind.ApSpoof, device, o, batch,
                $"{o.Frame.Source} announces \"{record.Ssid}\" and is none of the access points of rule {rule}", Channel(record));
        }
        Canary(device, record.Ssid, o, batch, Channel(record));
    }

    /// <summary>Looks at an SSID that somebody asks for for the first time.</summary>
    public void Asked(Device device, string ssid, in Observation o, ObservationBatch batch) => Canary(device, ssid, o, batch, "0");

    /// <summary>Looks at what a beacon or a probe response changed.</summary>
    public void Changed(Device device, AdvertisedSsid record, in SsidBefore before, in Observation o, ObservationBatch batch)
    {
        Crypt(device, record, before, o, batch, Channel(record));
        if (o.Frame.Kind != FrameKind.Beacon)
        {
            ProbeChannel(device, record, o, batch);
            return;
        }
        MacAddress bssid = o.Frame.Bssid;
        if (before.Channel != 0 && record.AnnouncedChannel != 0 && before.Channel != record.AnnouncedChannel && alerts.Wants(AlertKind.ChannelChange))
        {
            alerts.Raise(
                AlertKind.ChannelChange, device, o, batch,
                $"{bssid} (\"{record.Ssid}\") went from channel {before.Channel} to {record.AnnouncedChannel}", Channel(record), bssid);
        }
        if (before.BeaconRate != 0 && before.BeaconRate != record.BeaconRate && alerts.Wants(AlertKind.BeaconRate))
        {
            alerts.Raise(
                AlertKind.BeaconRate, device, o, batch,
                $"{bssid} (\"{record.Ssid}\") announces {record.BeaconRate} beacons a second, before {before.BeaconRate}", Channel(record), bssid);
        }
        bool country = !string.IsNullOrEmpty(before.Country) && !string.IsNullOrEmpty(record.Country) && before.Country != record.Country;
        bool channels = before.CountryChannels != 0 && record.CountryChannels != 0 && before.CountryChannels != record.CountryChannels;
        if ((country || channels) && alerts.Wants(AlertKind.CountryChange))
        {
            alerts.Raise(
                AlertKind.CountryChange, device, o, batch,
                country ? $"{bssid} (\"{record.Ssid}\") announces country {record.Country}, before {before.Country}"
                    : $"{bssid} (\"{record.Ssid}\") announces other channels of its country than before",
                Channel(record), bssid);
        }
    }

    /// <summary>Looks at a change of ciphers and key management.</summary>
    public void Crypt(Device device, AdvertisedSsid record, in SsidBefore before, in Observation o, ObservationBatch batch, string channel)
    {
        CryptBits old = before.Crypt & ~Incidental;
        CryptBits now = record.Crypt & ~Incidental;
        if (old == now || CryptDetail.IsBriefOf(old, now))
        {
            // Of the same security more is known now.
            return;
        }
        // Not text: what was never read, as in a record that scanners gave without capabilities.
        AlertKind kind = now == 0 ? AlertKind.CryptoDrop : AlertKind.CryptChange;
        if (before.CryptText.Length > 0 && alerts.Wants(kind))
        {
            alerts.Raise(
                kind, device, o, batch, $"{device.Id.Address} announces \"{record.Ssid}\" with {record.CryptText}, before with {before.CryptText}",
                channel, device.Id.Address);
        }
    }

    private void ProbeChannel(Device device, AdvertisedSsid record, in Observation o, ObservationBatch batch)
    {
        if (record.AnnouncedChannel == 0 || !alerts.Wants(AlertKind.ProbeChannel))
        {
            return;
        }
        foreach (AdvertisedSsid beaconed in device.Dot11!.Advertised ?? [])
        {
            if (beaconed.Hash == record.Hash && beaconed.AnnouncedChannel != 0 && beaconed.AnnouncedChannel != record.AnnouncedChannel)
            {
                alerts.Raise(
                    AlertKind.ProbeChannel, device, o, batch,
                    $"{o.Frame.Bssid} (\"{record.Ssid}\") answers with channel {record.AnnouncedChannel} and announces {beaconed.AnnouncedChannel}",
                    Channel(record), o.Frame.Bssid);
            }
        }
    }

    private void Canary(Device device, string ssid, in Observation o, ObservationBatch batch, string channel)
    {
        if (alerts.Ssids.CanaryOf(ssid) is { } rule && alerts.Wants(AlertKind.SsidCanary))
        {
            alerts.Raise(AlertKind.SsidCanary, device, o, batch, $"{o.Frame.Source} names \"{ssid}\", which rule {rule} looks out for", channel);
        }
    }

    private static string Channel(AdvertisedSsid record) => record.AnnouncedChannel == 0 ? "0" : ChannelNames.OfNumber(record.AnnouncedChannel);
}
