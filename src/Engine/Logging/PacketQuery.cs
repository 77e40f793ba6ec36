using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Logging;

/// <summary>How a column of the history is compared.</summary>
public enum PacketTest : byte
{
    /// <summary>Is the same.</summary>
    Equal,

    /// <summary>Is as much or more.</summary>
    AtLeast,

    /// <summary>Is as much or less.</summary>
    AtMost,

    /// <summary>Looks like a text with <c>%</c> for any characters and <c>_</c> for any one, in either case.</summary>
    Like,
}

/// <summary>What a column of the history must be.</summary>
/// <param name="Column">Name of the column, as a kismetdb has it.</param>
/// <param name="Test">How it is compared.</param>
/// <param name="Value">With what: a <see cref="string"/>, a <see cref="long"/> or a <see cref="double"/>, as the column is.</param>
public readonly record struct PacketCondition(string Column, PacketTest Test, object Value);

/// <summary>Which packets of the history are asked for: those that meet everything.</summary>
public sealed record PacketQuery
{
    internal static readonly PacketQuery All = new();

    /// <summary>Microseconds since 1970 of the oldest packet.</summary>
    public long FromUs { get; init; } = long.MinValue;

    /// <summary>Microseconds since 1970 of the newest packet.</summary>
    public long ToUs { get; init; } = long.MaxValue;

    /// <summary>An address that a packet must have as source, destination or transmitter; null for any.</summary>
    public MacAddress? Device { get; init; }

    /// <summary>Nothing can be meant, as by the key of a device of a phy that there is not.</summary>
    public bool Nothing { get; init; }

    /// <summary>What else must be so.</summary>
    public IReadOnlyList<PacketCondition> Conditions { get; init; } = [];

    /// <summary>Packets at most.</summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>Addresses that each packet must have in one of its columns, by which an index finds them.</summary>
    public IEnumerable<MacAddress> Addresses
    {
        get
        {
            if (Device is { } device)
            {
                yield return device;
            }
            foreach (PacketCondition condition in Conditions)
            {
                // Zero is what most packets have for a transmitter: no index knows it.
                if (condition is { Test: PacketTest.Equal, Value: string text } && MacAddress.TryParseAny(text, out MacAddress address) && !address.IsZero)
                {
                    yield return address;
                }
            }
        }
    }
}
