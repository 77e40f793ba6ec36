using KismetOrleans.Capture.Edge;

namespace KismetOrleans.Capture;

/// <summary>The edge agent: captures here, sends to a server.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => AgentCommand.InvokeAsync(args);
}
