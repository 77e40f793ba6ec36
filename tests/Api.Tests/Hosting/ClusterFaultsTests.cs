using System.Net;
using KismetOrleans.Api.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>What cannot be answered at the moment is to be asked again, and no fault of the server.</summary>
public sealed class ClusterFaultsTests
{
    [Fact]
    public async Task A_question_that_was_given_up_is_to_be_asked_again()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        await using WebApplication app = builder.Build();
        app.UseClusterFaults();
        app.MapGet("/cancelled", static () => Task.FromException(new TaskCanceledException()));
        app.MapGet("/late", static () => Task.FromException(new TimeoutException()));
        app.MapGet("/broken", static () => Task.FromException(new InvalidOperationException()));
        await app.StartAsync();
        using HttpClient client = Requests.NewClient(new(app.Urls.Single()), TimeSpan.FromSeconds(30));
        foreach ((string path, HttpStatusCode status) in ((string, HttpStatusCode)[])[
            ("/cancelled", HttpStatusCode.ServiceUnavailable), ("/late", HttpStatusCode.ServiceUnavailable), ("/broken", HttpStatusCode.InternalServerError)])
        {
            Answer answer = await client.AskAsync(path);
            Assert.Equal(status, answer.Status);
            Assert.Equal(status == HttpStatusCode.ServiceUnavailable, answer.Message.Headers.RetryAfter is not null);
        }
    }
}
