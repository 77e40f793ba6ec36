namespace KismetOrleans.Capture.Edge.Spooling;

/// <summary>A spool cannot be opened; the message says why and is fit for the user.</summary>
internal sealed class SpoolException(string message, Exception? inner = null) : Exception(message, inner);
