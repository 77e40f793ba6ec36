// IEEE Std 802.11-2020, clauses 9.6.6.7 (neighbor report response) and 9.4.2.36 (neighbor report element).
namespace KismetOrleans.Wire.Dot11;

/// <summary>Looks into the 802.11k neighbor reports of action frames.</summary>
public static class NeighborReport
{
    /// <summary>Category 5 (radio measurement), action 5 (neighbor report response), as <see cref="Dot11Frame.Algorithm"/> holds them.</summary>
    internal const ushort Response = 0x0505;

    /// <summary>Category, action and dialog token.</summary>
    private const int FixedLength = 3;

    /// <summary>BSSID (6), information (4) and operating class come before the channel number.</summary>
    private const int ChannelOffset = 11;

    /// <summary>The highest channel number that the reports of <paramref name="frame"/> name; −1 where it is no report or names none.</summary>
    public static int HighestChannel(ReadOnlySpan<byte> frame, in Dot11Frame f)
    {
        if (f.Kind is not (FrameKind.Action or FrameKind.ActionNoAck) || f.IsProtected || f.Algorithm != Response || f.BodyLength < FixedLength)
        {
            return -1;
        }
        int highest = -1;
        var reader = new ElementReader(frame[(f.BodyOffset + FixedLength)..]);
        while (reader.TryRead(out byte id, out Slice body))
        {
            if (id == ElementId.NeighborReport && body.Length > ChannelOffset)
            {
                highest = Math.Max(highest, reader.Elements[body.Offset + ChannelOffset]);
            }
        }
        return highest;
    }
}
