using System.Collections.Immutable;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>Answers from the files of the open kismetdb.</summary>
internal sealed class KismetDbHistory(KismetDbKind kind, LogRun run) : IPacketHistory
{
    public IPacketPictures Pictures => new KismetDbPictures(kind, run);

    public async ValueTask<IPacketHistoryReader> OpenAsync(PacketQuery query, HistoryExport export)
    {
        // What was captured before the question belongs to the answer.
        return new Reader(await run.DoAsync(open =>
        {
            open.Tend();
            return kind.Files.Select(file => KismetDbRows.Of(file, query)).ToArray();
        }), query, export);
    }

    public async ValueTask<PacketLogRecord> StateAsync(CancellationToken cancellation) => await run.DoAsync(open =>
    {
        open.Tend();
        return new PacketLogRecord(IsOpen: true, (ulong)kind.Files.Sum(static file => file.Kept), (ulong)kind.Files.Sum(static file => file.Bytes));
    });

    public async ValueTask<long> DropBeforeAsync(long seconds) => await run.DoAsync(file => ((KismetDbFile)file).DropBefore(seconds));

    private sealed class Reader(KismetDbRows[] files, PacketQuery query, HistoryExport export) : IPacketHistoryReader
    {
        private int _file = -1;
        private KismetDbReader? _reader;
        private long _left = query.Nothing ? 0 : query.Limit;

        public ValueTask<bool> ReadAsync(CancellationToken cancellation)
        {
            while (_left > 0)
            {
                if (_reader is null)
                {
                    if (++_file == files.Length)
                    {
                        return new(false);
                    }
                    _reader = new(files[_file], query);
                }
                if (!_reader.Read(export, ref _left, cancellation))
                {
                    _reader = null;
                }
                if (export.IsFull)
                {
                    return new(true);
                }
            }
            return new(false);
        }

        public ValueTask DisposeAsync() => default;
    }
}

/// <summary>What a file had when it was asked.</summary>
/// <param name="Newest">Rows after the complete runs that have all addresses that are asked for; null where none is.</param>
internal sealed record KismetDbRows(KismetDbFile File, ImmutableArray<AddressRuns.Run> Runs, long Last, long[]? Newest)
{
    /// <summary>What a file has now. For the thread that writes it.</summary>
    public static KismetDbRows Of(KismetDbFile file, PacketQuery query)
    {
        long[]? newest = null;
        foreach (MacAddress address in query.Addresses)
        {
            long[] rows = file.Index.FindNewest(address);
            newest = newest is null ? rows : [.. newest.Intersect(rows)];
        }
        return new(file, file.Index.Runs, file.CommittedNext - 1, newest);
    }
}
