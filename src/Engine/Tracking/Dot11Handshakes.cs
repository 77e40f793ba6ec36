using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tracking;

/// <summary>EAPOL-Key frames kept for download, and the nonces that tell reuse (inventory: dot11-tracking.md, 9).</summary>
internal sealed class Dot11Handshakes(TrackingOptions options)
{
    // Four handshakes with every message kept.
    private const int MaxFramesPerClient = 16;

    // The original's cap; a handshake adds one of each.
    private const int MaxNonces = 128;

    // Addresses are free to invent: a flood must not fill the memory.
    private const int MaxClients = 1024;

    // Messages have up to some 400 bytes, with everything that standards put into them.
    private const int MaxFrameBytes = 1024;

    /// <summary>Keeps a frame of a handshake with its access point.</summary>
    /// <returns>Whether the handshake is likely complete with it: what a passphrase can be tried on.</returns>
    public bool Keep(Device ap, in Observation o, ObservationBatch batch)
    {
        ReadOnlySpan<byte> frame = batch.Bytes(o);
        if (!options.KeepEapol || frame.Length > MaxFrameBytes || EapolKey.TryParse(frame, o.Frame, out EapolKey key) != ParseStatus.Ok || key.Message == 0)
        {
            return false;
        }
        MacAddress client = o.Frame.Source == o.Frame.Bssid ? o.Frame.Destination : o.Frame.Source;
        Dot11Device dot11 = ap.Dot11!;
        SmallMap<List<EapolRecord>> map = dot11.Handshakes ??= new();
        if (!map.TryGet(client, out List<EapolRecord>? list))
        {
            if (map.Count >= MaxClients)
            {
                map = dot11.Handshakes = WorthKeeping(map);
            }
            list = [];
            map.Add(client, list);
        }
        bool completes = Completes(list, key.Message, key.ReplayCounter);
        PacketRecord packet = new(o.TimeNs, (uint)LinkType.Ieee80211, frame.ToArray());
        byte[] pmkid = key.Pmkid.IsEmpty ? [] : key.Pmkid.Of(frame).ToArray();
        list.Add(new(
            o.TimeNs, (byte)(o.Frame.IsToDs ? 2 : 1), key.Message, key.ReplayCounter, key.Install, key.Nonce.Of(frame).ToArray(), pmkid, packet));
        if (list.Count > MaxFramesPerClient)
        {
            DropRepeat(list);
        }
        if (pmkid.Length > 0)
        {
            dot11.PmkidPacket ??= packet;
        }
        return completes;
    }

    /// <summary>Keeps the nonce of message 1 or 3 with its receiver.</summary>
    /// <returns>Whether the receiver has had it already.</returns>
    public static bool KeepNonce(Dot11Device receiver, in Observation o, ObservationBatch batch)
    {
        ReadOnlySpan<byte> frame = batch.Bytes(o);
        if (EapolKey.TryParse(frame, o.Frame, out EapolKey key) != ParseStatus.Ok || key.Message is not (1 or 3))
        {
            return false;
        }
        List<NonceRecord> list = key.Message == 1 ? receiver.Anonces ??= [] : receiver.Nonces ??= [];
        ReadOnlySpan<byte> nonce = key.Nonce.Of(frame);
        foreach (NonceRecord known in list)
        {
            if (nonce.SequenceEqual(known.Nonce))
            {
                return true;
            }
        }
        if (list.Count == MaxNonces)
        {
            list.RemoveAt(0);
        }
        list.Add(new(o.TimeNs, key.Message, key.ReplayCounter, key.Install, nonce.ToArray()));
        return false;
    }

    // Both nonces and the client's check value: message 2 with its 1 (which has the same counter) or with its 3 (which has the next). Once each: what has
    // had its 2 and 1 is not told again for the 3, nor for a repetition.
    private static bool Completes(List<EapolRecord> list, byte message, ulong counter) => message switch
    {
        1 => Has(list, 2, counter) && !Has(list, 1, counter),
        2 => Has(list, 1, counter) && !Has(list, 2, counter),
        3 => Has(list, 2, counter - 1) && !Has(list, 1, counter - 1) && !Has(list, 3, counter),
        _ => false,
    };

    private static bool Has(List<EapolRecord> list, byte message, ulong counter)
    {
        foreach (EapolRecord known in list)
        {
            if (known.Message == message && known.ReplayCounter == counter)
            {
                return true;
            }
        }
        return false;
    }

    // Half of the clients at once, so that each of a flood costs next to nothing: those who answered stay before those who were only asked, as
    // invented ones are, and the newest before older ones.
    private static SmallMap<List<EapolRecord>> WorthKeeping(SmallMap<List<EapolRecord>> map)
    {
        SmallMap<List<EapolRecord>> kept = new(MaxClients);
        foreach (int i in Enumerable.Range(0, map.Count)
            .OrderByDescending(i => map.Value(i).Exists(static frame => frame.Message == 2))
            .ThenByDescending(i => map.Value(i)[^1].TimeNs)
            .Take(MaxClients / 2).Order())
        {
            kept.Add(map.Key(i), map.Value(i));
        }
        return kept;
    }

    // The oldest frame that a newer one of the same message makes superfluous.
    private static void DropRepeat(List<EapolRecord> list)
    {
        for (int i = 0; i < list.Count; i++)
        {
            for (int j = i + 1; j < list.Count; j++)
            {
                if (list[i].Message == list[j].Message)
                {
                    list.RemoveAt(i);
                    return;
                }
            }
        }
        list.RemoveAt(0);
    }
}
