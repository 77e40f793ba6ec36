using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Hashing;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Datasources;

/// <summary>From a packet between a host and its Bluetooth controller to one observation for each device that it tells of.</summary>
internal static class HciDissection
{
    // Odd, so that reports of one packet have hashes of their own.
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    /// <param name="packet">The packet, from its H4 type on.</param>
    /// <param name="isCut">Whether the capture cut it.</param>
    /// <param name="batches">A batch for each partition.</param>
    /// <param name="anomalies">Counts what is wrong.</param>
    public static DissectedAs Dissect(
        ReadOnlySpan<byte> packet, bool isCut, ref Observation o, ReadOnlySpan<ObservationBatch> batches, AnomalyCounts anomalies)
    {
        HciReports reports = new(packet, isCut);
        ulong hash = 0;
        MacAddress first = MacAddress.Zero;
        for (ushort number = 0; reports.TryRead(out HciReport report); number++)
        {
            if (number == 0)
            {
                hash = FrameHash.Compute(packet);
                first = report.Address;
            }
            o.Kind = ObservationKind.BluetoothHci;
            o.Frame = new() { Source = report.Address, Kind = FrameKind.Action, Sequence = number, IsCut = isCut };
            o.Hash = hash + (number * Spread);
            o.FrequencyKhz = HciTracker.BandKhz;
            o.HasRadio = report.HasRssi;
            o.SignalKind = report.HasRssi ? SignalKind.Dbm : SignalKind.None;
            o.Signal = report.Rssi;
            PairRouting.Route(Phy.Bluetooth, o, packet, batches);
        }
        anomalies.Note(reports.Anomalies);
        // Streams and logs know a packet by its first device.
        o.Frame = new() { Source = first };
        return first.IsZero ? DissectedAs.LinkHeader : DissectedAs.Bluetooth;
    }
}
