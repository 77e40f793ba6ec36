using KismetOrleans.Engine.Gps;
using KismetOrleans.Engine.Locating;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Packets.Gps;

namespace KismetOrleans.Silo.Hosting;

/// <summary>The configured GPS (<c>Gps:0</c>, <c>Gps:1</c> …, in the form of <see cref="GpsDefinition"/>) as services of the host, and where buildings stand.</summary>
internal static class GpsServices
{
    /// <summary>Adds them for the grain that reads them.</summary>
    /// <exception cref="ArgumentException">A definition is of no use.</exception>
    public static void AddGps(this IServiceCollection services, IConfiguration configuration, bool hasSerialPorts)
    {
        string[] definitions = configuration.GetSection("Gps").Get<string[]>() ?? [];
        // Looked at now, so that a server does not start without what it was told to read.
        foreach (string definition in definitions)
        {
            Try(definition, () => new GpsTracker(TimeProvider.System).Check(GpsDefinition.Parse(definition)));
        }
        services.AddSingleton(new GpsPlaces(definitions, hasSerialPorts));
        services.AddSingleton(new Buildings(configuration.GetSection("Buildings").GetChildren().Select(static one => KeyValuePair.Create(one.Key, one.Value))));
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
