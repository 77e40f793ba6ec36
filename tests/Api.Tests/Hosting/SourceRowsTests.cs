using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>A source that was here before is shown as what it was.</summary>
public sealed class SourceRowsTests
{
    private static readonly Guid s_uuid = Guid.Parse("5FE308BD-0000-0000-0000-0123456789AC");

    [Fact]
    public void A_sensors_source_is_remote_before_the_sensor_is_back()
    {
        SourceRow row = SourceRows.OfRemote(s_uuid) with { Number = 3, Packets = 12, Saved = new Watermark(7, 2) };
        DatasourceRecord record = SourceRows.ToRecord(row);
        Assert.Equal((true, (ushort)3, 12ul, s_uuid), (record.Remote, record.Number, record.Packets, record.Uuid));
    }

    [Fact]
    public void A_sensors_source_is_remote_from_its_first_moment_on() =>
        // Another API server, to which it moves at once, would take it for one of the server's own, and refuse it.
        Assert.True(SourceRows.ToRecord(SourceRows.OfRemote(s_uuid)).Remote);

    [Fact]
    public void A_source_of_the_server_is_not() =>
        Assert.False(SourceRows.ToRecord(SourceRows.OfVirtual(s_uuid, "esp32", Engine.Datasources.VirtualKind.WiFi, "")).Remote);
}
