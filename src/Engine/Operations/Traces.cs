using System.Diagnostics;

namespace KismetOrleans.Engine.Operations;

/// <summary>Spans of this process: one for a batch, a save or a query, never for a packet.</summary>
public static class Traces
{
    public const string Name = "KismetOrleans";

    /// <summary>The source; without a listener, and for what is not sampled, <see cref="ActivitySource.StartActivity(string, ActivityKind)"/> gives null.</summary>
    internal static readonly ActivitySource Source = new(Name);
}
