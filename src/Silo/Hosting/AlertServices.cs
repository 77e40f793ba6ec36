using KismetOrleans.Engine.Alerts;
using KismetOrleans.Grains.Alerts.Outlets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KismetOrleans.Silo.Hosting;

/// <summary>Alerts as services of a host that raises them.</summary>
internal static class AlertServices
{
    /// <summary>Adds settings and receivers.</summary>
    /// <exception cref="ArgumentException">A setting cannot be used; the message names it.</exception>
    public static void AddAlerts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton((configuration.GetSection("Alerts").Get<AlertOptions>() ?? new AlertOptions()).Checked());
        services.TryAddSingleton<IAlertStore, MemoryAlertStore>();
        OutletOptions outlets = OutletOptions.Of(configuration);
        // Made anew for each life of the grain that raises alerts.
        services.AddSingleton<Func<IAlertOutlet>>(provider => () => new AlertOutlets(
            outlets, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
    }
}
