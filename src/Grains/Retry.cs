using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Serialization.Invocation;

namespace KismetOrleans.Grains;

/// <summary>A grain's method that does the same when it is called twice as when it is called once: it is called again when a silo dies (<see cref="Retry"/>).</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class IdempotentAttribute : Attribute;

/// <summary>
/// Makes calls of <see cref="IdempotentAttribute"/> methods again while the cluster changes: while a silo is on its way out, or a grain on its way to another. Only the outermost call of a
/// chain is made again, so that waiting does not add up; what the grain calls for it fails at once. A call without an answer in time is not made again: whoever asks has waited long enough.
/// </summary>
/// <param name="clock">The clock.</param>
public sealed class Retry(TimeProvider clock) : IOutgoingGrainCallFilter
{
    // Goes with the call, to those that its grain makes.
    private const string IsRetriedKey = "KismetOrleans.retry";

    // A silo's death is found out in about four seconds, and its partitions are loaded elsewhere in a few more.
    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<MethodInfo, bool> _idempotent = new();

    /// <summary>Whether a fault is one of a cluster that is changing, not of the call.</summary>
    public static bool IsPassing(Exception e) => e is OrleansException or TimeoutException;

    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context) =>
        _idempotent.GetOrAdd(context.InterfaceMethod, static method => method.IsDefined(typeof(IdempotentAttribute))) && RequestContext.Get(IsRetriedKey) is null
            ? InvokeAsync(context)
            : context.Invoke();

    private async Task InvokeAsync(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(IsRetriedKey, true);
        IInvokable request = context.Request;
        CancellationToken cancellation = request.GetCancellationToken();
        // A grain in this process empties the request when it has answered.
        object?[] arguments = [.. Enumerable.Range(0, request.GetArgumentCount()).Select(request.GetArgument)];
        long since = clock.GetTimestamp();
        for (TimeSpan pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (OrleansException) when (clock.GetElapsedTime(since) + pause <= s_atMost)
            {
                // Once more.
            }
            await Task.Delay(pause, clock, cancellation);
            for (int i = 0; i < arguments.Length; i++)
            {
                request.SetArgument(i, arguments[i]!);
            }
        }
    }
}
