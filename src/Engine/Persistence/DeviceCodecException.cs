namespace KismetOrleans.Engine.Persistence;

/// <summary>The bytes of a stored device are not what <see cref="DeviceCodec"/> writes: spoiled, cut, or of a version that this server does not know.</summary>
public sealed class DeviceCodecException(string message) : FormatException(message);
