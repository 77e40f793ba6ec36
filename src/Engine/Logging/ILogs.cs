using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Logging;

/// <summary>A log cannot be started or used; the message says why.</summary>
public sealed class LogException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The logs of this server.</summary>
public interface ILogs
{
    /// <summary>Logs of this server since its start, open and closed, oldest first.</summary>
    IReadOnlyList<LogRecord> All { get; }

    /// <summary>Starts a log.</summary>
    /// <param name="kind">Its kind, one of <see cref="LogDrivers"/>.</param>
    /// <param name="title">Takes the place of the configured title in its path; null for that one.</param>
    /// <returns>The log.</returns>
    /// <exception cref="LogException">Its file cannot be made, or one of its kind is open and there can be only one.</exception>
    ValueTask<LogRecord> StartAsync(LogDriver kind, string? title);

    /// <summary>Stops a log; completes when its file is closed.</summary>
    /// <returns>False when no open log has this UUID.</returns>
    ValueTask<bool> StopAsync(Guid uuid);

    /// <summary>What was captured and can be asked for; null while no packets are kept for that.</summary>
    IPacketHistory? History { get; }

    /// <summary>Keeps a note of the user with its time and place.</summary>
    /// <returns>False while no log takes it.</returns>
    ValueTask<bool> NoteAsync(string note);
}

/// <summary>Packets that were captured and can be asked for.</summary>
public interface IPacketHistory
{
    /// <summary>Begins to read what a query asks for.</summary>
    /// <exception cref="LogException">The query cannot be answered; the message says why.</exception>
    ValueTask<IPacketHistoryReader> OpenAsync(PacketQuery query, HistoryExport export);

    /// <summary>What they look like, without their bytes.</summary>
    IPacketPictures Pictures { get; }

    /// <summary>How many packets there are.</summary>
    ValueTask<PacketLogRecord> StateAsync(CancellationToken cancellation);

    /// <summary>Removes packets that are older than a time.</summary>
    /// <param name="seconds">Unix second; what is of it is kept.</param>
    /// <returns>How many were removed.</returns>
    ValueTask<long> DropBeforeAsync(long seconds);
}

/// <summary>An answer from the history, read piece by piece. Used by one caller at a time.</summary>
public interface IPacketHistoryReader : IAsyncDisposable
{
    /// <summary>Appends more packets to the export: at least one, and not many more bytes than <see cref="HistoryExport.PieceBytes"/>.</summary>
    /// <returns>False at the end; the export may have got the last ones then.</returns>
    ValueTask<bool> ReadAsync(CancellationToken cancellation);
}
