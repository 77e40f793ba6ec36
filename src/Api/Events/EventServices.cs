using KismetOrleans.Api.Operations;
using KismetOrleans.Engine.Events;

namespace KismetOrleans.Api.Events;

/// <summary>Live events as services of a host with clients.</summary>
internal static class EventServices
{
    /// <summary>Adds their settings (<c>Events:…</c>), the count of websockets, and the events that come once a second.</summary>
    /// <exception cref="ArgumentException">A setting is wrong; the message says which.</exception>
    public static void AddEvents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton((configuration.GetSection("Events").Get<EventOptions>() ?? new()).Checked());
        services.AddSingleton<OpenSockets>();
        services.AddHostedService<RegularEvents>();
    }
}

internal sealed class OpenSockets(EventOptions options) : Places(options.MaxSockets, options.MaxSocketsEach);
