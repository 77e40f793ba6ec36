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
/// What can be cancelled is made again also when a gateway was lost, and ends after 9 s in all.
/// </summary>
/// <param name="gateways">The gateways of a process without a silo.</param>
public sealed class Retry(TimeProvider clock, Gateways? gateways = null) : IOutgoingGrainCallFilter
{
    // Goes with the call, to those that its grain makes.
    private const string IsRetriedKey = "KismetOrleans.retry";

    // A silo's death is found out in about four seconds, and its partitions are loaded elsewhere in a few more.
    // Who asks over HTTP is answered within 10 s, by a 503 if need be.
    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<MethodInfo, bool> _idempotent = new();

    /// <summary>Whether a fault is one of a cluster that is changing, not of the call.</summary>
    public static bool IsPassing(Exception e) => e is OrleansException or TimeoutException;

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
        int cancelledBy = Array.FindIndex(arguments, static argument => argument is CancellationToken);
        using CancellationTokenSource over = new(s_atMost, clock);
        for (TimeSpan pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            using CancellationTokenSource attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token, gateways?.Lost ?? default);
            if (cancelledBy >= 0)
            {
                request.SetArgument(cancelledBy, attempt.Token);
            }
            try
            {
                await context.Invoke();
                return;
            }
            catch (OrleansException) when (clock.GetElapsedTime(since) + pause <= s_atMost)
            {
                // Once more.
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && attempt.IsCancellationRequested)
            {
                if (over.IsCancellationRequested)
                {
                    throw new TimeoutException($"No answer within {s_atMost.TotalSeconds} s.");
                }
            }
            await Task.Delay(pause, clock, cancellation);
            for (int i = 0; i < arguments.Length; i++)
            {
                request.SetArgument(i, arguments[i]!);
            }
        }
    }
}
