using KismetOrleans.Wire;

namespace KismetOrleans.Packets.Files;

/// <summary>A file of packets, read from its beginning to its end.</summary>
public interface IReplayReader : IDisposable
{
    /// <summary>Link type of its first packets, as far as it is known.</summary>
    LinkType LinkType { get; }

    /// <summary>How much there is to be read; 0 when unknown.</summary>
    long Length { get; }

    /// <summary>How much of it was read.</summary>
    long FilePosition { get; }

    /// <summary>Why it ended early or what was left out of it; null while it is read and after a clean end.</summary>
    string? Error { get; }

    /// <summary>Fills a batch with the next packets.</summary>
    /// <returns>False at the end, when the batch is empty.</returns>
    bool TryRead(PacketBatch batch);
}
