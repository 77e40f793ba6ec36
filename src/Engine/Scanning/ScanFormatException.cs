namespace KismetOrleans.Engine.Scanning;

/// <summary>A scan report that cannot be taken. The message begins with the place: <c>reports[17].signal: expected a number</c>.</summary>
public sealed class ScanFormatException(string message) : Exception(message);
