using System.Buffers;
using KismetOrleans.Packets.Protocol;
using MessagePack;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

/// <summary>What a capture program has.</summary>
/// <param name="Definition">As given to it.</param>
/// <param name="Uuid">UUID of the source, the same at every start.</param>
internal sealed record NewSource(string Definition, string Driver, string Uuid);

/// <summary>What came of opening the source.</summary>
internal sealed record OpenReport
{
    public uint LinkType { get; init; }

    public string Interface { get; init; } = "";

    public IReadOnlyList<string> Channels { get; init; } = [];

    public string Channel { get; init; } = "";

    public HopBlock? Hop { get; init; }

    public string Hardware { get; init; } = "";

    public string Message { get; init; } = "";

    public string Version { get; init; } = "";
}

/// <summary>Where the source is tuned.</summary>
internal sealed record ConfigReport(string? Channel, HopBlock? Hop, string Message);

/// <summary>How a source hops.</summary>
/// <param name="Rate">Hops a second; 0 for none.</param>
/// <param name="Shuffle">In an order of its own.</param>
internal sealed record HopBlock(double Rate, IReadOnlyList<string> Channels, bool Shuffle, bool Enabled);

/// <summary>Reads the maps of frames: keys in any order, numbers of any width, keys that nobody knows passed over.</summary>
internal static class RemoteMessages
{
    public static NewSource ReadNewSource(in ReadOnlySequence<byte> payload) => Read(payload, static (ref MessagePackReader from) =>
    {
        (string definition, string driver, string uuid) = ("", "", "");
        for (int keys = from.ReadMapHeader(); keys > 0; keys--)
        {
            switch (from.ReadInt64())
            {
                case 1:
                    definition = Text(ref from);
                    break;
                case 2:
                    driver = Text(ref from);
                    break;
                case 3:
                    uuid = Text(ref from);
                    break;
                default:
                    Skip(ref from);
                    break;
            }
        }
        return new NewSource(definition, driver, uuid);
    });

    public static OpenReport ReadOpenReport(in ReadOnlySequence<byte> payload) => Read(payload, static (ref MessagePackReader from) =>
    {
        OpenReport report = new();
        for (int keys = from.ReadMapHeader(); keys > 0; keys--)
        {
            report = from.ReadInt64() switch
            {
                2 => report with { LinkType = (uint)Math.Clamp(from.ReadInt64(), 0, uint.MaxValue) },
                3 => report with { Interface = Text(ref from) },
                4 => report with { Channels = Texts(ref from) },
                5 => report with { Channel = Text(ref from) },
                6 => report with { Hop = ReadHop(ref from) },
                7 => report with { Hardware = Text(ref from) },
                9 => report with { Message = Text(ref from) },
                10 => report with { Version = Text(ref from) },
                _ => Skipped(ref from, report),
            };
        }
        return report;
    });

    public static ConfigReport ReadConfigReport(in ReadOnlySequence<byte> payload) => Read(payload, static (ref MessagePackReader from) =>
    {
        ConfigReport report = new(null, null, "");
        for (int keys = from.ReadMapHeader(); keys > 0; keys--)
        {
            report = from.ReadInt64() switch
            {
                2 => report with { Channel = Text(ref from) },
                3 => report with { Hop = ReadHop(ref from) },
                4 => report with { Message = Text(ref from) },
                _ => Skipped(ref from, report),
            };
        }
        return report;
    });

    /// <summary>The number and text of a message, an error or a shutdown; the number is 0 where there is none.</summary>
    public static (long Kind, string Text) ReadText(in ReadOnlySequence<byte> payload) => Read(payload, static (ref MessagePackReader from) =>
    {
        (long kind, string text) = (0L, "");
        for (int keys = from.End ? 0 : from.ReadMapHeader(); keys > 0; keys--)
        {
            _ = from.ReadInt64();
            if (from.NextMessagePackType == MessagePackType.Integer)
            {
                kind = from.ReadInt64();
            }
            else
            {
                text = Text(ref from);
            }
        }
        return (kind, text);
    });

    /// <summary>A frame without payload.</summary>
    public static ReadOnlyMemory<byte> Empty(RemoteFrameType type, uint number) => Frame(type, 0, number, null);

    /// <summary>A shutdown or an error.</summary>
    public static ReadOnlyMemory<byte> WithText(RemoteFrameType type, uint number, string text) => Frame(type, 1, number, (ref MessagePackWriter to) =>
    {
        to.WriteMapHeader(1);
        to.Write(1);
        to.Write(text);
    });

