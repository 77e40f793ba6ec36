namespace KismetOrleans.Packets.Files;

/// <summary>What a file that is no capture is instead, as far as its first bytes tell.</summary>
public static class CaptureMagic
{
    /// <summary>Whether the file is gzipped (RFC 1952, 2.3.1).</summary>
    public static bool IsGzip(ReadOnlySpan<byte> file) => file is [0x1F, 0x8B, ..];

    /// <summary>Words for the user, in brackets behind a blank; "" for what is no packed capture.</summary>
    internal static string Describe(ReadOnlySpan<byte> file) => file switch
    {
        [0x1F, 0x8B, ..] => " (gzipped twice, or through a pipe: unpack it first)",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => " (packed with zstd: unpack it first)",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => " (packed with xz: unpack it first)",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => " (packed with bzip2: unpack it first)",
        [0x04, 0x22, 0x4D, 0x18, ..] => " (packed with lz4: unpack it first)",
        [(byte)'P', (byte)'K', 3, 4, ..] => " (a zip archive: unpack it first)",
        [(byte)'S', (byte)'Q', (byte)'L', (byte)'i', (byte)'t', (byte)'e', ..] => " (an SQLite database; a server, not an agent, reads a kismetdb log, which is named .kismet or has the option type=kismetdb)",
        // What is in a file that is none of a server's business it tells nobody.
        _ => "",
    };
}
