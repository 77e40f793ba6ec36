using KismetOrleans.Wire.Link;

namespace KismetOrleans.Records.Devices;

/// <summary>Signal statistics of a device, of a device at one source, or of a channel (<c>kismet.common.signal.*</c>).</summary>
[GenerateSerializer, Alias("KismetOrleans.Signal")]
public sealed class Signal
{
    /// <summary>What the values mean.</summary>
    [Id(0)] public SignalKind Kind;

    /// <summary>Newest signal, 0 when unknown.</summary>
    [Id(1)] public short Last;

    /// <summary>Newest noise, 0 when unknown.</summary>
    [Id(2)] public short LastNoise;

    [Id(3)] public short Min;

    /// <summary>Weakest noise.</summary>
    [Id(4)] public short MinNoise;

    [Id(5)] public short Max;

    /// <summary>Strongest noise.</summary>
    [Id(6)] public short MaxNoise;

    /// <summary>Highest data rate, 100 kbit/s.</summary>
    [Id(7)] public ushort MaxRate100Kbps;

    /// <summary>Ordinals of encodings, or-ed.</summary>
    [Id(8)] public byte EncodingSet;

    /// <summary>Ordinals of carriers, or-ed.</summary>
    [Id(9)] public byte CarrierSet;

    /// <summary>Where the strongest signal was seen.</summary>
    [Id(10)] public GeoPoint? PeakLocation;

    /// <summary>Signal of the last minute, the strongest a second.</summary>
    [Id(11)] public Rrd? History;

    /// <summary>
    /// Whether values of a unit are taken in. Decibels of a receiver's own scale and dBm are never mixed: the latter mean the same everywhere, so they
    /// replace what was seen before.
    /// </summary>
    public bool Takes(SignalKind kind)
    {
        if (Kind == SignalKind.None)
        {
            Kind = kind;
        }
        else if (kind == SignalKind.Dbm && Kind == SignalKind.Rssi)
        {
            Kind = kind;
            Last = Min = Max = LastNoise = MinNoise = MaxNoise = 0;
            PeakLocation = null;
            History = null;
        }
        return kind == Kind || kind == SignalKind.None;
    }

    /// <summary>Takes a signal in; 0 is none.</summary>
    /// <returns>Whether it is the strongest so far.</returns>
    public bool Hear(short signal)
    {
        if (signal == 0)
        {
            return false;
        }
        Last = signal;
        Min = Min == 0 ? signal : Math.Min(Min, signal);
        bool strongest = Max == 0 || signal > Max;
        Max = strongest ? signal : Max;
        return strongest;
    }

    /// <summary>Takes a noise in; 0 is none.</summary>
    public void HearNoise(short noise)
    {
        if (noise == 0)
        {
            return;
        }
        LastNoise = noise;
        MinNoise = MinNoise == 0 ? noise : Math.Min(MinNoise, noise);
        MaxNoise = MaxNoise == 0 ? noise : Math.Max(MaxNoise, noise);
    }

    /// <summary>A copy that later changes of this one do not reach.</summary>
    internal Signal Copy()
    {
        Signal copy = (Signal)MemberwiseClone();
        copy.PeakLocation = PeakLocation?.Copy();
        copy.History = History?.Copy();
        return copy;
    }
}
