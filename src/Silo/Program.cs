using KismetOrleans.Silo.Hosting;
using KismetOrleans.Silo.Operations;
using KismetOrleans.Silo.Schema;
using KismetOrleans.Storage;
using KismetOrleans.Storage.Postgres;
using Npgsql;

namespace KismetOrleans.Silo;

/// <summary>A silo of the cluster; <c>schema apply</c> makes the tables. The API servers of a cluster are src/Api.</summary>
internal static class Entry
{
    private const string Usage = """
        KismetOrleans.Silo [--<setting> <value>]…                    a silo of a cluster
        KismetOrleans.Silo schema apply [--Partitions <number>]      brings the database up to this version
        KismetOrleans.Silo health [address]                          asks a silo whether it is ready

        """;

    // A silo has no API but its health, beside the API server's port.
    private const string SiloUrl = "http://127.0.0.1:2502";

    /// <summary>Runs it.</summary>
    /// <returns>0; 1 when it cannot begin, 2 when the command line is wrong. <see cref="FatalFaults"/> has the others.</returns>
    public static async Task<int> Main(string[] args)
    {
        if (args is ["schema", "apply", ..])
        {
            return await ApplySchemaAsync(args[2..]);
        }
        return Startup.Run(args, BuildSilo, Usage, SiloSettings.New);
    }

    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public static WebApplication BuildSilo(string[] args)
    {
        bool urls = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddEnvironmentVariables(Startup.EnvironmentPrefix).AddCommandLine(args).Build()["urls"]
            is { Length: > 0 };
        WebApplicationBuilder builder = Startup.CreateBuilder(urls ? args : [.. args, "--urls", SiloUrl], SiloSettings.New());
        ClusterSettings settings = ClusterSettings.Of(builder.Configuration);
        settings = builder.AddClusterStorage(settings);
        builder.Services.AddSingleton(settings);
        // Stops after the silo, whose datasources feed it.
        builder.Services.AddHistoryWriter(builder.Configuration, settings);
        builder.Services.AddSingleton<IFatalErrorHandler, FatalFaults>();
        builder.UseOrleans(silo =>
        {
            silo.AddSilo(new(settings.Partitions, settings.SaveEvery), builder.Configuration);
            silo.AddClustering(settings);
        });
        builder.Services.AddOperations(builder.Configuration, "silo");
        builder.Services.AddSingleton(ConnectionCount.Of(builder.Configuration));

        WebApplication app = builder.Build();
        _ = app.MapHealth();
        _ = app.MapPrometheus();
        settings.WriteToConsole("Silo");
        return app;
    }

    private static async Task<int> ApplySchemaAsync(string[] args)
    {
        try
        {
            SiloSettings.New().CheckArguments(args);
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
