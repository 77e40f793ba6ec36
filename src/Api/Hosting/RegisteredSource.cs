using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Persistence;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Api.Hosting;

/// <summary>A source with its number: one of this server, one that a sensor feeds, a phone's, or one that was here before and has not come back.</summary>
public sealed class RegisteredSource
{
    private readonly Rrd _reports = new();
    private DatasourceRecord _record;
    private SourceRow _saved;

    /// <summary>A source as it is kept.</summary>
    public RegisteredSource(SourceRow row)
    {
        _record = SourceRows.ToRecord(row);
        _saved = row;
        Saved = row.Saved;
    }

    /// <summary>UUID.</summary>
    public Guid Uuid => _record.Uuid;

    /// <summary>Its way of packets, when it is one of this server.</summary>
    public Datasource? Local { get; set; }

    /// <summary>Its way of packets, when a sensor feeds it.</summary>
    public EmbeddedDatasource? Remote { get; set; }

    /// <summary>Its newest saved batch.</summary>
    public Watermark Saved { get; set; }

    /// <summary>The newest snapshot for the outside.</summary>
    public DatasourceRecord Record => Local?.Record ?? Remote?.Source.Record ?? Volatile.Read(ref _record);

    /// <summary>Gives it another name.</summary>
    public void Rename(string name)
    {
        if (Local is null && Remote is null)
        {
            lock (_reports)
            {
                _record = _record with { Name = name };
            }
        }
    }

    /// <summary>Counts reports.</summary>
    public void CountReports(uint now, int count)
    {
        lock (_reports)
        {
            _reports.Add(now, count);
            _record = _record with { Packets = _record.Packets + (ulong)count, PacketsRrd = _reports.Copy() };
        }
    }

    /// <summary>Its row, when it is not as it was saved last.</summary>
    public SourceRow? TakeUnsaved()
    {
        if (Remote is not null)
        {
            // Its counters are saved with the batches that they count.
            return null;
        }
        SourceRow row = SourceRows.Of(Record) with { Saved = Saved };
        if (row == _saved)
        {
            return null;
        }
        _saved = row;
        return row;
    }
}
