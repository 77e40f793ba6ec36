// draft-ietf-opsawg-pcapng, 4.2 "Interface Description Block" and 3.5 "Options".
using System.Buffers.Binary;
using System.Text;

namespace KismetOrleans.Wire.Files;

/// <summary>An interface of a capture file.</summary>
/// <param name="LinkType">Link type of its packets; numbers without a name here are passed on as they are.</param>
/// <param name="SnapLength">Bytes that packets were cut to, 0 for no limit.</param>
/// <param name="Name">if_name, null when absent.</param>
/// <param name="Description">if_description, null when absent.</param>
/// <param name="Resolution">if_tsresol, as <see cref="CaptureTime.FromTicks"/> takes it.</param>
/// <param name="OffsetSeconds">if_tsoffset in seconds.</param>
public sealed record PcapngInterface(LinkType LinkType, uint SnapLength, string? Name, string? Description, byte Resolution, long OffsetSeconds)
{
    /// <summary>Microseconds, where the file does not say otherwise.</summary>
    public const byte DefaultResolution = 6;

    private const int FixedLength = 8;

    /// <summary>Bytes of the check sequence at the end of every packet (if_fcslen), 0 for none, as far as the file tells; else null.</summary>
    public byte? FcsLength { get; init; }

    private enum Option : ushort
    {
        Name = 2,
        Description = 3,
        Resolution = 9,
        FcsLength = 13,
        Offset = 14,
    }

    /// <summary>Reads an interface description.</summary>
    /// <param name="body">The block between its header and its second length.</param>
    /// <param name="bigEndian">Byte order of the section.</param>
    /// <param name="description">The interface.</param>
    /// <returns>Malformed when the body is shorter than its fixed part or an option runs past its end.</returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> body, bool bigEndian, out PcapngInterface? description)
    {
        description = null;
        if (body.Length < FixedLength)
        {
            return ParseStatus.Malformed;
        }
        var linkType = (LinkType)PcapngBlock.ReadUInt16(body, bigEndian);
        uint snapLength = PcapngBlock.ReadUInt32(body[4..], bigEndian);
        string? name = null;
        string? text = null;
        byte resolution = DefaultResolution;
        long offset = 0;
        byte? fcsLength = null;
        PcapngOptions options = new(body[FixedLength..], bigEndian);
        while (options.MoveNext())
        {
            ReadOnlySpan<byte> value = options.Value;
            switch ((Option)options.Code)
            {
                case Option.Name:
                    name = Text(value);
                    break;
                case Option.Description:
                    text = Text(value);
                    break;
                case Option.Resolution when value.Length >= 1:
                    resolution = value[0];
                    break;
                case Option.FcsLength when value.Length >= 1:
                    // The format means bits; some writers have written bytes.
                    fcsLength = value[0] >= 8 ? (byte)(value[0] / 8) : value[0];
                    break;
                case Option.Offset when value.Length >= 8:
                    offset = bigEndian ? BinaryPrimitives.ReadInt64BigEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
                    break;
            }
        }
        if (options.IsMalformed)
        {
            return ParseStatus.Malformed;
        }
        description = new(linkType, snapLength, name, text, resolution, offset) { FcsLength = fcsLength };
        return ParseStatus.Ok;
    }

    /// <summary>Some writers end the text with a zero byte, which the format does not ask for.</summary>
    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value.TrimEnd((byte)0));
}
