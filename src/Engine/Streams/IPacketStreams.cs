using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Streams;

/// <summary>What a client asks for that wants packets.</summary>
/// <param name="Name">Name of the stream, for example of the file that it becomes.</param>
/// <param name="Path">Where it goes: <c>httpd</c> for web clients, <see cref="LogPath"/> for logs, which are not listed.</param>
/// <param name="Holds">A replay in the same process is held back while the stream is full; what is live never is.</param>
public sealed record StreamRequest(PacketFilter Filter, string Name, string Description, string Path = "httpd", bool Holds = false)
{
    public const string LogPath = "log";
}

/// <summary>Exports of live packets: opens, lists and closes them. Numbers are never given twice.</summary>
public interface IPacketStreams
{
    /// <summary>Opens a stream: packets that any datasource dissects from now on come to it.</summary>
    /// <returns>The stream, to be disposed; null when there are too many.</returns>
    ValueTask<IPacketStream?> OpenAsync(StreamRequest request);

    /// <summary>The open streams, by number.</summary>
    ValueTask<IReadOnlyList<StreamRecord>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Ends a stream: it takes no more packets and its file is ended.</summary>
    /// <returns>False when there is none of this number.</returns>
    ValueTask<bool> CloseAsync(long id);
}

/// <summary>An open stream. Read by one caller at a time; disposing it closes it.</summary>
public interface IPacketStream : IAsyncDisposable
{
    long Id { get; }

    /// <summary>Packets that it lost because it was not read fast enough. Which ones, notes among the packets tell.</summary>
    long Dropped { get; }

    /// <summary>Fires when the stream is closed by its number. What waits can still be read.</summary>
    CancellationToken Closed { get; }

    /// <summary>Takes the oldest packets that wait; waits for some.</summary>
    /// <returns>The packets, to be disposed; null when the stream is closed and everything was read.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired while waiting.</exception>
    ValueTask<TappedPackets?> ReadAsync(CancellationToken cancellation);

    /// <summary>Says what was written so far, for the record.</summary>
    /// <param name="bytes">Bytes since the stream was opened.</param>
    ValueTask CountAsync(long bytes, long packets);
}
