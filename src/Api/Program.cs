using KismetOrleans.Api.Chapters;
using KismetOrleans.Api.Hosting;
using KismetOrleans.Api.Http;
using KismetOrleans.Grains.Server;

WebApplicationBuilder builder = Startup.CreateBuilder(args);
builder.Services.AddEmbeddedBackend(builder.Configuration);

WebApplication app = builder.Build();
app.UseKismetHeaders();

IBackend backend = app.Services.GetRequiredService<IBackend>();
app.MapSystem(backend);
app.MapDevices(backend);
app.MapViews(backend);
app.MapPhys(backend);
app.MapMessages(backend);
app.MapDatasources(backend);

app.Run();

/// <summary>The server's entry point, visible to tests.</summary>
public sealed partial class Program;
