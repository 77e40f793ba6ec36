using KismetOrleans.Engine.Events;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tests.Events;

/// <summary>Which changes of a datasource are events, and which are not.</summary>
public sealed class SourceEventsTests
{
    [Fact]
    public void Each_change_has_its_topic()
    {
        DatasourceRecord idle = new()
        {
            Number = 1,
            Uuid = Guid.Empty,
            Name = "",
            Definition = "",
            Interface = "",
            Driver = new("d", "", false, false, false, false, false, false, false, false, false, false),
            PacketsRrd = new Rrd(),
            DataRrd = new Rrd(),
        };
        DatasourceRecord running = idle with { Running = true };
        Assert.Equal(EventTopics.DatasourceOpened, SourceEvents.Between(idle, running));
        Assert.Equal(EventTopics.DatasourceClosed, SourceEvents.Between(running, idle));
        Assert.Equal(EventTopics.DatasourceError, SourceEvents.Between(running, idle with { Error = true, ErrorReason = "gone" }));
        Assert.Equal(EventTopics.DatasourceError, SourceEvents.Between(running, running with { Error = true, ErrorReason = "link type" }));
        // Told to close: running ends, and then the record says why.
        Assert.Equal(EventTopics.None, SourceEvents.Between(idle, idle with { Error = true, ErrorReason = Health.Disabled }));
        Assert.Equal(EventTopics.DatasourceClosed, SourceEvents.Between(running, idle with { Error = true, ErrorReason = Health.Disabled }));
        Assert.Equal(EventTopics.DatasourcePaused, SourceEvents.Between(running, running with { Paused = true }));
        Assert.Equal(EventTopics.DatasourceResumed, SourceEvents.Between(running with { Paused = true }, running));
        Assert.Equal(EventTopics.None, SourceEvents.Between(running, running with { Packets = 7, Name = "other" }));
        // A file at its end goes on running for clients that ask; it is closed once.
        DatasourceRecord reading = running with { Replay = new(0.5, 10, false) };
        DatasourceRecord ended = running with { Replay = new(1, 10, true) };
        Assert.Equal(EventTopics.DatasourceClosed, SourceEvents.Between(reading, ended));
        Assert.Equal(EventTopics.None, SourceEvents.Between(ended, idle with { Replay = ended.Replay, Error = true, ErrorReason = Health.Disabled }));
        Assert.Equal(EventTopics.DatasourceOpened, SourceEvents.Between(ended, reading));
    }
}
