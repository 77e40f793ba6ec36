using KismetOrleans.Wire.Link;

namespace KismetOrleans.Records.Devices;

/// <summary>Signal statistics of a device, of a device at one source, or of a channel (<c>kismet.common.signal.*</c>).</summary>
public sealed class Signal
{
    /// <summary>What the values mean.</summary>
    public SignalKind Kind;

    /// <summary>Newest signal, 0 when unknown.</summary>
    public short Last;

    /// <summary>Newest noise, 0 when unknown.</summary>
    public short LastNoise;

    /// <summary>Weakest signal.</summary>
    public short Min;

    /// <summary>Weakest noise.</summary>
    public short MinNoise;

    /// <summary>Strongest signal.</summary>
    public short Max;

    /// <summary>Strongest noise.</summary>
    public short MaxNoise;

    /// <summary>Highest data rate, 100 kbit/s.</summary>
    public ushort MaxRate100Kbps;

    /// <summary>Ordinals of encodings, or-ed.</summary>
    public byte EncodingSet;

    /// <summary>Ordinals of carriers, or-ed.</summary>
    public byte CarrierSet;

    /// <summary>Where the strongest signal was seen.</summary>
    public GeoPoint? PeakLocation;

    /// <summary>Signal of the last minute, the strongest a second.</summary>
    public Rrd? History;

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
    public Signal Copy()
    {
        Signal copy = (Signal)MemberwiseClone();
        copy.PeakLocation = PeakLocation?.Copy();
        copy.History = History?.Copy();
        return copy;
    }
}
