using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>How a connection, or the attempt at one, ended.</summary>
internal enum LinkEndKind
{
    /// <summary>All is saved and no more comes.</summary>
    Done,

    /// <summary>The spool began a new life: connect again at once.</summary>
    Renewed,

    /// <summary>A server was found that comes before this one in the order of the source.</summary>
    Moved,

    /// <summary>It broke, or the server stops: try again soon.</summary>
    Broken,

    /// <summary>The server asked for a pause.</summary>
    Throttled,

    /// <summary>Another connection of this source took over, or the server has forgotten ours.</summary>
    Superseded,

    /// <summary>The server does not want us: trying again soon is of no use.</summary>
    Refused,
}

/// <summary>How a connection, or the attempt at one, ended.</summary>
/// <param name="Text">Why, fit for the log.</param>
/// <param name="RetryAfter">The pause that the server asked for.</param>
internal sealed record LinkEnd(LinkEndKind Kind, string Text, TimeSpan RetryAfter = default)
{
    /// <summary>What a server's farewell means.</summary>
    public static LinkEnd Of(Bye bye) => bye.Reason switch
    {
        ByeReason.Superseded => new(LinkEndKind.Superseded, TextOf(bye, "the server takes another connection of this source")),
        ByeReason.Refused => new(LinkEndKind.Refused, TextOf(bye, "the server refuses this source")),
        ByeReason.Protocol => new(LinkEndKind.Refused, TextOf(bye, "the server does not understand this agent; is it of the same version?")),
        ByeReason.Stopping or ByeReason.Done => new(LinkEndKind.Broken, TextOf(bye, "the server stops")),
        _ => new(LinkEndKind.Broken, TextOf(bye, "the server failed")),
    };

    private static string TextOf(Bye bye, string text) => bye.Text.Length == 0 ? text : $"{text} ({bye.Text})";
}