    public static ReadOnlyMemory<byte> OpenRequest(uint number, string definition) => WithText(RemoteFrameType.OpenRequest, number, definition);

    public static ReadOnlyMemory<byte> SetChannel(uint number, string channel) => WithText(RemoteFrameType.ConfigRequest, number, channel);

    public static ReadOnlyMemory<byte> SetHop(uint number, HopBlock hop) => Frame(RemoteFrameType.ConfigRequest, 1, number, (ref MessagePackWriter to) =>
    {
        to.WriteMapHeader(1);
        to.Write(2);
        to.WriteMapHeader(6);
        to.Write(1);
        to.Write(hop.Rate);
        to.Write(2);
        to.Write(hop.Shuffle);
        // Skip and offset of the shuffle: the program chooses the first, and the second is for radios that share a list.
        to.Write(3);
        to.Write(0);
        to.Write(4);
        to.Write(0);
        to.Write(5);
        to.WriteArrayHeader(hop.Channels.Count);
        foreach (string channel in hop.Channels)
        {
            to.Write(channel);
        }
        to.Write(6);
        to.Write(hop.Enabled);
    });

    /// <summary>Reads a map.</summary>
    /// <exception cref="InvalidDataException">It is none, or none of this protocol.</exception>
    public static T Read<T>(in ReadOnlySequence<byte> payload, Reading<T> read)
    {
        MessagePackReader from = new(payload);
        try
        {
            return read(ref from);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            throw new InvalidDataException("a frame whose content is no MessagePack of this protocol", e);
        }
    }

    /// <summary>Passes over a value, however deep, without a call for each depth.</summary>
    public static void Skip(ref MessagePackReader from)
    {
        for (long values = 1; values > 0; values--)
        {
            switch (from.NextMessagePackType)
            {
                case MessagePackType.Array:
                    values += from.ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    values += 2L * from.ReadMapHeader();
                    break;
                default:
                    from.Skip();
                    break;
            }
        }
    }

    public static string Text(ref MessagePackReader from) => PlainText.Of(from.ReadString() ?? "");

    /// <summary>Reads one map.</summary>
    public delegate T Reading<T>(ref MessagePackReader from);

    private delegate void Writing(ref MessagePackWriter to);

    private static T Skipped<T>(ref MessagePackReader from, T report)
    {
        Skip(ref from);
        return report;
    }

    private static HopBlock ReadHop(ref MessagePackReader from)
    {
        HopBlock hop = new(0, [], false, false);
        bool? enabled = null;
        for (int keys = from.ReadMapHeader(); keys > 0; keys--)
        {
            switch (from.ReadInt64())
            {
                case 1:
                    hop = hop with { Rate = from.NextMessagePackType == MessagePackType.Float ? from.ReadDouble() : from.ReadInt64() };
                    break;
                case 2:
                    hop = hop with { Shuffle = Flag(ref from) };
                    break;
                case 5:
                    hop = hop with { Channels = Texts(ref from) };
                    break;
                case 6:
                    enabled = Flag(ref from);
                    break;
                default:
                    Skip(ref from);
                    break;
            }
        }
        return hop with { Rate = double.IsFinite(hop.Rate) ? hop.Rate : 0, Enabled = enabled ?? hop.Rate > 0 };
    }

    private static bool Flag(ref MessagePackReader from) => from.NextMessagePackType == MessagePackType.Boolean ? from.ReadBoolean() : from.ReadInt64() != 0;

    private static IReadOnlyList<string> Texts(ref MessagePackReader from)
    {
        int count = from.ReadArrayHeader();
        if (count > EdgeProtocol.MaxListLength)
        {
            throw new InvalidDataException($"a list of {count} channels");
        }
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            texts[i] = Text(ref from);
        }
        return texts;
    }

    private static ReadOnlyMemory<byte> Frame(RemoteFrameType type, ushort code, uint number, Writing? write)
    {
        ArrayBufferWriter<byte> buffer = new(256);
        buffer.Advance(RemoteFrame.HeaderLength);
        MessagePackWriter to = new(buffer);
        write?.Invoke(ref to);
        to.Flush();
        byte[] frame = buffer.WrittenSpan.ToArray();
        RemoteFrame.WriteHeader(frame, type, code, number);
        return frame;
    }
}
