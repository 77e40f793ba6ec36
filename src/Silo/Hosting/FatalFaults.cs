namespace KismetOrleans.Silo.Hosting;

/// <summary>Ends a silo that cannot go on, with lines that say why and an exit code of its own, where Orleans would abort the process.</summary>
internal sealed partial class FatalFaults(ILoggerFactory loggers) : IFatalErrorHandler
{
    /// <summary>Exit code of a silo that the others have put out of the cluster.</summary>
    public const int VotedOut = 3;

    /// <summary>Exit code of a silo that Orleans cannot go on with.</summary>
    public const int Failed = 4;

    // What Orleans says when the membership table has it that this silo is dead.
    private const string VotedOutText = "I have been told I am dead";
    private readonly ILogger _logger = loggers.CreateLogger("Silo");
    private int _ended;

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }
        bool votedOut = context?.Contains(VotedOutText, StringComparison.Ordinal) is true;
        if (votedOut)
        {
            WasVotedOut(_logger);
            NothingIsLost(_logger);
            StartAgain(_logger, VotedOut);
        }
        else
        {
            CannotGoOn(_logger, context, Failed, exception);
        }
        // Writes what waits.
        loggers.Dispose();
        Environment.Exit(votedOut ? VotedOut : Failed);
    }

    [LoggerMessage(50, LogLevel.Critical, "The other silos have put this one out of the cluster: it did not answer them for some seconds, as when its machine, its processor or its network stood still")]
    private static partial void WasVotedOut(ILogger logger);

    [LoggerMessage(51, LogLevel.Critical, "They have loaded its partitions as they were saved; nothing that was acknowledged is lost, and sensors send the rest again")]
    private static partial void NothingIsLost(ILogger logger);

    [LoggerMessage(52, LogLevel.Critical, "This process ends with exit code {code}, to be started again; Silo:Liveness:… says how long a silo may stand still")]
    private static partial void StartAgain(ILogger logger, int code);

    [LoggerMessage(53, LogLevel.Critical, "This silo cannot go on ({context}), and ends with exit code {code}")]
    private static partial void CannotGoOn(ILogger logger, string? context, int code, Exception? e);
}
