namespace KismetOrleans.SampleGenerator;

/// <summary>Collects frames with the time and the strength at which the receiver hears them.</summary>
/// <param name="startMicros">Time of the capture's start in µs since 1970.</param>
/// <param name="dice">For the signal's jitter.</param>
public sealed class Air(ulong startMicros, Dice dice)
{
    private readonly List<Packet> packets = [];

    /// <summary>All packets in the order of their time.</summary>
    public IReadOnlyList<Packet> Packets => [.. packets.OrderBy(packet => packet.Micros)];

    /// <summary>Hears a frame.</summary>
    /// <param name="at">Time since the start.</param>
    /// <param name="sender">Who is heard, for channel and signal.</param>
    /// <param name="frame">The frame, with check sequence where <paramref name="fcs"/> says so.</param>
    /// <param name="rate">Rate in 500 kbit/s.</param>
    /// <param name="fcs">Whether the frame ends with its check sequence.</param>
    public void Hear(TimeSpan at, Radio sender, byte[] frame, byte rate = 0, bool fcs = false)
    {
        sbyte signal = sender.SignalAt(at, dice);
        bool basic = rate != 0 || sender.HtMcs is null && sender.VhtMcs is null;
        Hear(at, new Radiotap
        {
            Channel = sender.Channel,
            Signal = signal,
            Timer = sender.HasTimer ? (ulong)at.TotalMicroseconds + 1_000_000 : null,
            Rate = basic ? rate != 0 ? rate : sender.Channel.Band == Band.Ghz2 ? (byte)2 : (byte)12 : (byte)0,
            HtMcs = basic ? null : sender.HtMcs,
            VhtMcs = basic ? null : sender.VhtMcs,
            HasFcs = fcs,
            Antennas = sender.HasAntennas ? [signal, (sbyte)(signal - 3)] : [],
        }, frame);
    }

    /// <summary>Hears a frame exactly so.</summary>
    public void Hear(TimeSpan at, Radiotap radio, byte[] frame) =>
        packets.Add(new(startMicros + (ulong)at.TotalMicroseconds, [.. radio.ToHeader(), .. frame]));
}
