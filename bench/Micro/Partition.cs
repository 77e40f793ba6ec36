using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Manufacturers;

namespace KismetOrleans.Micro;

/// <summary>A partition by itself, with some sources.</summary>
internal sealed class Partition : ISourceDirectory
{
    private readonly DatasourceRecord[] _records = [.. Enumerable.Range(1, 3).Select(static number => new DatasourceRecord
    {
        Number = (ushort)number,
        Uuid = new(number, 0, 0, new byte[8]),
        Name = "bench",
        Definition = "bench.pcap",
        Interface = "bench.pcap",
        Driver = new("pcapfile", "", true, false, false, false, true, false, false, true, false, false),
        PacketsRrd = new(),
        DataRrd = new(),
    })];

    public IReadOnlyList<DatasourceRecord> All => _records;

    public DatasourceRecord? Find(ushort number) => number >= 1 && number <= _records.Length ? _records[number - 1] : null;

    public static DevicePartition New(int number = 0, int count = 1, TrackingOptions? options = null, bool durable = false) => new(
        number, new PartitionEnvironment(count, options ?? new TrackingOptions(), new ManufacturerRegistry(), new Partition(), Guid.Empty, TimeProvider.System), durable);
}
