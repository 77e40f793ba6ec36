using System.Globalization;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Datasources;

/// <summary>Says of a source that most of its packets cannot be read, and why.</summary>
internal sealed class UnreadPackets
{
    /// <summary>Fewer packets of a file prove nothing.</summary>
    private const int Least = 3;

    /// <summary>Fewer packets of a radio prove nothing: some are always damaged, and those of its first seconds may be.</summary>
    private const int LeastLive = 100;

    /// <summary>A radio of whose packets so many came and not one was sound does not hear noise: it is set up wrongly.</summary>
    private const int LeastDamaged = 1000;

    private string _reported = "";

    /// <summary>The reason to be shown; "" where enough can be read. Once said it stays until clearly more than half can be read again.</summary>
    /// <param name="packets">Packets of this session.</param>
    /// <param name="unread">How many of them could not be read.</param>
    /// <param name="isLive">Whether a radio saw them: what is damaged is noise then, of which there may be any amount beside what can be read.</param>
    public string Reason(long packets, long unread, AnomalyCounts because, bool isLive = false)
    {
        double share = _reported.Length > 0 ? 0.4 : 0.5;
        bool fails;
        if (isLive)
        {
            long damaged = Math.Min(because[Anomalies.FcsBad] + because[Anomalies.BluetoothCrcBad], unread);
            long sound = packets - damaged;
            fails = sound >= LeastLive ? unread - damaged > share * sound : sound == 0 && packets >= LeastDamaged;
        }
        else
        {
            fails = packets >= Least && unread > share * packets;
        }
        return _reported = fails ? Text(packets, unread, because) : "";
    }

    private static string Text(long packets, long unread, AnomalyCounts because)
    {
        IEnumerable<string> reasons = because.Seen().OrderByDescending(static seen => seen.Count).Take(3)
            .Select(static seen => string.Create(CultureInfo.InvariantCulture, $"{Words(seen.Anomaly)}: {seen.Count}"));
        return string.Create(CultureInfo.InvariantCulture, $"{unread} of {packets} packets cannot be read ({string.Join(", ", reasons)})");
    }

    private static string Words(Anomalies anomaly) => anomaly switch
    {
        Anomalies.LinkHeaderTruncated => "cut within the link header",
        Anomalies.LinkHeaderMalformed => "broken link header",
        Anomalies.LinkTypeUnsupported => "link type without a decoder",
        Anomalies.FcsBad => "wrong check sequence",
        Anomalies.FrameTruncated => "cut within the frame's header",
        Anomalies.FrameMalformed => "shorter than its header",
        Anomalies.FrameVersionUnknown => "no frame of 802.11",
        Anomalies.BluetoothMalformed => "broken Bluetooth packet",
        Anomalies.BluetoothCrcBad => "wrong Bluetooth CRC",
        _ => anomaly.ToString(),
    };
}
