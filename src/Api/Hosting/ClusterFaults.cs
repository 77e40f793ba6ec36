using KismetOrleans.Api.Http;
using KismetOrleans.Grains;

namespace KismetOrleans.Api.Hosting;

/// <summary>
/// What the backend cannot answer at the moment is answered 503, to be asked again soon. An answer that breaks after it has begun is cut off with a reset, so that its reader cannot take it for
/// a whole one, whatever its form and protocol.
/// </summary>
internal static class ClusterFaults
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>Adds it to the way of requests.</summary>
    public static void UseClusterFaults(this IApplicationBuilder app)
    {
        ILogger logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(ClusterFaults));
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (Exception e) when (IsPassing(e, http) && !http.Response.HasStarted)
            {
                http.Response.Clear();
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                Answers.RetryAfter(http.Response, s_soon);
                http.Response.ContentType = "text/plain";
                await http.Response.WriteAsync($"The server does not answer at the moment: {e.Message}\n", http.RequestAborted);
            }
            catch (Exception e) when (IsPassing(e, http))
            {
                FaultLog.CutOff(logger, http.Request.Path, e.Message);
                http.Abort();
            }
            catch (Exception) when (http.Response.HasStarted)
            {
                http.Abort();
                throw;
            }
        });
    }

    // A question that was given up, and not because its asker is gone.
    private static bool IsPassing(Exception e, HttpContext http) =>
        Retry.IsPassing(e) || (e is OperationCanceledException && !http.RequestAborted.IsCancellationRequested);
}

/// <summary>What is logged of answers that broke.</summary>
internal static partial class FaultLog
{
    [LoggerMessage(60, LogLevel.Warning, "The answer of {path} was cut off: {reason}")]
    public static partial void CutOff(ILogger logger, string path, string reason);
}
