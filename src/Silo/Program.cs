using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Chapters;
using KismetOrleans.Api.Hosting;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.Operations;
using KismetOrleans.Api.WebUi;
using KismetOrleans.Silo.Hosting;
using KismetOrleans.Silo.Logging;
using KismetOrleans.Silo.Schema;
using KismetOrleans.Silo.Streams;
using KismetOrleans.Storage;
using KismetOrleans.Storage.Postgres;
using Npgsql;

namespace KismetOrleans.Silo;

/// <summary>A process of the cluster: a silo; with <c>--role api</c> an API server; <c>schema apply</c> makes the tables.</summary>
public static class Entry
{
    // A silo has no API but its health, beside the API server's port.
    private const string SiloUrl = "http://127.0.0.1:2502";

    /// <summary>Runs it.</summary>
    /// <returns>0; 1 when it cannot begin, 2 when the command line is wrong.</returns>
    public static async Task<int> Main(string[] args)
    {
        if (args is ["schema", "apply", ..])
        {
            return await ApplySchemaAsync(args[2..]);
        }
        return Startup.Run(args, static args => Role(args) == "api" ? BuildApi(args) : BuildSilo(args));
    }

    /// <summary>Builds an API server.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public static WebApplication BuildApi(string[] args)
    {
        WebApplicationBuilder builder = Startup.CreateBuilder(args);
        ClusterSettings settings = ClusterSettings.Of(builder.Configuration);
        if (CaptureArguments.Of(builder.Configuration).Length > 0)
        {
            throw new ArgumentException("-c: an API server of the cluster opens no sources; a capture agent does (src/Capture --server)");
        }
        settings = builder.AddClusterStorage(settings);
        builder.UseOrleansClient(client => client.AddClustering(settings));
        builder.Services.AddOperations(builder.Configuration, "api");
        builder.Services.AddClusterBackend(settings, builder.Configuration);
        builder.Services.AddClusterStreams(builder.Configuration);
        builder.Services.AddHistoryReader(builder.Configuration, settings);
        builder.Services.AddLogs(builder.Configuration);
        builder.Services.AddClusterLogs();
        builder.Services.AddLogins(builder.Configuration);
        // What a server that died left behind another one delivers; one that lives has delivered its own long before.
        builder.Services.AddScanning(builder.Configuration, new() { Every = TimeSpan.FromMinutes(1), OlderThan = TimeSpan.FromSeconds(30) });
        builder.Services.AddWebUi(builder.Configuration);

        WebApplication app = builder.Build();
        app.UseKismetUi();
        app.UseKismetHeaders();
        app.UseClusterFaults();
        app.UseLogins();
        app.MapChapters();
        Tell(settings, "API server");
        return app;
    }

    /// <summary>Builds a silo.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public static WebApplication BuildSilo(string[] args)
    {
        bool urls = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddEnvironmentVariables(Startup.EnvironmentPrefix).AddCommandLine(args).Build()["urls"]
            is { Length: > 0 };
        WebApplicationBuilder builder = Startup.CreateBuilder(urls ? args : [.. args, "--urls", SiloUrl]);
        ClusterSettings settings = ClusterSettings.Of(builder.Configuration);
        settings = builder.AddClusterStorage(settings);
        // Before Orleans, whose start ends only when this silo has joined.
        builder.Services.AddHostedService<DeadSilos>();
        // Stops after the silo, whose datasources feed it.
        builder.Services.AddHistoryWriter(builder.Configuration, settings);
        builder.UseOrleans(silo =>
        {
            silo.AddSilo(settings, builder.Configuration);
            silo.AddClustering(settings);
        });
        builder.Services.AddOperations(builder.Configuration, "silo");
        builder.Services.AddSingleton<ConnectionCount>();

        WebApplication app = builder.Build();
        app.MapOperations();
        Tell(settings, "Silo");
        return app;
    }

    private static string Role(string[] args)
    {
        string role = new ConfigurationBuilder().AddEnvironmentVariables().AddEnvironmentVariables(Startup.EnvironmentPrefix).AddCommandLine(args).Build()["role"] ?? "silo";
        return role is "silo" or "api" ? role : throw new ArgumentException($"--role: expected silo or api, not '{role}'");
    }

    private static void Tell(ClusterSettings settings, string what) => Console.WriteLine(settings.Postgres is null
        ? $"{what} of a cluster of this machine alone, for development: without Storage:Postgres a silo forgets all when it stops."
        : $"{what} of cluster {settings.ClusterId}, {settings.Partitions} partitions.");

    private static async Task<int> ApplySchemaAsync(string[] args)
    {
        try
        {
            IConfiguration configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddEnvironmentVariables(Startup.EnvironmentPrefix).AddCommandLine(args).Build();
            ClusterSettings settings = ClusterSettings.Of(configuration);
            if (settings.Postgres is not { } postgres)
            {
                throw new ArgumentException("schema apply: Storage:Postgres must be set");
            }
            int? partitions = configuration[ClusterSettings.PartitionsKey] is { Length: > 0 } ? settings.Partitions : null;
            string[] applied = [.. await OrleansSchema.ApplyAsync(postgres), .. await PostgresSchema.ApplyAsync(postgres, partitions)];
            Console.WriteLine(applied.Length == 0 ? "The schema is up to date." : $"Applied: {string.Join(", ", applied)}.");
            return 0;
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
        catch (Exception e) when (e is NpgsqlException or StorageException)
        {
            Console.Error.WriteLine($"schema apply: {e.Message}");
            return 1;
        }
    }
}
