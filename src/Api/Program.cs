using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Endpoints;
using KismetOrleans.Api.Hosting;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.WebUi;
using KismetOrleans.Silo.Hosting;
using KismetOrleans.Silo.Operations;

return Startup.Run(args, Build, ApiSettings.Usage, ApiSettings.New);

/// <summary>The server: its backend, which is a silo in this process or a cluster, its services, its endpoints.</summary>
public sealed partial class Program
{
    // What an API server that died left behind another one delivers; one that lives has delivered its own long before.
    private static readonly ScanReplayOptions s_sharedJournals = new() { Every = TimeSpan.FromMinutes(1), OlderThan = TimeSpan.FromSeconds(30) };

    /// <summary>Builds the server without starting it.</summary>
    /// <exception cref="ArgumentException">A setting is wrong, or an option lacks its value.</exception>
    internal static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = Startup.CreateBuilder(args, ApiSettings.New());
        bool inCluster = BackendServices.IsInCluster(builder.Configuration);
        builder.Services.AddOperations(builder.Configuration, inCluster ? "api" : "embedded");
        if (inCluster)
        {
            builder.AddClusterBackend();
        }
        else
        {
            builder.AddEmbeddedBackend();
        }
        builder.Services.AddRecordRoutes();
        builder.Services.AddLogins(builder.Configuration);
        builder.Services.AddScanning(builder.Configuration, inCluster ? s_sharedJournals : null);
        builder.Services.AddWebUi(builder.Configuration);

        WebApplication app = builder.Build();
        AuthOptions access = app.Services.GetRequiredService<AuthOptions>();
        app.UseTrustedProxies(access);
        app.UseKismetUi();
        app.UseMessagePack();
        app.UseKismetHeaders();
        app.UseClusterFaults();
        app.UseCors(access);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapEndpoints();
        return app;
    }
}
