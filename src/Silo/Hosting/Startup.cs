using KismetOrleans.Packets;
using KismetOrleans.Silo.Operations;
using KismetOrleans.Storage;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Hosting.Systemd;

namespace KismetOrleans.Silo.Hosting;

/// <summary>The web host's settings.</summary>
public static class Startup
{
    /// <summary>Where the server listens until it is told otherwise: this machine alone, Kismet's port.</summary>
    internal const string DefaultUrl = "http://127.0.0.1:2501";

    /// <summary>Before the names of settings in the environment; they are taken without it, too.</summary>
    internal const string EnvironmentPrefix = "Kismet__";

    // A client that reads nothing for this long has gone.
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromMinutes(2);

    /// <summary>Builds the server and runs it until it is told to stop.</summary>
    /// <param name="usage">How it is called, for <c>--help</c>.</param>
    /// <param name="settings">The settings that it knows, for <c>--help</c>.</param>
    /// <returns>0; 1 when it cannot listen, 2 when the command line or a setting is wrong, both with a line that says why.</returns>
    public static int Run(string[] args, Func<string[], WebApplication> build, string usage, Func<SettingCatalogue> settings)
    {
        if (args.Any(static arg => arg is "--help" or "-h" or "-?"))
        {
            Console.Out.WriteLine(usage);
            Console.Out.WriteLine("Settings, which can also stand in the environment (Log__Types) or in appsettings.json; 0 in a name is a place in a list:");
            settings().Write(Console.Out);
            return 0;
        }
        if (args is [HealthCommand.Name, ..])
        {
            return HealthCommand.Run(args[1..], DefaultUrl);
        }
        try
        {
            WebApplication server = build(args);
            Ports.Check(server);
            server.Run();
            return 0;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop before it had started.
            return 0;
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
        catch (FormatException e)
        {
            // Of an address to serve at.
            Console.Error.WriteLine(e.Message);
            return 2;
        }
        catch (Exception e) when (e is StorageException or PortInUseException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"{e.Message} (another server? --urls chooses another address)");
            return 1;
        }
    }

    /// <summary>A builder with the configuration of command line, environment and settings files.</summary>
    /// <param name="settings">The settings that the program knows.</param>
    /// <exception cref="ArgumentException">A setting is unknown, or its value cannot be understood; the message names it.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] args, SettingCatalogue settings)
    {
        string[] rest = CaptureArguments.TakeDefinitions(args, out IReadOnlyList<string> definitions);
        settings.CheckArguments(rest);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = rest,
            // Settings stand beside the program, wherever it is started from.
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddEnvironment(builder.Configuration);
        if (definitions.Count > 0)
        {
            builder.Configuration.AddInMemoryCollection(
                definitions.Select(static (definition, i) => KeyValuePair.Create($"{CaptureArguments.CommandLineKey}:{i}", (string?)definition)));
        }
        settings.CheckValues(builder.Configuration);
        builder.Configuration.AddInMemoryCollection(settings.Renames(builder.Configuration).ToArray());
        // Addresses of Kestrel's own settings stand for themselves.
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
        // Certificates of the settings; the slim builder leaves them out.
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.KeepAliveTimeout = s_keepAlive;
            kestrel.ConfigureEndpointDefaults(endpoint =>
                endpoint.Use(kestrel.ApplicationServices.GetRequiredService<ConnectionCount>().Count));
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // At information, a silo tells some hundred lines of its options.
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        // Advice on the garbage collector, at every start.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        // At a start it may say that its first check has taken for as long as the machine is up.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // Every call that Orleans places, at information.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        // What keeps the host from starting is told by Run, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // Where it is a service of systemd, it says when it is ready, and that it is alive.
        builder.Services.AddSystemd();
        if (SystemdHelpers.IsSystemdService() && WatchdogInterval.OfEnvironment() is { } interval)
        {
            _ = builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<SystemdWatchdog>(provider, interval));
        }
        builder.Logging.AddServerConsole(builder.Configuration);
        return builder;
    }

    // The command line wins still.
    private static void AddEnvironment(ConfigurationManager configuration)
    {
        IList<IConfigurationSource> sources = configuration.Sources;
        int at = sources.Count;
        while (at > 0 && sources[at - 1] is CommandLineConfigurationSource)
        {
            at--;
        }
        sources.Insert(at, new EnvironmentVariablesConfigurationSource { Prefix = EnvironmentPrefix });
    }
}
