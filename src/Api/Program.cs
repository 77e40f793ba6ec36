using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Chapters;
using KismetOrleans.Api.Hosting;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.Operations;
using KismetOrleans.Api.WebUi;

return Startup.Run(args, Build);

/// <summary>The server: its services, its chapters.</summary>
public sealed partial class Program
{
    /// <summary>Builds the server without starting it.</summary>
    /// <param name="args">The command line.</param>
    /// <exception cref="ArgumentException">An option lacks its value.</exception>
    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = Startup.CreateBuilder(args);
        builder.Services.AddOperations(builder.Configuration);
        builder.Services.AddEmbeddedBackend(builder.Configuration);
        builder.Services.AddLogins(builder.Configuration);
        builder.Services.AddScanning(builder.Configuration);
        builder.Services.AddWebUi(builder.Configuration);

        WebApplication app = builder.Build();
        app.UseKismetUi();
        app.UseKismetHeaders();
        app.UseLogins();
        app.MapChapters();
        return app;
    }
}
