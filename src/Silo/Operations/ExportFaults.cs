using System.Diagnostics.Tracing;

namespace KismetOrleans.Silo.Operations;

/// <summary>Tells in the log what OpenTelemetry says only to its event sources: that a collector cannot be reached, or refuses.</summary>
internal sealed partial class ExportFaults(ILogger logger) : EventListener
{
    // A collector that is away fails at every export; once a minute says it as well.
    private const long QuietMilliseconds = 60_000;
    private long _loggedAt = -QuietMilliseconds;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith("OpenTelemetry-", StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        long now = Environment.TickCount64;
        long loggedAt = Interlocked.Read(ref _loggedAt);
        // Events can come from the base class's constructor, before there is a logger.
        if (logger is null || eventData.Message is null || now - loggedAt < QuietMilliseconds
            || Interlocked.CompareExchange(ref _loggedAt, now, loggedAt) != loggedAt)
        {
            return;
        }
        string text;
        try
        {
            text = string.Format(System.Globalization.CultureInfo.InvariantCulture, eventData.Message, [.. eventData.Payload ?? []]);
        }
        catch (FormatException)
        {
            text = eventData.Message;
        }
        // The first line of an exception says what; the stack under it helps nobody here.
        Fault(logger, text.Split('\n', 2)[0].TrimEnd());
    }

    [LoggerMessage(30, LogLevel.Warning, "{fault}")]
    private static partial void Fault(ILogger logger, string fault);
}
