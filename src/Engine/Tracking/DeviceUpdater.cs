using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tracking;

/// <summary>What an observation says about a device in one of its roles.</summary>
[Flags]
internal enum Role
{
    /// <summary>It was heard of.</summary>
    Seen = 0,

    /// <summary>It sent the frame or its payload: counts as transmitted.</summary>
    Sender = 1,

    /// <summary>The frame is for it: counts as received.</summary>
    Receiver = 2,

    /// <summary>The radio saw this very device: signal, frequency and place are its own.</summary>
    OnAir = 4,
}

/// <summary>The part of a device's record that all phys share (inventory: dot11-tracking.md, 3).</summary>
public sealed class DeviceUpdater(DeviceSet devices, TrackingOptions options)
{
    /// <summary>Takes an observation into a device.</summary>
    /// <param name="batch">Where it came from.</param>
    /// <param name="role">The device's part in it.</param>
    /// <param name="hearing">Whether the frame counts, or only who hears it, and how well, is new.</param>
    internal void Update(Device device, in Observation o, ObservationBatch batch, Role role, Hearing hearing)
    {
        bool management = o.Kind == ObservationKind.Btle || o.Frame.Type == FrameType.Management;
        bool duplicate = hearing != Hearing.First;
        if (hearing == Hearing.Again && !management)
        {
            // The same source says nothing new.
            return;
        }
        uint time = o.Seconds;
        if (device.FirstTime == 0 || time < device.FirstTime)
        {
            device.FirstTime = time;
        }
        device.LastTime = Math.Max(device.LastTime, time);
        device.ModTime = batch.Clock;
        device.SeenSince = device.SeenSince == 0 ? batch.Clock : device.SeenSince;
        SeenBy seen = FindSeenBy(device, o.Source, time);
        seen.Packets++;
        seen.FirstTime = Math.Min(seen.FirstTime, time);
        seen.LastTime = Math.Max(seen.LastTime, time);
        if ((role & Role.OnAir) != 0 || ((role & Role.Sender) != 0 && management))
        {
            devices.Presence?.Note(device.Id, seen, o, batch.Clock);
        }
        if ((role & Role.OnAir) != 0)
        {
            Hear(device, seen, o, batch, duplicate);
        }
        if (duplicate || (role & (Role.Sender | Role.Receiver)) == 0)
        {
            return;
        }
        Count(device, o, batch.Clock, role, management);
    }

    private void Count(Device device, in Observation o, uint clock, Role role, bool management)
    {
        device.Packets++;
        if (options.DeviceRrds)
        {
            (device.PacketsRrd ??= new()).Add(clock, 1);
        }
        if ((role & Role.Sender) != 0)
        {
            device.TxPackets++;
            if (options.DeviceRrds)
            {
                (device.TxRrd ??= new()).Add(clock, 1);
            }
        }
        else
        {
            device.RxPackets++;
            if (options.DeviceRrds)
            {
                (device.RxRrd ??= new()).Add(clock, 1);
            }
        }
        if (management)
        {
            device.LlcPackets++;
            return;
        }
        device.DataPackets++;
        if (o.Frame.BodyLength > 0 && !o.Frame.IsNull)
        {
            device.DataSize += (uint)o.Frame.BodyLength;
            if (options.DeviceRrds)
            {
                (device.DataRrd ??= new()).Add(clock, o.Frame.BodyLength);
            }
        }
        device.BasicCryptSet |= (byte)CryptOf(o.Frame);
    }

    private static BasicCrypt CryptOf(in Dot11Frame frame) => frame.Cipher switch
    {
        FrameCipher.Wep => BasicCrypt.Encrypted | BasicCrypt.Layer2 | BasicCrypt.Weak,
        FrameCipher.Wpa or FrameCipher.Unknown => BasicCrypt.Encrypted,
        _ => frame.Payload == PayloadKind.EapolKey ? BasicCrypt.Encrypted : BasicCrypt.None,
    };

    private void Hear(Device device, SeenBy seen, in Observation o, ObservationBatch batch, bool duplicate)
    {
        GeoPoint? place = o.Location < 0 ? null : batch.Locations[o.Location];
        if (o.FrequencyKhz != 0 && !duplicate)
        {
            device.FrequencyKhz = o.FrequencyKhz;
            device.Frequencies.Add(o.FrequencyKhz);
        }
        if (o.HasRadio)
        {
            Add(device.Signal ??= new(), o, batch.Clock, place, options.DeviceRrds);
        }
        if (options.PerSourceStats)
        {
            seen.Frequencies.Add(o.FrequencyKhz);
            if (o.HasRadio)
            {
                Add(seen.Signal ??= new(), o, batch.Clock, place, history: false);
                if (options.DeviceRrds && o.Signal != 0 && o.SignalKind == seen.Signal.Kind)
                {
                    (seen.SignalHistory ??= new(RrdAggregate.Peak)).Add(batch.Clock, o.Signal);
                }
            }
        }
        if (place is not null)
        {
            if (seen.SensorPlace != place)
            {
                seen.SensorPlace = place;
                devices.SensorPlaces[o.Source] = (place, o.Seconds);
            }
            (device.Location ??= new()).Add(place);
            (device.Track ??= new()).Add(place, o.Signal, o.FrequencyKhz);
        }
    }

    /// <summary>Takes the radio's view of a packet into signal statistics.</summary>
    internal static void Add(Signal signal, in Observation o, uint clock, GeoPoint? place, bool history)
    {
        bool isTaken = signal.Takes(o.SignalKind);
        signal.EncodingSet |= (byte)o.Encoding;
        signal.CarrierSet |= (byte)o.Carrier;
        signal.MaxRate100Kbps = Math.Max(signal.MaxRate100Kbps, o.Rate100Kbps);
        if (!isTaken)
        {
            return;
        }
        if (signal.Hear(o.Signal))
        {
            signal.PeakLocation = place ?? signal.PeakLocation;
        }
        if (history && o.Signal != 0)
        {
            (signal.History ??= new(RrdAggregate.Peak, minuteOnly: true)).Add(clock, o.Signal);
        }
        signal.HearNoise(o.Noise);
    }

    private SeenBy FindSeenBy(Device device, ushort sourceNumber, uint time)
    {
        foreach (SeenBy entry in device.SeenBy)
        {
            if (entry.SourceNumber == sourceNumber)
            {
                return entry;
            }
        }
        SeenBy seen = new() { SourceNumber = sourceNumber, FirstTime = time };
        if (device.SeenBy.Length < SeenBy.Most)
        {
            device.SeenBy = [.. device.SeenBy, seen];
        }
        else
        {
            int oldest = OldestOf(device.SeenBy);
            devices.CountSeenBy(device.SeenBy[oldest].SourceNumber, -1);
            devices.Presence?.Close(device.Id, device.SeenBy[oldest]);
            device.SeenBy[oldest] = seen;
            device.SeenByLeftOut++;
        }
        devices.CountSeenBy(sourceNumber, 1);
        return seen;
    }

    private static int OldestOf(SeenBy[] sources)
    {
        int oldest = 0;
        for (int i = 1; i < sources.Length; i++)
        {
            oldest = sources[i].LastTime < sources[oldest].LastTime ? i : oldest;
        }
        return oldest;
    }
}
