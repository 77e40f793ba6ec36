// draft-ietf-opsawg-pcapng, 4.3 "Enhanced Packet Block" (epb_flags, epb_hash, epb_packetid).
namespace KismetOrleans.Wire.Files;

/// <summary>Which way a packet went through the interface that captured it; numbered as bits 0 and 1 of epb_flags.</summary>
public enum PacketDirection : byte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Received.</summary>
    Inbound = 1,

    /// <summary>Sent.</summary>
    Outbound = 2,
}

/// <summary>What an enhanced packet block says of its packet besides time and lengths.</summary>
public struct PcapngPacketOptions
{
    /// <summary>Direction; nothing is written when unknown (and <see cref="CrcError"/> is not set).</summary>
    public PacketDirection Direction;

    /// <summary>The frame's check sequence did not match (epb_flags, bit 24).</summary>
    public bool CrcError;

    /// <summary>CRC-32 of the frame without its link header and check sequence, as Kismet has it; 0 for none.</summary>
    public uint FrameCrc;

    /// <summary>Number of the packet, equal for one packet that several interfaces saw; 0 for none.</summary>
    public ulong PacketId;

    /// <summary>0 without position, 2 with latitude and longitude, 3 with altitude too.</summary>
    public byte Fix;

    /// <summary>Degrees north.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Metres above mean sea level.</summary>
    public float Altitude;

    /// <summary>The value of epb_flags.</summary>
    public readonly uint Flags => (uint)Direction | (CrcError ? 1u << 24 : 0);
}
