using System.Collections;

namespace KismetOrleans.Engine.Datasources;

/// <summary>Who asks for a source's number.</summary>
public enum NumberClass : byte
{
    /// <summary>Phones and ESP32s: anybody with a key makes as many as he likes.</summary>
    Virtual,

    /// <summary>Capture agents.</summary>
    Sensor,

    /// <summary>Sources that the server opens itself.</summary>
    Server,
}

/// <summary>
/// The numbers of sources, of which there are 65,535. Phones leave some to sensors, and sensors some to the server's own sources. A number that is given back is given out again only after
/// <see cref="Hold"/>, when no partition knows its source any more, and after all others. Not thread-safe.
/// </summary>
public sealed class SourceNumbers(TimeProvider clock)
{
    /// <summary>Numbers that phones do not get.</summary>
    public const int KeptForSensors = 16_384;

    /// <summary>Numbers that neither phones nor sensors get.</summary>
    public const int KeptForServer = 256;

    /// <summary>How long a number rests: partitions forget its source within a minute, unless their silo is gone for a while.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    private const int MaxVirtual = ushort.MaxValue - KeptForSensors;

    // Nine tenths: what is left lasts until numbers that are given back then have rested.
    private const int CrowdedShare = 10;
    private readonly BitArray _taken = new(ushort.MaxValue + 1);
    private readonly Queue<(ushort Number, long Since)> _resting = new();
    private int _newest;
    private int _count;
    private int _virtual;

    /// <summary>Whether there are so many phones' sources that some should go.</summary>
    public bool IsVirtualCrowded => _virtual > MaxVirtual - (MaxVirtual / CrowdedShare);

    /// <summary>Whether there are so many sources of all kinds that some should go.</summary>
    public bool IsCrowded => _count > ushort.MaxValue - (ushort.MaxValue / CrowdedShare);

    /// <summary>Notes a number that a source has.</summary>
    public void Use(ushort number, bool isVirtual)
    {
        if (!_taken[number])
        {
            _taken[number] = true;
            _count++;
            _virtual += isVirtual ? 1 : 0;
        }
        _newest = Math.Max(_newest, number);
    }

    /// <summary>Lets numbers rest that were given back in an earlier life, nobody knows when: those below the greatest that are free.</summary>
    public void RestUnused()
    {
        for (int number = 1; number <= _newest; number++)
        {
            if (!_taken[number])
            {
                _taken[number] = true;
                _count++;
                _resting.Enqueue(((ushort)number, clock.GetTimestamp()));
            }
        }
    }

    /// <summary>Gives a number; 0 when there is none for this class.</summary>
    public ushort Take(NumberClass asks)
    {
        while (_resting.TryPeek(out (ushort Number, long Since) rested) && clock.GetElapsedTime(rested.Since) >= Hold)
        {
            _taken[_resting.Dequeue().Number] = false;
            _count--;
        }
        if (_count >= ushort.MaxValue - (asks == NumberClass.Server ? 0 : KeptForServer) || (asks == NumberClass.Virtual && _virtual >= MaxVirtual))
        {
            return 0;
        }
        int number = _newest;
        do
        {
            number = number == ushort.MaxValue ? 1 : number + 1;
        }
        while (_taken[number]);
        _taken[number] = true;
        _count++;
        _virtual += asks == NumberClass.Virtual ? 1 : 0;
        _newest = number;
        return (ushort)number;
    }

    /// <summary>Takes a number back.</summary>
    public void Return(ushort number, bool isVirtual)
    {
        _virtual -= isVirtual ? 1 : 0;
        _resting.Enqueue((number, clock.GetTimestamp()));
    }
}

/// <summary>A source gets no number: there are as many as are given out.</summary>
public sealed class NoSourceNumberException() : Exception("there are as many datasources as there are numbers for them: remove_source takes one away")
{
    /// <summary>When to come again.</summary>
    public static TimeSpan RetryAfter => SourceNumbers.Hold;
}
