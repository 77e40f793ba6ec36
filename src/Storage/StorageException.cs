namespace KismetOrleans.Storage;

/// <summary>A database cannot be used as it is: somebody else has it, its schema is not this server's, or it is no such database.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
