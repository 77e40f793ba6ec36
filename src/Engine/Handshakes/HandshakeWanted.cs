using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Handshakes;

/// <summary>Which of the frames kept of an access point are asked for.</summary>
public enum HandshakeKind : byte
{
    /// <summary>EAPOL-Key frames of all clients.</summary>
    All,

    /// <summary>EAPOL-Key frames of one client.</summary>
    Client,

    /// <summary>The frame with a PMKID.</summary>
    Pmkid,
}

/// <summary>Frames of a handshake that are asked for.</summary>
/// <param name="Client">The client of <see cref="HandshakeKind.Client"/>.</param>
public readonly record struct HandshakeWanted(HandshakeKind Kind, MacAddress Client = default);
