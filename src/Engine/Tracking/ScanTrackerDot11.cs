using KismetOrleans.Engine.Detection;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tracking;

/// <summary>The Wi-Fi part of what scanners report: an access point (or a station of an ad-hoc network) and one of its SSIDs.</summary>
internal sealed class ScanTrackerDot11(DeviceSet devices, UavMatcher drones)
{
    private readonly SsidDetector _imitations = new(devices.Alerts);

    /// <summary>Takes a report into its access point.</summary>
    public void Apply(Device device, in Observation o, ObservationBatch batch, in Dot11ScanPayload payload)
    {
        Dot11Device dot11 = device.Dot11!;
        if (payload.IsClient)
        {
            Client(device, dot11, o);
            return;
        }
        dot11.LastBssid = device.Id.Address;
        Classify(device, dot11, payload.Security.IsAdhoc);
        if (!payload.Channel.IsEmpty)
        {
            device.Channel = TextMatch.Equals(payload.Channel, device.Channel) ? device.Channel : SsidText.Printable(payload.Channel);
        }
        else if (o.FrequencyKhz != 0)
        {
            device.Channel = ChannelNames.OfDot11(o.FrequencyKhz);
        }
        if (payload.HasSsid || payload.Security.IsStated)
        {
            Advertise(device, dot11, o, batch, payload);
        }
    }

    // What is known better, from packets, stays.
    private void Client(Device device, Dot11Device dot11, in Observation o)
    {
        devices.AddRoles(dot11, Dot11TypeSet.Client);
        device.BasicTypeSet |= (byte)BasicType.Client;
        if (device.Type.Length == 0)
        {
            device.Type = "Wi-Fi Client";
        }
        if (o.FrequencyKhz != 0)
        {
            device.Channel = ChannelNames.OfDot11(o.FrequencyKhz);
        }
    }

    private void Classify(Device device, Dot11Device dot11, bool isAdhoc)
    {
        // Set anew only where something is: most reports are about a device that is known.
        Dot11TypeSet roles = isAdhoc ? Dot11TypeSet.BeaconAp | Dot11TypeSet.Adhoc : Dot11TypeSet.BeaconAp;
        if ((dot11.TypeSet & roles) != roles)
        {
            devices.AddRoles(dot11, roles);
        }
        device.Type = isAdhoc ? "Wi-Fi Ad-Hoc" : "Wi-Fi AP";
        device.BasicTypeSet |= (byte)(isAdhoc ? BasicType.Peer : BasicType.AccessPoint);
    }

    private void Advertise(Device device, Dot11Device dot11, in Observation o, ObservationBatch batch, in Dot11ScanPayload payload)
    {
        AdvertisedSsid? record = Find(device, dot11, payload.Ssid, o.Seconds, out bool added);
        if (record is null)
        {
            return;
        }
        record.FirstTime = Math.Min(record.FirstTime, o.Seconds);
        record.LastTime = Math.Max(record.LastTime, o.Seconds);
        dot11.LastBeaconed = record;
        // Scanners say of some networks less than others do, and than beacons: that is no change.
        CryptBits crypt = payload.Security.Crypt;
        bool isKnown = record.CryptText.Length > 0 && (record.Crypt == crypt || CryptDetail.IsBriefOf(crypt, record.Crypt));
        if (payload.Security.IsStated)
        {
            record.MfpSupported |= payload.Security.MfpSupported;
            record.MfpRequired |= payload.Security.MfpRequired;
        }
        if (payload.Security.IsStated && !isKnown)
        {
            SsidBefore before = SsidBefore.Of(record);
            record.Crypt = crypt;
            record.CryptSet = CryptText.ToLegacySet(crypt);
            record.CryptText = CryptText.ToText(crypt);
            // A report is of what the access point told everybody.
            Observation advertised = o;
            advertised.Frame.Bssid = device.Id.Address;
            advertised.Frame.Destination = MacAddress.Broadcast;
            _imitations.Crypt(device, record, before, advertised, batch, payload.Channel.IsEmpty ? "0" : device.Channel);
        }
        if (record.CryptText.Length > 0)
        {
            device.Crypt = record.CryptText;
        }
        if (!added)
        {
            return;
        }
        devices.Events.Note(device, EventTopics.AdvertisedSsid, record.Hash);
        devices.Announce(device, record);
        Observation heard = o;
        heard.Frame.Bssid = device.Id.Address;
        heard.Frame.Destination = MacAddress.Broadcast;
        _imitations.Added(device, record, heard, batch);
        if (!record.Cloaked)
        {
            device.Name = record.Ssid;
        }
        else if (device.Name.Length == 0)
        {
            // A network that hides its name goes by its address.
            device.Name = device.Id.Address.ToString();
        }
        drones.Apply(device, record, default, [], o);
    }

    private static AdvertisedSsid? Find(Device device, Dot11Device dot11, ReadOnlySpan<byte> ssid, uint time, out bool added)
    {
        added = false;
        uint hash = Dot11Ssids.HashOf(ssid);
        AdvertisedSsid[] map = dot11.Advertised ?? [];
        foreach (AdvertisedSsid record in map)
        {
            if (record.Hash == hash)
            {
                return record;
            }
        }
        if (map.Length >= Dot11Ssids.MaxSsids)
        {
            return null;
        }
        bool cloaked = SsidText.IsCloaked(ssid);
        AdvertisedSsid created = new()
        {
            Ssid = cloaked ? "" : TextMatch.Equals(ssid, device.Name) ? device.Name : SsidText.Printable(ssid),
            Length = (byte)ssid.Length,
            Hash = hash,
            Cloaked = cloaked,
            FirstTime = time,
            LastTime = time,
        };
        dot11.Advertised = [.. map, created];
        added = true;
        return created;
    }
}
