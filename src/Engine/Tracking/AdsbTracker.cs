using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Reports;
using KismetOrleans.Records.Adsb;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire.Adsb;

namespace KismetOrleans.Engine.Tracking;

/// <summary>What aircraft tell of themselves: who, where, how high and how fast.</summary>
internal sealed class AdsbTracker(DeviceSet devices, DeviceUpdater updater)
{
    // What is further apart in time may be zones apart: ten seconds are what receivers allow.
    private const uint PairSeconds = 10;

    public void Apply(in Observation o, ObservationBatch batch, in ReportFields fields)
    {
        Span<byte> bytes = stackalloc byte[ModeS.LongLength];
        if (!AdsbReport.TryRead(fields, bytes, out int length, out ModeS message))
        {
            return;
        }
        DeviceId id = new(Phy.Adsb, AdsbReport.AddressOf(message.Icao));
        if (!devices.Owns(id))
        {
            return;
        }
        Device device = devices.FindOrAdd(id, out bool added);
        updater.Update(device, o, batch, Role.Sender | Role.OnAir, Hearing.First);
        if (devices.Events.Wants(EventTopics.Adsb))
        {
            devices.Events.Note(new TextEvent(EventTopics.Adsb, $"{o.Source} {Convert.ToHexString(bytes[..length])}"));
        }
        AdsbDevice aircraft = device.Adsb ??= new() { Icao = message.Icao };
        if (added)
        {
            aircraft.Registration = devices.Aircraft?.Find(message.Icao);
            device.Type = aircraft.Registration?.DeviceType ?? "Airplane";
            device.Manufacturer = "ADSB";
            Name(device, aircraft);
        }
        switch (message.Content)
        {
            case ModeSContent.Identification:
                Name(device, aircraft, message.Callsign);
                break;
            case ModeSContent.Position:
                aircraft.Altitude = message.Altitude ?? aircraft.Altitude;
                Place(device, aircraft, message, o);
                break;
            case ModeSContent.Velocity:
                aircraft.Speed = message.Speed ?? aircraft.Speed;
                aircraft.Heading = message.Heading ?? aircraft.Heading;
                break;
        }
    }

    // Six bits a character (ICAO Annex 10, Volume IV, 3.1.2.9.1.2).
    private static void Name(Device device, AdsbDevice aircraft, ulong encoded)
    {
        Span<char> text = stackalloc char[8];
        int length = 0;
        for (int shift = 42; shift >= 0; shift -= 6)
        {
            int six = (int)(encoded >> shift) & 63;
            char letter = six is >= 1 and <= 26 ? (char)('A' + six - 1) : six is >= 48 and <= 57 ? (char)six : ' ';
            if (letter != ' ')
            {
                text[length++] = letter;
            }
        }
        if (length > 0 && !text[..length].SequenceEqual(aircraft.Callsign))
        {
            aircraft.Callsign = new(text[..length]);
            Name(device, aircraft);
        }
    }

    private static void Name(Device device, AdsbDevice aircraft) => device.Name = aircraft.Registration is { } known
        ? string.Join(' ', new[] { aircraft.Callsign, known.Type, known.Owner }.Where(static part => part.Length > 0))
        : $"ADSB {aircraft.Icao:x} {aircraft.Callsign}".TrimEnd();

    private static void Place(Device device, AdsbDevice aircraft, in ModeS message, in Observation o)
    {
        uint second = o.Seconds;
        if (message.IsOdd)
        {
            (aircraft.OddLatitude, aircraft.OddLongitude, aircraft.OddTime) = (message.RawLatitude, message.RawLongitude, second);
        }
        else
        {
            (aircraft.EvenLatitude, aircraft.EvenLongitude, aircraft.EvenTime) = (message.RawLatitude, message.RawLongitude, second);
        }
        uint other = message.IsOdd ? aircraft.EvenTime : aircraft.OddTime;
        if (other == 0 || Math.Abs((long)second - other) > PairSeconds
            || !CompactPosition.TryDecode(aircraft.EvenLatitude, aircraft.EvenLongitude, aircraft.OddLatitude, aircraft.OddLongitude, message.IsOdd, out double latitude, out double longitude))
        {
            return;
        }
        GeoPoint place = new()
        {
            Latitude = latitude,
            Longitude = longitude,
            Altitude = aircraft.Altitude,
            Speed = aircraft.Speed,
            Heading = aircraft.Heading,
            Fix = (byte)(aircraft.Altitude != 0 ? 3 : 2),
            TimeNs = o.TimeNs,
        };
        (device.Location ??= new()).Add(place);
        (device.Track ??= new()).Add(place, o.Signal, o.FrequencyKhz);
    }
}
