namespace KismetOrleans.Records.Devices;

/// <summary>Packets per frequency. Most devices use one frequency, which costs no array.</summary>
public struct FrequencyCounts
{
    private Entry _first;
    private Entry[]? _more;

    /// <summary>Counts that were stored.</summary>
    /// <param name="first">The first entry; none is 0 kHz.</param>
    internal FrequencyCounts(Entry first, Entry[]? more)
    {
        _first = first;
        _more = more;
    }

    /// <summary>Frequencies seen.</summary>
    public readonly int Count => _first.Khz == 0 ? 0 : 1 + (_more?.Length ?? 0);

    /// <summary>The entry at <paramref name="index"/>, in order of first sight.</summary>
    public readonly Entry this[int index] => index == 0 ? _first : _more![index - 1];

    /// <summary>Counts packets on a frequency; 0 kHz (unknown) is ignored.</summary>
    public void Add(uint khz, uint packets = 1)
    {
        if (khz == 0)
        {
            return;
        }
        if (_first.Khz == khz || _first.Khz == 0)
        {
            _first = new(khz, _first.Packets + packets);
            return;
        }
        Entry[] more = _more ?? [];
        for (int i = 0; i < more.Length; i++)
        {
            if (more[i].Khz == khz)
            {
                more[i] = new(khz, more[i].Packets + packets);
                return;
            }
        }
        Array.Resize(ref more, more.Length + 1);
        more[^1] = new(khz, packets);
        _more = more;
    }

    /// <summary>One frequency.</summary>
    /// <param name="Khz">Frequency in kHz.</param>
    public readonly record struct Entry(uint Khz, uint Packets);
}
