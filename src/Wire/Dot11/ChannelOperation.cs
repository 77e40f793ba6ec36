// IEEE Std 802.11-2020, clauses 9.4.2.56 (HT operation) and 9.4.2.158 (VHT operation).
namespace KismetOrleans.Wire.Dot11;

/// <summary>Which channel and width a BSS uses.</summary>
internal static class ChannelOperation
{
    private const int HtOperationLength = 22;
    private const int VhtOperationLength = 5;

    /// <summary>Distance of the two segments' centres, in channel numbers, of one 160 MHz channel; farther apart it is 80+80 (table 9-274).</summary>
    private const int Contiguous160 = 8;

    internal static void Ht(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        if (bytes.Length < HtOperationLength)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return;
        }
        e.Seen |= ElementsSeen.HtOperation;
        e.HtPrimaryChannel = bytes[0];
        if (e.Width >= ChannelWidth.Ht80 || e.Band6Channel != 0)
        {
            return;
        }
        e.Width = (bytes[1] & 0x03) switch
        {
            1 => ChannelWidth.Ht40Plus,
            3 => ChannelWidth.Ht40Minus,
            _ => ChannelWidth.Ht20,
        };
    }

    internal static void Vht(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        if (bytes.Length < VhtOperationLength)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return;
        }
        e.Seen |= ElementsSeen.VhtOperation;
        if (e.IsEhtWidth)
        {
            return;
        }
        e.VhtCenter0 = bytes[1];
        e.VhtCenter1 = bytes[2];
        switch (bytes[0])
        {
            case 1:
                int distance = bytes[2] == 0 ? 0 : Math.Abs(bytes[2] - bytes[1]);
                e.Width = distance switch
                {
                    0 => ChannelWidth.Ht80,
                    <= Contiguous160 => ChannelWidth.Ht160,
                    _ => ChannelWidth.Ht80Plus80,
                };
                break;
            case 2:
                e.Width = ChannelWidth.Ht160;
                break;
            case 3:
                e.Width = ChannelWidth.Ht80Plus80;
                break;
        }
    }
}
