using KismetOrleans.Capture.Gps;
using KismetOrleans.Grains.Gps;

namespace KismetOrleans.Api.Hosting;

/// <summary>The configured GPS (<c>Gps:0</c>, <c>Gps:1</c> …, in the form of <see cref="GpsDefinition"/>) as services of the host.</summary>
public static class GpsServices
{
    /// <summary>Adds a <see cref="GpsTracker"/> with the configured GPS, read from when it is first asked for.</summary>
    /// <exception cref="ArgumentException">A definition is of no use.</exception>
    public static void AddGps(this IServiceCollection services, IConfiguration configuration)
    {
        string[] definitions = configuration.GetSection("Gps").Get<string[]>() ?? [];
        // Looked at now, so that a server does not start without what it was told to read.
        foreach (string definition in definitions)
        {
            Try(definition, () => new GpsTracker(TimeProvider.System).Check(GpsDefinition.Parse(definition)));
        }
        services.AddSingleton(provider =>
        {
            GpsTracker tracker = new(provider.GetRequiredService<TimeProvider>());
            foreach (string definition in definitions)
            {
                Try(definition, () => tracker.Add(GpsDefinition.Parse(definition)));
            }
            return tracker;
        });
    }

    private static void Try(string definition, Action act)
    {
        try
        {
            act();
        }
        catch (GpsException e)
        {
            throw new ArgumentException($"Gps: {e.Message}", nameof(definition));
        }
    }
}
