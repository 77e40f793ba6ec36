using System.Security.Cryptography;
using KismetOrleans.Engine.Auth;
using KismetOrleans.Packets.Files;

namespace KismetOrleans.Storage;

/// <summary>
/// The file of the secret that signs sessions: beside the database, not in it, so that a copy of the database makes no session. Whoever removes it ends all sessions.
/// </summary>
public static class SessionSecret
{
    /// <summary>Ending of the file beside an SQLite file.</summary>
    internal const string Extension = ".secret";

    /// <summary>Reads a file that the settings name.</summary>
    /// <returns>A key of <see cref="AuthState.SecretBytes"/> bytes.</returns>
    /// <exception cref="ArgumentException">It cannot be read, or is too short to be a secret.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path).AsSpan().Trim(" \r\n"u8).ToArray();
            return bytes.Length >= AuthState.SecretBytes ? SHA256.HashData(bytes)
                : throw new ArgumentException($"Auth:SecretFile: {path} has {bytes.Length} bytes, and {AuthState.SecretBytes} random ones are the least");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"Auth:SecretFile: {e.Message}", e);
        }
    }

    /// <summary>Reads the file of a database, which is made where there is none.</summary>
    /// <exception cref="IOException">It is none.</exception>
    internal static byte[] Keep(string path)
    {
        using FileStream file = OwnerOnly.Open(path, FileMode.OpenOrCreate, FileShare.None);
        byte[] secret = new byte[AuthState.SecretBytes];
        if (file.Length == 0)
        {
            RandomNumberGenerator.Fill(secret);
            file.Write(secret);
            file.Flush(flushToDisk: true);
            return secret;
        }
        return file.Length == secret.Length && file.ReadAtLeast(secret, secret.Length, throwOnEndOfStream: false) == secret.Length ? secret
            : throw new IOException($"{path} is no secret of sessions; without it there is a new one, and all log in again");
    }
}
