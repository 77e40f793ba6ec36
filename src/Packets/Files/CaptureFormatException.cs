using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Files;

/// <summary>A capture file cannot be opened; the message names the file and the reason and is fit for the user.</summary>
internal sealed class CaptureFormatException(string message, Exception? inner = null) : PacketSourceException(message, inner);
