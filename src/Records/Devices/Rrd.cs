using System.Runtime.InteropServices;

namespace KismetOrleans.Records.Devices;

/// <summary>How samples combine.</summary>
public enum RrdAggregate : byte
{
    /// <summary>Samples of one second add up; a minute is the mean of its seconds, an hour the mean of its minutes.</summary>
    Sum,

    /// <summary>The greatest sample counts; 0 is no sample.</summary>
    Peak,
}

/// <summary>
/// A round-robin history of the last minute, hour and day (<c>kismet.common.rrd.*</c>), kept sparse: only what is not zero takes memory,
/// so a device that was heard in one second pays for one sample and an idle one for none.
/// </summary>
public sealed class Rrd(RrdAggregate aggregate = RrdAggregate.Sum, bool minuteOnly = false)
{
    /// <summary>Seconds in the minute vector and minutes in the hour vector.</summary>
    public const int Slots = 60;

    /// <summary>Hours in the day vector.</summary>
    public const int DaySlots = 24;

    private readonly RrdAggregate _aggregate = aggregate;
    private Samples _seconds;
    private Samples _minutes;
    private Samples _hours;
    private double _previous;

    /// <summary>Whether there are no hour and day vectors.</summary>
    public bool MinuteOnly { get; } = minuteOnly;

    /// <summary>Unix second of the newest sample.</summary>
    public uint LastTime { get; private set; }

    /// <summary>Value of the newest second.</summary>
    public double LastValue { get; private set; }

    /// <summary>Adds a sample. A sample of the last minute may arrive late; an older one is dropped.</summary>
    /// <param name="second">Unix second.</param>
    /// <param name="value">Value.</param>
    public void Add(uint second, double value)
    {
        if (second == LastTime)
        {
            LastValue = Combine(LastValue, value);
        }
        else if (second > LastTime)
        {
            Advance(second);
            LastValue = value;
        }
        else if (LastTime - second < Slots)
        {
            _seconds.Combine(second, value, Combine);
        }
    }

    /// <summary>A copy that later changes of this one do not reach.</summary>
    public Rrd Copy()
    {
        Rrd copy = (Rrd)MemberwiseClone();
        copy._seconds = _seconds.Copy();
        copy._minutes = _minutes.Copy();
        copy._hours = _hours.Copy();
        return copy;
    }

    /// <summary>Forgets what has left the vectors by <paramref name="now"/>, so that idle devices give their memory back.</summary>
    public void Compact(uint now)
    {
        if (now > LastTime && now - LastTime > Slots)
        {
            Advance(now);
            LastValue = 0;
            _seconds.Trim();
            _minutes.Trim();
            _hours.Trim();
        }
    }

    /// <summary>Writes the vectors as they stand at <paramref name="now"/>, with a zero sample there, as the API gives them.</summary>
    /// <param name="now">Unix second.</param>
    /// <param name="minute">60 seconds, index second modulo 60; cleared first.</param>
    /// <param name="hour">60 minutes, index minute modulo 60; cleared first. Empty when not wanted.</param>
    /// <param name="day">24 hours, index hour modulo 24; cleared first. Empty when not wanted.</param>
    /// <param name="last">Value of the second <paramref name="now"/>.</param>
    /// <param name="previous">Value of the second before it.</param>
    public void Read(uint now, Span<double> minute, Span<double> hour, Span<double> day, out double last, out double previous)
    {
        minute.Clear();
        hour.Clear();
        day.Clear();
        now = Math.Max(now, LastTime);
        last = now == LastTime ? LastValue : 0;
        previous = now == LastTime ? _previous : now == LastTime + 1 ? LastValue : 0;
        _seconds.CopyTo(minute, now);
        if (now - LastTime < Slots)
        {
            minute[(int)(LastTime % Slots)] = LastValue;
        }
        if (hour.IsEmpty)
        {
            return;
        }
        _minutes.CopyTo(hour, now / 60);
        _hours.CopyTo(day, now / 3600);
        if (now / 60 - LastTime / 60 < Slots)
        {
            hour[(int)(LastTime / 60 % Slots)] = MinuteValue();
        }
        if (now / 3600 - LastTime / 3600 < DaySlots)
        {
            day[(int)(LastTime / 3600 % DaySlots)] = HourValue();
        }
    }

