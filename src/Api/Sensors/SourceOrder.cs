using System.Globalization;
using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Sensors;

/// <summary>Reads the commands that change a source's channels.</summary>
internal static class SourceOrder
{
    // As many as an agent takes.
    private const int MaxChannels = Packets.Protocol.EdgeProtocol.MaxListLength;

    /// <summary>
    /// Reads <c>set_channel</c>: <c>channel</c> to stay on one, else <c>channels</c>, <c>hoprate</c> (or <c>rate</c>, as current Kismet has it) and
    /// <c>shuffle</c> to hop. Numbers may be strings and channels numbers.
    /// </summary>
    /// <returns>Null where none of the keys is there.</returns>
    /// <exception cref="CommandException">A value is of no use.</exception>
    public static SensorOrder? ReadSetChannel(Command command)
    {
        if (Has(command, "channel"))
        {
            return new() { Command = SensorCommand.SetChannel, Channel = Channel(command["channel"], "channel") };
        }
        // "cmd" is how early clients asked for hopping with nothing else.
        bool hop = command["cmd"] is { ValueKind: JsonValueKind.String } cmd && cmd.ValueEquals("hop");
        return !hop && !Has(command, "channels") && !Has(command, "hoprate") && !Has(command, "rate") ? null : new()
        {
            Command = SensorCommand.SetHop,
            Channels = Channels(command["channels"]),
            Rate = Rate(command, "hoprate") ?? Rate(command, "rate") ?? 0,
            Shuffle = Shuffle(command["shuffle"]),
        };
    }

    private static bool Has(Command command, string key) => command[key].ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    private static string Channel(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new CommandException($"{place}: expected a channel, as in \"6HT40+\""),
    };

    private static IReadOnlyList<string> Channels(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return [];
        }
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxChannels)
        {
            throw new CommandException($"channels: expected a list of 1 to {MaxChannels} channels");
        }
        return [.. value.EnumerateArray().Select(static (channel, i) => Channel(channel, $"channels[{i}]"))];
    }

    private static double? Rate(Command command, string key)
    {
        JsonElement value = command[key];
        double rate = 0;
        bool isNumber = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDouble(out rate),
            JsonValueKind.String => double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out rate),
            JsonValueKind.Undefined or JsonValueKind.Null => true,
            _ => false,
        };
        if (!isNumber || !double.IsFinite(rate) || rate < 0)
        {
            throw new CommandException($"{key}: expected a number of hops a second");
        }
        return rate == 0 ? null : rate;
    }

    private static bool? Shuffle(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt32(out int number) => number != 0,
        JsonValueKind.String when value.GetString() is "0" or "1" => value.ValueEquals("1"),
        _ => throw new CommandException("shuffle: expected 0 or 1"),
    };
}
