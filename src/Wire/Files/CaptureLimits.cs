namespace KismetOrleans.Wire.Files;

/// <summary>Bounds that capture files are held to.</summary>
public static class CaptureLimits
{
    /// <summary>Bytes of a packet: libpcap's greatest snap length. A record that claims more is damage.</summary>
    public const int MaxPacketLength = 262_144;

    /// <summary>Bytes of a pcapng section header or interface description, which must be held whole to be read: a comment fits 65,535.</summary>
    public const int MaxDescriptionLength = 262_144;

    /// <summary>Interfaces of one pcapng section; a file of nothing but descriptions must not fill the memory.</summary>
    public const int MaxInterfaces = 4_096;
}
