using KismetOrleans.Grains;

namespace KismetOrleans.Api.Hosting;

/// <summary>What the backend cannot answer at the moment is answered 503, to be asked again soon.</summary>
internal static class ClusterFaults
{
    /// <summary>Adds it to the way of requests.</summary>
    public static void UseClusterFaults(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (Retry.IsPassing(e) && !http.Response.HasStarted)
        {
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "1";
            http.Response.ContentType = "text/plain";
            await http.Response.WriteAsync($"The server does not answer at the moment: {e.Message}\n", http.RequestAborted);
        }
    });
}
