namespace KismetOrleans.Records.Devices;

/// <summary>Fields of a stored device that this version does not know.</summary>
/// <param name="Parts">Bits of the parts that are there.</param>
/// <param name="Bytes">The fields, as they were stored.</param>
public sealed record UnreadFields(uint Parts, byte[] Bytes);
