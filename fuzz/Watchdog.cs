using System.Diagnostics;

namespace KismetOrleans.Fuzz;

/// <summary>Ends the process when one input takes too long: a loop without end cannot be left in any other way.</summary>
internal sealed class Watchdog
{
    /// <summary>An input of 64 KB takes some milliseconds; a busy machine may take a hundred times as long.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Action _onHang;
    private long _began = long.MaxValue;

    /// <summary>Begins to watch.</summary>
    /// <param name="onHang">Tells what hangs; the process ends after it.</param>
    public Watchdog(Action onHang)
    {
        _onHang = onHang;
        new Thread(Watch) { IsBackground = true, Name = "watchdog" }.Start();
    }

    /// <summary>An input begins.</summary>
    public void Begin() => Volatile.Write(ref _began, Stopwatch.GetTimestamp());

    /// <summary>It has ended.</summary>
    public void End() => Volatile.Write(ref _began, long.MaxValue);

    private void Watch()
    {
        while (true)
        {
            long began = Volatile.Read(ref _began);
            if (began != long.MaxValue && Stopwatch.GetElapsedTime(began) > Limit)
            {
                _onHang();
                Environment.Exit(3);
            }
            Thread.Sleep(200);
        }
    }
}
