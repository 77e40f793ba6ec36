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
/// so a device that was seen in one second pays for one sample and an idle one for none. A minute has the value that the sixty seconds
/// up to its newest sample had, and an hour that of the sixty minutes up to its newest sample. All times are of one clock, and not 0.
/// </summary>
public sealed class Rrd(RrdAggregate aggregate = RrdAggregate.Sum, bool minuteOnly = false)
{
    /// <summary>Seconds in the minute vector and minutes in the hour vector.</summary>
    public const int Slots = 60;

    /// <summary>Hours in the day vector.</summary>
    public const int DaySlots = 24;

    private const uint SecondsPerHour = 3600;
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

    /// <summary>How samples combine.</summary>
    internal RrdAggregate Aggregate => _aggregate;

    /// <summary>Value of the newest second but one, 0 when that is a minute ago.</summary>
    internal double Previous => _previous;

    /// <summary>Kept samples by Unix second.</summary>
    internal ReadOnlySpan<Sample> Seconds => _seconds.Items;

    /// <summary>Kept samples by minute since 1970.</summary>
    internal ReadOnlySpan<Sample> Minutes => _minutes.Items;

    /// <summary>Kept samples by hour since 1970.</summary>
    internal ReadOnlySpan<Sample> Hours => _hours.Items;

