using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Hashing;
using KismetOrleans.Wire.Ieee802154;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Datasources;

/// <summary>From an 802.15.4 frame to its observation.</summary>
internal static class Ieee802154Dissection
{
    /// <summary>Dissects a frame whose check sequence is off.</summary>
    /// <param name="isCut">Whether the capture cut it.</param>
    /// <param name="radio">What the link header tells.</param>
    /// <param name="o">The observation, which has all that the link header tells.</param>
    /// <param name="batches">A batch for each partition.</param>
    /// <param name="anomalies">Counts what is wrong.</param>
    public static DissectedAs Dissect(
        ReadOnlySpan<byte> frame, bool isCut, in RadioHeader radio, ref Observation o, ReadOnlySpan<ObservationBatch> batches, AnomalyCounts anomalies)
    {
        ParseStatus status = Ieee802154Parser.TryParse(frame, isCut, out Ieee802154Frame f);
        anomalies.Note(f.Anomalies);
        o.Frame = default;
        if (status != ParseStatus.Ok)
        {
            return DissectedAs.LinkHeader;
        }
        o.Kind = ObservationKind.Ieee802154;
        bool data = f.Type is Ieee802154Type.Data or Ieee802154Type.Multipurpose;
        // Whoever counts looks at these, as with 802.11; the tracker parses the rest again.
        o.Frame = new()
        {
            Source = f.Source,
            Destination = f.Destination,
            Kind = data ? FrameKind.Data : FrameKind.Action,
            Cipher = f.IsEncrypted ? FrameCipher.Unknown : FrameCipher.None,
            BodyLength = frame.Length - f.PayloadOffset,
            IsCut = isCut,
            Code = (ushort)(radio.HasLqi ? radio.Lqi + 1 : 0),
        };
        o.Hash = FrameHash.Compute(frame);
        PairRouting.Route(Phy.Ieee802154, o, frame, batches);
        return DissectedAs.Ieee802154;
    }
}
