namespace KismetOrleans.Records.Fields;

/// <summary>A command that cannot be understood.</summary>
/// <param name="message">What is wrong and where, for the client: <c>fields[3]: expected a string or [path, name]</c>.</param>
public sealed class CommandException(string message) : Exception(message);
