using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Grains.Versions;

/// <summary>Messages of other processes that this one could not read: told, counted, and while they come this process is not ready.</summary>
public sealed partial class UnreadableMessages(TimeProvider clock, ILogger<UnreadableMessages> logger) : IReadinessCheck
{
    // A sender sends again some times a second.
    private static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(30);
    private readonly Lock _noting = new();
    private long _count;
    private long _last;
    private string _why = "";

    public string Name => "messages";

    /// <summary>Notes one; the log has the first of each half minute.</summary>
    internal void Note(Exception e)
    {
        Meters.MessagesUnreadable.Add(1);
        bool isFirst;
        lock (_noting)
        {
            isFirst = !IsRecent;
            (_count, _why) = (isFirst ? 1 : _count + 1, e.Message);
            _last = isFirst ? clock.GetTimestamp() : _last;
        }
        if (isFirst)
        {
            Unreadable(logger, e);
        }
    }

    public ValueTask<string?> CheckAsync(CancellationToken cancellation)
    {
        lock (_noting)
        {
            return new(IsRecent ? $"{_count} of other processes could not be read: {_why}" : null);
        }
    }

    private bool IsRecent => _count > 0 && clock.GetElapsedTime(_last) < s_remembered;

    [LoggerMessage(1, LogLevel.Error, "A message of another process cannot be read")]
    private static partial void Unreadable(ILogger logger, Exception e);
}
