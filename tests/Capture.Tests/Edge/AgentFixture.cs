using System.Globalization;
using KismetOrleans.Capture.Tests.Edge.Sending;

namespace KismetOrleans.Capture.Tests.Edge;

/// <summary>What tests of whole agents have: a server that follows a script, a folder for spools, and the agent's log.</summary>
public abstract class AgentFixture : IAsyncLifetime
{
    private protected static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private protected readonly TemporaryFolder _folder = new();
    private protected readonly StringWriter _log = new(CultureInfo.InvariantCulture);
    private protected readonly CancellationTokenSource _stop = new();
    private protected ScriptedServer _server = null!;

    /// <summary>What the agent has said so far; it may be about to say more.</summary>
    private protected string Log
    {
        get
        {
            // As whoever writes to it.
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public async Task InitializeAsync() => _server = await ScriptedServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
    }
}