    /// <summary>Adds a sample. A sample of the last minute may arrive late; an older one is dropped.</summary>
    /// <param name="second">Unix second.</param>
    public void Add(uint second, double value)
    {
        if (second == LastTime)
        {
            LastValue = Combine(_aggregate, LastValue, value);
        }
        else if (second > LastTime)
        {
            Advance(second);
            LastValue = value;
        }
        else if (LastTime - second < Slots)
        {
            _seconds.Insert(second, value, _aggregate);
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

    /// <summary>
    /// Adds a zero sample after a minute of silence and forgets what has left the vectors by then, so that idle devices give their memory
    /// back.
    /// </summary>
    /// <param name="now">Unix second.</param>
    public void Compact(uint now)
    {
        if (LastTime != 0 && now > LastTime && now - LastTime > Slots)
        {
            Advance(now);
            LastValue = 0;
            _seconds.Trim();
            _minutes.Trim();
            _hours.Trim();
        }
    }

    /// <summary>Writes the vectors as they would stand after a zero sample at <paramref name="now"/>: what the API shows.</summary>
    /// <param name="now">Unix second; the newest sample's, if that is later.</param>
    /// <param name="minute">60 seconds, index second modulo 60; cleared first.</param>
    /// <param name="hour">60 minutes, index minute modulo 60; cleared first. Empty when not wanted.</param>
    /// <param name="day">24 hours, index hour modulo 24; cleared first. Empty when not wanted.</param>
    /// <param name="last">Value of the second <paramref name="now"/>.</param>
    /// <param name="previous">Value of the newest second before it that had a sample, 0 when that is a minute ago.</param>
    internal void Read(uint now, Span<double> minute, Span<double> hour, Span<double> day, out double last, out double previous)
    {
        minute.Clear();
        hour.Clear();
        day.Clear();
        last = previous = 0;
        if (LastTime == 0)
        {
            return;
        }
        now = Math.Max(now, LastTime);
        if (now == LastTime)
        {
            last = LastValue;
            previous = _previous;
        }
        else if (now - LastTime < Slots)
        {
            previous = LastValue;
        }
        _seconds.CopyTo(minute, now);
        if (now - LastTime < Slots)
        {
            minute[(int)(LastTime % Slots)] = LastValue;
        }
        if (hour.IsEmpty)
        {
            return;
        }
        uint minuteNow = now / Slots;
        _minutes.CopyTo(hour, minuteNow);
        if (minuteNow - LastTime / Slots < Slots)
        {
            hour[(int)(LastTime / Slots % Slots)] = MinuteValue(LastTime);
        }
        hour[(int)(minuteNow % Slots)] = MinuteValue(now);
        uint hourNow = now / SecondsPerHour;
        _hours.CopyTo(day, hourNow);
        if (hourNow - LastTime / SecondsPerHour < DaySlots)
        {
            day[(int)(LastTime / SecondsPerHour % DaySlots)] = HourValue(LastTime);
        }
        day[(int)(hourNow % DaySlots)] = HourValue(now);
    }

    /// <summary>Puts back what was stored of a history. The arrays are kept, oldest sample first, and hold fewer than the vectors have slots.</summary>
    internal Rrd Restore(uint lastTime, double lastValue, double previous, Sample[] seconds, Sample[] minutes, Sample[] hours)
    {
        LastTime = lastTime;
        LastValue = lastValue;
        _previous = previous;
        _seconds = new(seconds);
        _minutes = new(minutes);
        _hours = new(hours);
        return this;
    }

    private static double Combine(RrdAggregate aggregate, double a, double b) =>
        aggregate == RrdAggregate.Sum ? a + b : a == 0 ? b : b == 0 ? a : Math.Max(a, b);

    private void Advance(uint second)
    {
        if (LastTime != 0)
        {
            if (!MinuteOnly && second / Slots != LastTime / Slots)
            {
                // An hour is made of minutes that the next line may drop.
                if (second / SecondsPerHour != LastTime / SecondsPerHour)
                {
                    _hours.Append(LastTime / SecondsPerHour, HourValue(LastTime), second / SecondsPerHour, DaySlots);
                }
                _minutes.Append(LastTime / Slots, MinuteValue(LastTime), second / Slots, Slots);
            }
            _seconds.Append(LastTime, LastValue, second, Slots);
            _previous = second - LastTime < Slots ? LastValue : 0;
        }
        LastTime = second;
    }

    /// <summary>Value of the sixty seconds that end with <paramref name="second"/>, which is the newest sample's or later.</summary>
    private double MinuteValue(uint second)
    {
        double total = _seconds.Total(second, Slots, _aggregate);
        return Mean(second - LastTime < Slots ? Combine(_aggregate, total, LastValue) : total);
    }

    /// <summary>Value of the sixty minutes that end with the minute of <paramref name="second"/>, likewise.</summary>
    private double HourValue(uint second)
    {
        uint minute = second / Slots;
        uint lastMinute = LastTime / Slots;
        double total = _minutes.Total(minute, Slots, _aggregate);
        if (minute != lastMinute && minute - lastMinute < Slots)
        {
            total = Combine(_aggregate, total, MinuteValue(LastTime));
        }
        return Mean(Combine(_aggregate, total, MinuteValue(second)));
    }

    private double Mean(double total) => _aggregate == RrdAggregate.Sum ? total / Slots : total;

    /// <summary>The value of a second, a minute or an hour.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal record struct Sample(uint Slot, double Value);

    /// <summary>Samples that are not zero, oldest first; at most one less than the vector has slots.</summary>
    private struct Samples
    {
        private Sample[]? _items;
        private byte _count;

        public Samples(Sample[] items)
        {
            _items = items.Length == 0 ? null : items;
            _count = (byte)items.Length;
        }

        public readonly ReadOnlySpan<Sample> Items => _items.AsSpan(0, _count);

        /// <summary>Adds the newest sample and drops those that have left the vector.</summary>
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
            if (value != 0 && now - slot < slots)
            {
                Insert(_count, new(slot, value));
            }
        }

        /// <summary>Adds a sample that is late, to that of the same slot if there is one.</summary>
        public void Insert(uint slot, double value, RrdAggregate aggregate)
        {
            int i = _count;
            while (i > 0 && _items![i - 1].Slot > slot)
            {
                i--;
            }
            if (i > 0 && _items![i - 1].Slot == slot)
            {
                _items[i - 1].Value = Combine(aggregate, _items[i - 1].Value, value);
            }
            else if (value != 0)
            {
                Insert(i, new(slot, value));
            }
        }

        public readonly double Total(uint now, int slots, RrdAggregate aggregate)
        {
            double total = 0;
            for (int i = 0; i < _count; i++)
            {
                if (now - _items![i].Slot < slots)
                {
                    total = Combine(aggregate, total, _items[i].Value);
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

        private void Insert(int index, Sample sample)
        {
            if (_items is null)
            {
                _items = new Sample[1];
            }
            else if (_count == _items.Length)
            {
                Array.Resize(ref _items, Math.Max(1, _count * 2));
            }
            _items.AsSpan(index, _count - index).CopyTo(_items.AsSpan(index + 1));
            _items[index] = sample;
            _count++;
        }
    }
}
