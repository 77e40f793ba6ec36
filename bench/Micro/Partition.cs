using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Manufacturers;

namespace KismetOrleans.Micro;

/// <summary>A partition by itself, with one source.</summary>
internal sealed class Partition : ISourceDirectory
{
    private readonly DatasourceRecord _record = new()
    {
        Number = 1,
        Uuid = new("5FE308BD-0000-0000-0000-000000000001"),
        Name = "bench",
        Definition = "bench.pcap",
        Interface = "bench.pcap",
        Driver = new("pcapfile", "", true, false, false, false, true, false, false, true, false, false),
        PacketsRrd = new(),
        DataRrd = new(),
    };

    public IReadOnlyList<DatasourceRecord> All => [_record];

    public DatasourceRecord? Find(ushort number) => number == 1 ? _record : null;

    public static DevicePartition New() => new(
        0, new PartitionEnvironment(1, new TrackingOptions(), new ManufacturerRegistry(), new Partition(), Guid.Empty,
            TimeProvider.System));
}
