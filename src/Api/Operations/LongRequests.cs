using KismetOrleans.Engine.Operations;
using Microsoft.AspNetCore.Http.Features;

namespace KismetOrleans.Api.Operations;

/// <summary>Requests that last as long as the client likes: live packets, sensors' connections.</summary>
internal static class LongRequests
{
    /// <summary>Shows the request among those that are open, and leaves its time out of the request times, where it would drown the queries.</summary>
    /// <param name="open">Where it is shown.</param>
    /// <returns>Dispose it at the end of the request.</returns>
    public static IDisposable TakesLong(this HttpContext http, ObservedValues open, string kind)
    {
        if (http.Features.Get<IHttpMetricsTagsFeature>() is { } metrics)
        {
            metrics.MetricsDisabled = true;
        }
        return open.Add(kind, static () => 1);
    }
}
