using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Protocol;

/// <summary>
/// Numbers of the protocol between an edge agent and the server: one websocket per source, one frame (<see cref="EdgeFrame"/>) per binary
/// message. docs/edge-protocol.md tells it in words.
/// </summary>
public static class EdgeProtocol
{
    /// <summary>
    /// Version of everything here; a peer of another version is told so and sent away. Appended fields, appended columns of a batch and new messages do not
    /// need another: who does not know them passes them over.
    /// </summary>
    public const byte Version = 1;

    /// <summary>Where the server takes agents.</summary>
    public const string Path = "/datasource/remote/edge.ws";

    /// <summary>Packets of a batch.</summary>
    public const int MaxBatchPackets = 4096;

    /// <summary>Octets of all packets of a batch; the longest single packet fits four times.</summary>
    public const int MaxBatchOctets = 4 * CaptureLimits.MaxPacketLength;

    /// <summary>Octets of what is said about a packet beside its own: time 10, lengths 10, link type, interface and flags with their run 12.</summary>
    public const int MaxColumnOctets = MaxBatchPackets * 32;

    /// <summary>Octets of a batch's body when it is not compressed.</summary>
    public const int MaxBodyOctets = MaxBatchOctets + MaxColumnOctets;

    /// <summary>Octets of the longest frame: a batch whose body is not compressed.</summary>
    public const int MaxFrameOctets = EdgeFrame.HeaderLength + BatchHeader.Length + MaxBodyOctets;

    /// <summary>Octets of any other message: lists of channels and a definition fit many times.</summary>
    public const int MaxControlOctets = 65_536;

    /// <summary>Octets of one text.</summary>
    public const int MaxTextOctets = 4_096;

    /// <summary>Members of a list: Wi-Fi has some 200 channels with all their widths.</summary>
    public const int MaxListLength = 1_024;

    /// <summary>Batches that an agent may have sent without hearing that they are saved, unless the server says otherwise.</summary>
    public const int DefaultWindowBatches = 512;

    /// <summary>Octets of frames likewise.</summary>
    public const int DefaultWindowOctets = 64 << 20;
}
