namespace KismetOrleans.Packets.Sources;

/// <summary>A packet source cannot be opened; the message names it and the reason, and what to do, and is fit for the user.</summary>
public class PacketSourceException(string message, Exception? inner = null) : Exception(message, inner);
