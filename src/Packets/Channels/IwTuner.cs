using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace KismetOrleans.Packets.Channels;

/// <summary>Tunes by the program iw, which costs a process (some 3 ms) per hop and needs no library.</summary>
public sealed class IwTuner : IChannelTuner
{
    /// <summary>iw answers in milliseconds; a driver that hangs must not hold up hopping for good.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly Func<IReadOnlyList<string>, CancellationToken, Task<ProgramResult>> _run;

    /// <summary>A tuner by a program.</summary>
    /// <param name="program">Name or path of iw.</param>
    public IwTuner(string program = "iw")
        : this((arguments, cancellation) => RunAsync(program, arguments, cancellation))
    {
    }

    /// <summary>A tuner by whatever answers as iw does.</summary>
    internal IwTuner(Func<IReadOnlyList<string>, CancellationToken, Task<ProgramResult>> run) => _run = run;

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<RadioChannel> Channels, string? Problem)> ListAsync(string interfaceName, CancellationToken cancellation)
    {
        ProgramResult info = await _run(["dev", interfaceName, "info"], cancellation);
        if (!info.Started)
        {
            return ([], $"channels cannot be set: {info.Error}");
        }
        if (info.Code != 0 || IwOutput.Phy(info.Output) is not { } phy)
        {
            return ([], $"channels cannot be set: {IwOutput.Failure(interfaceName, info.Error, out _)}");
        }
        ProgramResult channels = await _run(["phy", phy, "channels"], cancellation);
        if (channels.Code != 0)
        {
            // Before iw 5 there was no such command.
            channels = await _run(["phy", phy, "info"], cancellation);
        }
        IReadOnlyList<RadioChannel> found = channels.Code == 0 ? IwOutput.Channels(channels.Output) : [];
        return (found, found.Count > 0 ? null : $"channels cannot be set: iw lists none of {phy}");
    }

    /// <inheritdoc/>
    public async Task<TuneResult> SetAsync(string interfaceName, WifiChannel channel, CancellationToken cancellation)
    {
        string frequency = channel.FrequencyMhz.ToString(CultureInfo.InvariantCulture);
        ProgramResult result = await _run(["dev", interfaceName, "set", "freq", frequency, channel.Width], cancellation);
        if (result.Code == 0)
        {
            return default;
        }
        string reason = result.Started ? IwOutput.Failure(interfaceName, result.Error, out int error) : Unstarted(result, out error);
        return new($"channel {channel.Name}: {reason}", error == IwOutput.Invalid);
    }

    private static string Unstarted(ProgramResult result, out int error)
    {
        error = 0;
        return result.Error;
    }

    private static async Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using Process process = new()
        {
            StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
        };
        // Its words are looked at.
        process.StartInfo.Environment["LC_ALL"] = "C";
        try
        {
            _ = process.Start();
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException)
        {
            return new(false, -1, "", $"the program {program} cannot be run ({e.Message}); install it, or name it with --iw");
        }
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_timeout);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(true, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            cancellation.ThrowIfCancellationRequested();
            return new(true, -1, "", $"no answer within {s_timeout.TotalSeconds} s");
        }
    }
}

/// <summary>What a program did.</summary>
/// <param name="Started">Whether it ran at all.</param>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it printed on its error output, or why it did not run.</param>
internal readonly record struct ProgramResult(bool Started, int Code, string Output, string Error);
