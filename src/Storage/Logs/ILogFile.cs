using KismetOrleans.Engine.Streams;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// One file of a log. Used by the log's thread alone. Whatever cannot be written is thrown as <see cref="IOException"/> or
/// <see cref="Sqlite.SqliteFault"/>, after which the file is only to be disposed.
/// </summary>
internal interface ILogFile : IDisposable
{
    long Bytes { get; }

    long Packets { get; }

    /// <summary>Packets that it could not take.</summary>
    long Dropped => 0;

    /// <summary>Writes packets, and takes notes of lost ones, until there are no more of them or the file is full; one entry at least.</summary>
    /// <param name="position">Where to begin in the block; then where the rest begins, the block's length at its end.</param>
    /// <param name="limit">Bytes that the file may have at its end.</param>
    void Write(TappedPackets packets, ref int position, long limit);

    /// <summary>Whether another packet would make it larger than it may be, with all that it must have at its end.</summary>
    bool IsFull(long limit) => Bytes >= limit;

    /// <summary>Does what is due, as making what was written visible to readers; called about once a second.</summary>
    void Tend();

    /// <summary>Ends the file as those must end that other tools shall read.</summary>
    void Close();
}
