// Wi-Fi Alliance, Wi-Fi Protected Setup specification 2.0.8, clauses 8 and 12: attributes, numbers in network order.
using System.Text;

namespace KismetOrleans.SampleGenerator;

/// <summary>The Wi-Fi Protected Setup element of beacons and probe responses.</summary>
public sealed record WpsElement
{
    /// <summary>Whether the access point is configured.</summary>
    public bool Configured { get; init; } = true;

    /// <summary>Whether it refuses further attempts.</summary>
    public bool Locked { get; init; }

    /// <summary>Configuration methods (attribute 0x1008).</summary>
    public ushort ConfigMethods { get; init; } = 0x2688;

    /// <summary>Manufacturer (0x1021).</summary>
    public string Manufacturer { get; init; } = "TP-Link";

    /// <summary>Model name (0x1023).</summary>
    public string ModelName { get; init; } = "Archer C7";

    /// <summary>Model number (0x1024).</summary>
    public string ModelNumber { get; init; } = "5.0";

    /// <summary>Serial number (0x1042).</summary>
    public string SerialNumber { get; init; } = "2173047000042";

    /// <summary>Device name (0x1011).</summary>
    public string DeviceName { get; init; } = "Wireless Router";

    /// <summary>The element as a probe response has it, with all attributes; a beacon's has
    /// <paramref name="brief"/> set and names state only.</summary>
    public byte[] ToElement(bool brief)
    {
        var body = new FrameBuilder().U8(4);
        Attribute(body, 0x104A, [0x10]);
        Attribute(body, 0x1044, [Configured ? (byte)2 : (byte)1]);
        if (Locked)
        {
            Attribute(body, 0x1057, [1]);
        }
        if (!brief)
        {
            Attribute(body, 0x103B, [3]);
            Attribute(body, 0x1047, [0x63, 0x04, 0x12, 0x53, 0x10, 0x19, 0x20, 0x06, 0x12, 0x28,
                .. new Dice(0x5EED + (ulong)SerialNumber.Length).Bytes(6)]);
            Attribute(body, 0x1021, Encoding.UTF8.GetBytes(Manufacturer));
            Attribute(body, 0x1023, Encoding.UTF8.GetBytes(ModelName));
            Attribute(body, 0x1024, Encoding.UTF8.GetBytes(ModelNumber));
            Attribute(body, 0x1042, Encoding.UTF8.GetBytes(SerialNumber));
            Attribute(body, 0x1054, [0, 6, 0x00, 0x50, 0xF2, 0x04, 0, 1]);
            Attribute(body, 0x1011, Encoding.UTF8.GetBytes(DeviceName));
            Attribute(body, 0x1008, [(byte)(ConfigMethods >> 8), (byte)ConfigMethods]);
        }
        // WFA vendor extension with the Version2 subelement: 2.0.
        Attribute(body, 0x1049, [0x00, 0x37, 0x2A, 0x00, 0x01, 0x20]);
        return VendorElements.Of(0x0050F2, body.ToArray());
    }

    private static void Attribute(FrameBuilder body, ushort type, ReadOnlySpan<byte> value) =>
        body.U16Big(type).U16Big((ushort)value.Length).Raw(value);
}