    private void Advance(uint second)
    {
        if (LastTime != 0)
        {
            if (!MinuteOnly)
            {
                // The value of a minute or hour is that which it had after its last sample.
                double minute = MinuteValue();
                double hour = HourValue();
                if (second / 60 != LastTime / 60)
                {
                    _minutes.Append(LastTime / 60, minute, second / 60, Slots);
                }
                if (second / 3600 != LastTime / 3600)
                {
                    _hours.Append(LastTime / 3600, hour, second / 3600, DaySlots);
                }
            }
            _seconds.Append(LastTime, LastValue, second, Slots);
        }
        _previous = second == LastTime + 1 ? LastValue : 0;
        LastTime = second;
    }

    private double MinuteValue() => Total(_seconds.Total(LastTime, Slots, _aggregate), LastValue, Slots);

    private double HourValue() => Total(_minutes.Total(LastTime / 60, Slots, _aggregate), MinuteValue(), Slots);

    private double Total(double before, double newest, int slots) =>
        _aggregate == RrdAggregate.Sum ? (before + newest) / slots : Combine(before, newest);

    private double Combine(double a, double b) =>
        _aggregate == RrdAggregate.Sum ? a + b : a == 0 ? b : b == 0 ? a : Math.Max(a, b);

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private record struct Sample(uint Slot, double Value);

    /// <summary>Samples that are not zero, oldest first.</summary>
    private struct Samples
    {
        private Sample[]? _items;
        private byte _count;

        public void Append(uint slot, double value, uint now, int slots)
        {
            int old = 0;
            while (old < _count && now - _items![old].Slot >= slots)
            {
                old++;
            }
            if (old > 0)
            {
                _items.AsSpan(old, _count - old).CopyTo(_items);
                _count -= (byte)old;
            }
            if (value == 0 || now - slot >= slots)
            {
                return;
            }
            if (_items is null)
            {
                _items = new Sample[1];
            }
            else if (_count == _items.Length)
            {
                Array.Resize(ref _items, Math.Clamp(_count * 2, 1, slots));
            }
            _items[_count++] = new(slot, value);
        }

        public void Combine(uint slot, double value, Func<double, double, double> combine)
        {
            int i = _count;
            while (i > 0 && _items![i - 1].Slot > slot)
            {
                i--;
            }
            if (i > 0 && _items![i - 1].Slot == slot)
            {
                _items[i - 1].Value = combine(_items[i - 1].Value, value);
            }
            else if (_count < Slots)
            {
                Sample[] items = new Sample[_count + 1];
                _items?.AsSpan(0, i).CopyTo(items);
                items[i] = new(slot, value);
                _items?.AsSpan(i, _count - i).CopyTo(items.AsSpan(i + 1));
                _items = items;
                _count++;
            }
        }

        public readonly double Total(uint now, int slots, RrdAggregate aggregate)
        {
            double total = 0;
            for (int i = 0; i < _count; i++)
            {
                if (now - _items![i].Slot < slots)
                {
                    total = aggregate == RrdAggregate.Sum ? total + _items[i].Value
                        : total == 0 ? _items[i].Value : Math.Max(total, _items[i].Value);
                }
            }
            return total;
        }

        public readonly void CopyTo(Span<double> vector, uint now)
        {
            for (int i = 0; i < _count; i++)
            {
                if (now - _items![i].Slot < vector.Length)
                {
                    vector[(int)(_items[i].Slot % (uint)vector.Length)] = _items[i].Value;
                }
            }
        }

        public readonly Samples Copy() => new() { _items = _items?.AsSpan(0, _count).ToArray(), _count = _count };

        public void Trim()
        {
            if (_count == 0)
            {
                _items = null;
            }
            else if (_items!.Length > _count)
            {
                Array.Resize(ref _items, _count);
            }
        }
    }
}
