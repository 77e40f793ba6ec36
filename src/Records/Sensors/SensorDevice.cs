using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Sensors;

/// <summary>What a sensor measures: each is a part of its record.</summary>
[Flags]
public enum SensorParts : ushort
{
    /// <summary>Nothing that is known here.</summary>
    None = 0,

    Thermometer = 1,

    /// <summary>Wind, rain, light.</summary>
    WeatherStation = 1 << 1,

    /// <summary>Pressure of a tyre.</summary>
    Tpms = 1 << 2,

    /// <summary>Switches and contacts.</summary>
    Switch = 1 << 3,

    /// <summary>Insteon's home automation.</summary>
    Insteon = 1 << 4,

    Lightning = 1 << 5,

    /// <summary>Humidity of air or soil.</summary>
    Moisture = 1 << 6,

    AirQuality = 1 << 7,
}

/// <summary>A number that a sensor tells. Stored by its place here: new ones come last.</summary>
public enum SensorNumber
{
    /// <summary>°C.</summary>
    Temperature,

    /// <summary>Degrees.</summary>
    WindDirection,

    /// <summary>km/h.</summary>
    WindSpeed,

    /// <summary>km/h.</summary>
    WindGust,

    /// <summary>mm.</summary>
    Rain,

    /// <summary>Its own unit.</summary>
    RainRaw,

    /// <summary>UV index.</summary>
    UvIndex,

    /// <summary>lx.</summary>
    Lux,

    /// <summary>°C, in a tyre.</summary>
    TyreTemperature,

    /// <summary>bar.</summary>
    PressureBar,

    /// <summary>psi.</summary>
    PressurePsi,

    /// <summary>kPa.</summary>
    PressureKpa,

    StrikeCount,

    /// <summary>Distance of the storm, without a unit.</summary>
    StormDistance,

    /// <summary>Whether there is a storm.</summary>
    StormActive,

    LightningRfi,

    /// <summary>%.</summary>
    Moisture,

    /// <summary>µg/m³.</summary>
    Pm25,

    /// <summary>µg/m³.</summary>
    Pm10,

    /// <summary>How many there are.</summary>
    Count,
}

/// <summary>A text that a sensor tells. Stored by its place here: new ones come last.</summary>
public enum SensorText
{
    Model,

    /// <summary>Number that it gives itself.</summary>
    Id,

    Subchannel,
    Battery,

    /// <summary>How strongly it was received, dB.</summary>
    Rssi,

    /// <summary>Above the noise, dB.</summary>
    Snr,

    /// <summary>Noise, dB.</summary>
    Noise,

    TyreFlags,
    TyreState,

    /// <summary>How its report was checked.</summary>
    TyreChecksum,

    TyreCode,

    /// <summary>First of five switches.</summary>
    Switch1,

    /// <summary>Second switch.</summary>
    Switch2,

    /// <summary>Third switch.</summary>
    Switch3,

    /// <summary>Fourth switch.</summary>
    Switch4,

    /// <summary>Fifth switch.</summary>
    Switch5,

    /// <summary>Insteon: sender.</summary>
    FromId,

    /// <summary>Insteon: receiver.</summary>
    ToId,

    /// <summary>Insteon: kind of message.</summary>
    MessageType,

    /// <summary>Insteon: the same in words.</summary>
    MessageText,

    /// <summary>Insteon: hops at most.</summary>
    HopsMax,

    HopsLeft,

    /// <summary>How many there are.</summary>
    Count,
}

/// <summary>The sensor part of a device (<c>sensor.device</c>): what a thermometer, a tyre or a switch tells by radio.</summary>
public sealed class SensorDevice
{
    private readonly double[] _numbers = new double[(int)SensorNumber.Count];
    private readonly string[] _texts = [.. Enumerable.Repeat("", (int)SensorText.Count)];
    private Rrd?[]? _histories;

    public SensorParts Parts;

    /// <summary>A number, 0 where it was not told.</summary>
    public double this[SensorNumber number]
    {
        get => _numbers[(int)number];
        set => _numbers[(int)number] = value;
    }

    /// <summary>A text, "" where it was not told.</summary>
    public string this[SensorText text]
    {
        get => _texts[(int)text];
        set => _texts[(int)text] = value;
    }

    /// <summary>The past of a number, null where there is none.</summary>
    public Rrd? History(SensorNumber number) => _histories?[(int)number];

    /// <summary>Sets the past of a number.</summary>
    public void Keep(SensorNumber number, Rrd history) => (_histories ??= new Rrd?[(int)SensorNumber.Count])[(int)number] = history;
}
