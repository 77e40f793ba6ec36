using KismetOrleans.Packets.Channels;

namespace KismetOrleans.Packets.Sources;

/// <summary>
/// Whom a <see cref="CaptureLoop"/> gives packets and tells how it goes: one call at a time on its thread, but for <see cref="Tuned"/>. What
/// these methods throw is counted and told to <see cref="Faulted"/>; the capture goes on.
/// </summary>
public interface ICaptureConsumer
{
    /// <summary>The source is open. What this throws means that it is not.</summary>
    void Opened(IPacketSource packets);

    /// <summary>Packets, at least one. The batch is filled again on return.</summary>
    void Take(IPacketSource packets, PacketBatch batch);

    /// <summary>No packet came for a while, or none that was wanted.</summary>
    void Idle(IPacketSource packets)
    {
    }

    /// <summary>It is known what the radio can, and where it is.</summary>
    void Tuned(ChannelState state)
    {
    }

    /// <summary>The source has come to its end.</summary>
    void Ended(IPacketSource packets);

    /// <summary>The source does not open, or has failed.</summary>
    /// <param name="packets">The source; null where it did not open.</param>
    /// <param name="error">Why, fit for the user.</param>
    /// <param name="again">Whether it is tried again.</param>
    void Failed(IPacketSource? packets, string error, bool again);

    /// <summary>The source was let go because somebody wanted it so.</summary>
    void Closed(IPacketSource packets);

    /// <summary>The consumer, or the source's own code, has thrown what nobody expects. Told at most once in ten seconds.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="faults">How often so far.</param>
    void Faulted(Exception fault, long faults);
}
