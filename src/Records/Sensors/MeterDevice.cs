using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Sensors;

/// <summary>The meter part of a device (<c>meter.device</c>): a utility's meter that tells its reading by radio.</summary>
public sealed class MeterDevice
{
    public ulong Id;

    /// <summary>Electric, Gas, Water or Meter.</summary>
    public string Type = "Meter";

    /// <summary>Its kind as a number.</summary>
    public uint TypeCode;

    /// <summary>Somebody opened it.</summary>
    public uint PhysicalTamper;

    /// <summary>Somebody opened its radio.</summary>
    public uint EndpointTamper;

    /// <summary>Its reading, in its own unit.</summary>
    public double Consumption;

    /// <summary>Readings of before.</summary>
    public Rrd? ConsumptionRrd;

    /// <summary>Kinds of messages that it sends.</summary>
    public string[] Models = [];
}
