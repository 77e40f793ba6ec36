namespace KismetOrleans.Engine.Observations;

/// <summary>
/// Version of what processes of a cluster tell each other in a form of their own (<see cref="ObservationCodec"/>). A field that is appended needs no new one. A change that older readers
/// would not understand raises <see cref="Newest"/>: silos announce what they read, and everybody writes what the oldest of them does.
/// </summary>
public static class FormatVersion
{
    /// <summary>The oldest that this program reads and can write.</summary>
    public const int Oldest = 2;

    /// <summary>The newest that it reads and can write.</summary>
    public const int Newest = 2;

    private static volatile int s_written = Oldest;

    /// <summary>What this process writes: the oldest until it knows that all silos read more.</summary>
    public static int Written
    {
        get => s_written;
        set => s_written = Math.Clamp(value, Oldest, Newest);
    }
}
