using System.Globalization;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Channels;

/// <summary>Where a radio listens: on one channel, or on several in turn.</summary>
public sealed record ChannelPlan
{
    /// <summary>Hops a second unless told otherwise, as in Kismet.</summary>
    internal const double DefaultRate = 5;

    /// <summary>Hops a second at most: each is a process of iw, and radios take some milliseconds to settle.</summary>
    internal const double MaxRate = 50;

    /// <summary>Hops a second at least: one an hour.</summary>
    internal const double MinRate = 1.0 / 3600;

    /// <summary>Whether it hops.</summary>
    public bool Hopping { get; init; }

    /// <summary>The channel to stay on; "" to leave the radio where it is.</summary>
    public string Channel { get; init; } = "";

    /// <summary>The channels to hop over; empty for all that the radio has.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Hops a second.</summary>
    public double Rate { get; init; } = DefaultRate;

    /// <summary>Whether the list is shuffled for each round.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether the definition asked for any of this.</summary>
    public bool Asked { get; init; }

    /// <summary>
    /// The plan of a definition: options <c>channel</c>, <c>channels</c>, <c>channel_hop</c> (or <c>hop</c>), <c>hoprate</c> (or
    /// <c>channel_hoprate</c>; hops a second, also <c>5/sec</c> and <c>10/min</c>) and <c>shuffle</c>.
    /// </summary>
    /// <exception cref="PacketSourceException">An option's value is of no use.</exception>
    public static ChannelPlan From(SourceDefinition definition)
    {
        foreach (string name in definition.Channel is { } one ? [one, .. definition.Channels] : definition.Channels)
        {
            if (!WifiChannel.TryParse(name, out _, out string? error))
            {
                throw new PacketSourceException($"source '{definition}': {error}");
            }
        }
        string? rate = RateText(definition);
        string? shuffle = definition.Options.GetValueOrDefault("shuffle");
        return new()
        {
            Hopping = definition.Hop ?? definition.Channel is null,
            Channel = definition.Channel ?? "",
            Channels = definition.Channels,
            Rate = rate is null ? DefaultRate : RateOf(definition) is { } value && IsRate(value) ? value
                : throw new PacketSourceException($"source '{definition}': option hoprate: '{rate}' is no rate of hops: 5, 5/sec and 10/min are; at most {MaxRate}/sec"),
            Shuffle = shuffle?.ToLowerInvariant() switch
            {
                null or "true" or "yes" or "on" or "1" => true,
                "false" or "no" or "off" or "0" => false,
                _ => throw new PacketSourceException($"source '{definition}': option shuffle: '{shuffle}' is neither true nor false"),
            },
            Asked = definition.Channel is not null || definition.Channels.Count > 0 || definition.Hop is not null || rate is not null,
        };
    }

    /// <summary>Hops a second that a definition asks for (<see cref="From"/> has the forms), whether they can be kept or not; null where it asks for none, or in no such form.</summary>
    public static double? RateOf(SourceDefinition definition)
    {
        string text = RateText(definition) ?? "";
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        double? unit = (slash < 0 ? "sec" : text[(slash + 1)..].Trim().ToLowerInvariant()) switch
        {
            "s" or "sec" or "second" => 1,
            "m" or "min" or "minute" => 60,
            _ => null,
        };
        return double.TryParse(slash < 0 ? text : text[..slash], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && unit is { } seconds ? value / seconds : null;
    }

    /// <summary>Whether a rate can be kept.</summary>
    internal static bool IsRate(double rate) => rate is >= MinRate and <= MaxRate;

    private static string? RateText(SourceDefinition definition) =>
        definition.Options.GetValueOrDefault("hoprate") ?? definition.Options.GetValueOrDefault("channel_hoprate");
}
