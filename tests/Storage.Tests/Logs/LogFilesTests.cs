using KismetOrleans.Engine.Logging;
using KismetOrleans.Storage.Logs;

namespace KismetOrleans.Storage.Tests.Logs;

/// <summary>Which files of a log are removed: those that are too many or too old, and none of others.</summary>
public sealed class LogFilesTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-logfiles-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_written_long_ago_is_removed_but_for_the_open_one_and_those_of_others()
    {
        string open = Make("Kismet-20261101-00-00-00-1.pcapng", days: 20);
        string old = Make("Kismet-20261110-00-00-00-1.pcapng", days: 8);
        string young = Make("Kismet-20261120-00-00-00-1.pcapng", days: 1);
        string otherKind = Make("Kismet-20261110-00-00-00-1.kismet", days: 8);
        string otherTitle = Make("East-20261110-00-00-00-1.pcapng", days: 8);
        string foreign = Make("notes.txt", days: 800);
        Assert.Equal([old], New(new() { KeepFor = TimeSpan.FromDays(7) }).Retain(open));
        Assert.Equal(new[] { open, young, otherKind, otherTitle, foreign }.Order(), _folder.GetFiles().Select(static file => file.FullName).Order());
    }

    [Fact]
    public void As_many_as_wanted_are_kept_the_open_one_included()
    {
        string[] files = [.. Enumerable.Range(1, 5).Select(i => Make($"Kismet-2026111{i}-00-00-00-1.pcapng", days: 10 - i))];
        Assert.Equal([files[2], files[1], files[0]], New(new() { KeepFiles = 2 }).Retain(files[4]));
        Assert.Empty(New(new()).Retain(files[4]));
    }

    private LogFiles New(LogOptions options) =>
        new(options with { Prefix = _folder.FullName }, LogDrivers.Pcapng, "Kismet", new StillClock());

    private string Make(string name, int days)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, "");
        File.SetLastWriteTimeUtc(path, s_now.UtcDateTime - TimeSpan.FromDays(days));
        return path;
    }

    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => s_now;
    }
}
