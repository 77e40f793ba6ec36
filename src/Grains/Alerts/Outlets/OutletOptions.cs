using System.Globalization;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts.Outlets;

/// <summary>Where alerts go besides the API (configuration section <c>Alerts:Outlets</c>).</summary>
public sealed record OutletOptions
{
    /// <summary>Address that alerts are posted to as JSON; null for none.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>Secret that the posts are signed with; null sends them unsigned.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Receiver of syslog messages: <c>udp://host:514</c> or <c>tcp://host:601</c>; null for none.</summary>
    public Uri? Syslog { get; init; }

    /// <summary>Least weight that goes out: 0 for all, 5, 10, 15 or 20.</summary>
    public int MinSeverity { get; init; }

    /// <summary>Alerts that may wait for a receiver that does not take them; more are dropped and counted.</summary>
    public int Queue { get; init; } = 1000;

    /// <summary>Attempts at one alert before it is dropped.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>Time before the second attempt; each later one waits twice as long, up to a minute.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="ArgumentException">A setting cannot be used; the message names it.</exception>
    public static OutletOptions Of(IConfiguration configuration)
    {
        OutletOptions options = configuration.GetSection("Alerts:Outlets").Get<OutletOptions>() ?? new();
        if (options.Webhook is { } webhook && !(webhook.IsAbsoluteUri && webhook.Scheme is "http" or "https"))
        {
            throw new ArgumentException($"Alerts:Outlets:Webhook: expected an address of http or https, got '{webhook}'");
        }
        if (options.Syslog is { } syslog && !(syslog.IsAbsoluteUri && syslog.Scheme is "udp" or "tcp" && syslog.Port > 0))
        {
            throw new ArgumentException($"Alerts:Outlets:Syslog: expected udp://host:port or tcp://host:port, got '{syslog}'");
        }
        if (!AlertSeverity.IsKnown(options.MinSeverity))
        {
            throw new ArgumentException($"Alerts:Outlets:MinSeverity: expected 0, 5, 10, 15 or 20, got {options.MinSeverity.ToString(CultureInfo.InvariantCulture)}");
        }
        if (options.Queue < 1 || options.Attempts < 1 || options.Backoff <= TimeSpan.Zero)
        {
            throw new ArgumentException("Alerts:Outlets: Queue, Attempts and Backoff must be greater than zero");
        }
        return options;
    }
}
