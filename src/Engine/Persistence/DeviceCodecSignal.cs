using KismetOrleans.Records.Devices;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Persistence;

/// <summary>What radios saw: signals, frequencies, sources.</summary>
internal static class DeviceCodecSignal
{
    [Flags]
    private enum Parts : byte
    {
        Noise = 1,
        PeakLocation = 2,
        History = 4,
    }

    [Flags]
    private enum SeenParts : byte
    {
        Signal = 1,
        History = 2,
    }

    public static void WriteIf(Signal? signal, DeviceCodecWriter writer)
    {
        if (signal is null)
        {
            return;
        }
        int start = writer.Begin();
        bool noise = signal.LastNoise != 0 || signal.MinNoise != 0 || signal.MaxNoise != 0;
        writer.Byte((byte)((noise ? Parts.Noise : 0)
            | (signal.PeakLocation is null ? 0 : Parts.PeakLocation)
            | (signal.History is null ? 0 : Parts.History)));
        writer.Byte((byte)signal.Kind);
        writer.Int(signal.Last);
        writer.Int(signal.Min);
        writer.Int(signal.Max);
        if (noise)
        {
            writer.Int(signal.LastNoise);
            writer.Int(signal.MinNoise);
            writer.Int(signal.MaxNoise);
        }
        writer.UInt(signal.MaxRate100Kbps);
        writer.Byte(signal.EncodingSet);
        writer.Byte(signal.CarrierSet);
        if (signal.PeakLocation is not null)
        {
            DeviceCodecLocation.WriteShared(signal.PeakLocation, writer);
        }
        DeviceCodecRrd.WriteIf(signal.History, writer);
        writer.End(start);
    }

    public static Signal Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Parts parts = (Parts)reader.Byte();
        Signal signal = new()
        {
            Kind = (SignalKind)reader.Byte(),
            Last = reader.Int16(),
            Min = reader.Int16(),
            Max = reader.Int16(),
        };
        if ((parts & Parts.Noise) != 0)
        {
            signal.LastNoise = reader.Int16();
            signal.MinNoise = reader.Int16();
            signal.MaxNoise = reader.Int16();
        }
        signal.MaxRate100Kbps = reader.UInt16();
        signal.EncodingSet = reader.Byte();
        signal.CarrierSet = reader.Byte();
        signal.PeakLocation = (parts & Parts.PeakLocation) == 0 ? null : DeviceCodecLocation.ReadShared(ref reader);
        signal.History = (parts & Parts.History) == 0 ? null : DeviceCodecRrd.Read(ref reader);
        return signal;
    }

    public static void Write(in FrequencyCounts frequencies, DeviceCodecWriter writer)
    {
        writer.UInt((uint)frequencies.Count);
        for (int i = 0; i < frequencies.Count; i++)
        {
            FrequencyCounts.Entry entry = frequencies[i];
            writer.UInt(entry.Khz);
            writer.UInt(entry.Packets);
        }
    }

    public static FrequencyCounts ReadFrequencies(ref DeviceCodecReader reader)
    {
        int count = reader.Count(2);
        if (count == 0)
        {
            return default;
        }
        FrequencyCounts.Entry first = ReadFrequency(ref reader);
        FrequencyCounts.Entry[]? more = count == 1 ? null : new FrequencyCounts.Entry[count - 1];
        for (int i = 1; i < count; i++)
        {
            more![i - 1] = ReadFrequency(ref reader);
        }
        return new(first, more);
    }

    public static void Write(SeenBy[] sources, DeviceCodecWriter writer)
    {
        writer.UInt((uint)sources.Length);
        foreach (SeenBy seen in sources)
        {
            int start = writer.Begin();
            writer.UInt(seen.SourceNumber);
            writer.Time(seen.FirstTime);
            writer.Time(seen.LastTime);
            writer.UInt(seen.Packets);
            Write(seen.Frequencies, writer);
            writer.Byte((byte)((seen.Signal is null ? 0 : SeenParts.Signal) | (seen.SignalHistory is null ? 0 : SeenParts.History)));
            WriteIf(seen.Signal, writer);
            DeviceCodecRrd.WriteIf(seen.SignalHistory, writer);
            if (seen.PresencePackets > 0 || seen.PresenceSlot > 0 || seen.PresenceSignal != 0)
            {
                writer.UInt(seen.PresenceSlot);
                writer.UInt(seen.PresencePackets);
                writer.Byte((byte)seen.PresenceSignal);
            }
            writer.End(start);
        }
    }

    public static SeenBy[] ReadSeenBy(ref DeviceCodecReader outer)
    {
        int count = outer.Count();
        SeenBy[] sources = count == 0 ? [] : new SeenBy[count];
        for (int i = 0; i < count; i++)
        {
            DeviceCodecReader reader = outer.Part();
            SeenBy seen = sources[i] = new()
            {
                SourceNumber = reader.UInt16(),
                FirstTime = reader.Time(),
                LastTime = reader.Time(),
                Packets = reader.UInt32(),
                Frequencies = ReadFrequencies(ref reader),
            };
            SeenParts parts = (SeenParts)reader.Byte();
            seen.Signal = (parts & SeenParts.Signal) == 0 ? null : Read(ref reader);
            seen.SignalHistory = (parts & SeenParts.History) == 0 ? null : DeviceCodecRrd.Read(ref reader);
            if (reader.HasMore)
            {
                (seen.PresenceSlot, seen.PresencePackets, seen.PresenceSignal) = (reader.UInt32(), reader.UInt32(), (sbyte)reader.Byte());
            }
        }
        // Earlier servers had no bound.
        return count <= SeenBy.Most ? sources : [.. sources.OrderByDescending(static seen => seen.LastTime).Take(SeenBy.Most)];
    }

    private static FrequencyCounts.Entry ReadFrequency(ref DeviceCodecReader reader)
    {
        uint khz = reader.UInt32();
        return khz != 0 ? new(khz, reader.UInt32()) : throw DeviceCodecReader.Spoiled("packets on a frequency of 0");
    }
}
