namespace KismetOrleans.Wire.Link;

/// <summary>What signal values mean.</summary>
public enum SignalKind : byte
{
    /// <summary>No signal was reported.</summary>
    None,

    /// <summary>Decibels relative to one milliwatt.</summary>
    Dbm,

    /// <summary>The driver's own scale.</summary>
    Rssi,
}

/// <summary>Modulation families, numbered as the API's <c>encodingset</c> expects.</summary>
public enum RadioEncoding : byte
{
    /// <summary>Not reported.</summary>
    Unknown = 0,

    /// <summary>Complementary code keying.</summary>
    Cck = 1,

    /// <summary>Packet binary convolutional coding.</summary>
    Pbcc = 2,

    /// <summary>Orthogonal frequency division multiplexing.</summary>
    Ofdm = 3,

    /// <summary>CCK and OFDM mixed on one channel.</summary>
    DynamicCck = 4,

    /// <summary>Gaussian frequency shift keying.</summary>
    Gfsk = 5,
}

/// <summary>Carriers, numbered as the API's <c>carrierset</c> expects.</summary>
public enum RadioCarrier : byte
{
    /// <summary>Not reported.</summary>
    Unknown = 0,

    /// <summary>802.11b.</summary>
    Dot11B = 1,

    /// <summary>802.11b with PBCC.</summary>
    Dot11BPlus = 2,

    /// <summary>802.11a.</summary>
    Dot11A = 3,

    /// <summary>802.11g.</summary>
    Dot11G = 4,

    /// <summary>802.11 frequency hopping.</summary>
    Fhss = 5,

    /// <summary>802.11 direct sequence.</summary>
    Dsss = 6,

    /// <summary>802.11n, 20 MHz.</summary>
    Dot11N20 = 7,

    /// <summary>802.11n, 40 MHz.</summary>
    Dot11N40 = 8,
}

/// <summary>What a link header says about how a frame was received. Every decoder of a link type fills one of these.</summary>
public struct RadioHeader
{
    /// <summary>Bytes from the start of the packet to the start of the frame.</summary>
    public int HeaderLength;

    /// <summary>Bytes of the frame check sequence at the end of the frame: 4 of 802.11, 2 (or 4) of 802.15.4, 0 where there is none or the snap length cut into it.</summary>
    public int FcsLength;

    /// <summary>Link type of what follows the header (PPI names it; the others imply it).</summary>
    public LinkType Inner;

    /// <summary>Centre frequency in kHz, 0 when not reported.</summary>
    public uint FrequencyKhz;

    /// <summary>What <see cref="Signal"/> and <see cref="Noise"/> mean.</summary>
    public SignalKind SignalKind;

    /// <summary>Signal, in the unit that <see cref="SignalKind"/> names; the first value where the header has one per antenna.</summary>
    public short Signal;

    /// <summary>Noise, 0 when not reported.</summary>
    public short Noise;

    /// <summary>Data rate in units of 100 kbit/s from the header's plain rate field, 0 when not reported (HT and later rates are not derived).</summary>
    public ushort Rate100Kbps;

    /// <summary>Whether <see cref="Lqi"/> was reported.</summary>
    public bool HasLqi;

    /// <summary>Link quality of 802.15.4 (IEEE Std 802.15.4-2020, 10.2.6), which grows with it; the scale is the receiver's.</summary>
    public byte Lqi;

    /// <summary>Modulation family.</summary>
    public RadioEncoding Encoding;

    /// <summary>Carrier.</summary>
    public RadioCarrier Carrier;

    /// <summary>The receiver said that the check sequence did not match.</summary>
    public bool ReportedBadFcs;

    /// <summary>0 without position, 2 with latitude and longitude, 3 with altitude too.</summary>
    public byte Fix;

    /// <summary>Degrees north.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Metres above mean sea level.</summary>
    public float Altitude;

    /// <summary>What was wrong with the header.</summary>
    public Anomalies Anomalies;
}
