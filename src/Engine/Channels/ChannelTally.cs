using System.Runtime.InteropServices;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Tracking;

namespace KismetOrleans.Engine.Channels;

/// <summary>Adds reports up by the channel that their scanner names; without an allocation but for the first of each.</summary>
internal sealed class ChannelTally
{
    // Wi-Fi has some seventy; whoever makes up more in one batch is not counted.
    private const int MaxChannels = 256;
    private readonly List<byte[]> _names = [];
    private readonly List<FrequencyUse> _uses = [];
    private int _last;

    /// <summary>Counts a report.</summary>
    /// <param name="channel">Channel as it was reported, not empty.</param>
    public void Count(ReadOnlySpan<byte> channel, in Observation o)
    {
        if (_last >= _names.Count || !channel.SequenceEqual(_names[_last]))
        {
            _last = IndexOf(channel);
            if (_last < 0)
            {
                _last = 0;
                return;
            }
        }
        FrequencyTally.Add(ref CollectionsMarshal.AsSpan(_uses)[_last], o, 0);
    }

    /// <summary>Takes what was counted since the last call.</summary>
    public FrequencyUse[] Take()
    {
        FrequencyUse[] uses = [.. _uses];
        _names.Clear();
        _uses.Clear();
        _last = 0;
        return uses;
    }

    private int IndexOf(ReadOnlySpan<byte> channel)
    {
        for (int i = 0; i < _names.Count; i++)
        {
            if (channel.SequenceEqual(_names[i]))
            {
                return i;
            }
        }
        if (_names.Count == MaxChannels)
        {
            return -1;
        }
        _names.Add(channel.ToArray());
        _uses.Add(new(0) { Channel = SsidText.Printable(channel) });
        return _names.Count - 1;
    }
}
