using System.Text;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Partitions;

/// <summary>What a user writes on a device: a name, or a tag. A device that bears either is kept when idle ones are forgotten.</summary>
/// <param name="Tag">Which tag; null for the name.</param>
/// <param name="Text">The name or the tag's content; "" takes it away.</param>
public sealed record DeviceEdit(string? Tag, string Text)
{
    /// <summary>Characters of a name: lists show it in one line.</summary>
    public const int MaxName = 256;

    /// <summary>Characters of a tag's name.</summary>
    public const int MaxTagName = 64;

    /// <summary>Characters of a tag's content: the web UI keeps a user's notes in one.</summary>
    public const int MaxTagText = 4096;

    /// <summary>Tags of a device: each is a part of its row, and of every list that asks for all fields.</summary>
    public const int MaxTags = 32;

    /// <summary>Whether a user wrote something on a device.</summary>
    internal static bool IsOn(Device device) => device.Username is not null || device.Tags is not null;

    /// <summary>Writes it on a device.</summary>
    /// <returns>False when the device bears as many tags as it may.</returns>
    internal bool TryApply(Device device)
    {
        if (Tag is null)
        {
            device.Username = Text.Length == 0 ? null : Text;
            return true;
        }
        if (Text.Length == 0)
        {
            if (device.Tags is { } tags && tags.Remove(Tag) && tags.Count == 0)
            {
                device.Tags = null;
            }
            return true;
        }
        if (device.Tags is { } full && full.Count >= MaxTags && !full.ContainsKey(Tag))
        {
            return false;
        }
        (device.Tags ??= new(StringComparer.Ordinal))[Tag] = Text;
        return true;
    }

    /// <summary>Whether a text can stand on a device: no longer than it may be, and without what would break a line.</summary>
    public static bool IsWritable(string text, int most)
    {
        if (text.Length > most)
        {
            return false;
        }
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Notes have lines; a terminal's control sequences have no place in them.
            if (Rune.IsControl(rune) && rune.Value is not '\n' and not '\r' and not '\t')
            {
                return false;
            }
        }
        return true;
    }
}

public enum EditOutcome : byte
{
    /// <summary>It is on the device, and on disk where devices are kept there.</summary>
    Done,

    /// <summary>There is no such device.</summary>
    Unknown,

    /// <summary>The device bears <see cref="DeviceEdit.MaxTags"/> others.</summary>
    TooManyTags,
}
