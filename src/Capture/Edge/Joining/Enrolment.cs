using System.Globalization;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;

namespace KismetOrleans.Capture.Edge.Joining;

/// <summary>How this host comes by a key of its own, and keeps it: joins once, and renews the key before it expires.</summary>
internal sealed class Enrolment(EdgeLog log, TimeProvider time, Random random)
{
    private const string Name = "agent";

    // The clock may be set, so that what remains is looked at anew.
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_rewrite = TimeSpan.FromSeconds(10);
    private readonly KeyClient _client = new(time);

    /// <summary>Joins, and keeps what it got; asks again while nobody answers.</summary>
    /// <param name="address">Where, and the token.</param>
    /// <param name="name">Name to ask for.</param>
    /// <param name="folder">Where to keep it.</param>
    /// <returns>The key; null where the server refuses, which was told.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<JoinedState?> JoinAsync(JoinAddress address, string name, string folder, CancellationToken cancellation)
    {
        // Before the token is spent.
        if (WhyNotKept(folder) is { } fault)
        {
            log.Error(Name, $"what is got by joining cannot be kept: {fault}");
            return null;
        }
        Backoff backoff = new(random);
        while (true)
        {
            KeyAnswer answer = await _client.JoinAsync(address, name, cancellation);
            if (answer.State is { } state)
            {
                state.Save(folder);
                log.Info(Name, string.Create(CultureInfo.InvariantCulture, $"joined {address.Server} as {state.Name}; the key is in {JoinedState.PathIn(folder)}, and --join is not needed any more"));
                return state;
            }
            if (answer.IsRefused)
            {
                log.Error(Name, $"not joined: {answer.Error}");
                return null;
            }
            TimeSpan wait = backoff.After(answer.RetryAfter);
            log.Warn(Name, string.Create(CultureInfo.InvariantCulture, $"not joined yet: {answer.Error}; trying again in {wait.TotalSeconds:N1} s"));
            await Task.Delay(wait, time, cancellation);
        }
    }

    /// <summary>Renews a key before it expires, again and again.</summary>
    /// <param name="servers">Servers that know it.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task RenewAsync(JoinedKey key, IReadOnlyList<Uri> servers, CancellationToken cancellation)
    {
        Backoff backoff = new(random);
        string logged = "";
        // Those who joined together do not come together: up to a tenth sooner.
        double share = 2.0 / 3 * (1 - (random.NextDouble() / 10));
        for (int attempt = 0; ; attempt++)
        {
            await UntilDueAsync(key, share, cancellation);
            KeyAnswer answer = await _client.RenewAsync(servers[attempt % servers.Count], key.State, cancellation);
            if (answer.State is { } state)
            {
                await KeepAsync(key, key.Replace(state), cancellation);
                log.Info(Name, string.Create(CultureInfo.InvariantCulture, $"the key {state.Name} was renewed; it holds {TimeSpan.FromSeconds(state.Life).TotalDays:0.##} days"));
                backoff.Reset();
                logged = "";
                continue;
            }
            // What stays the same is told once.
            if (answer.Error != logged)
            {
                log.Error(Name, $"the key is not renewed: {answer.Error}");
                logged = answer.Error;
            }
            await Task.Delay(answer.IsRefused ? backoff.NextSlow() : backoff.After(answer.RetryAfter), time, cancellation);
        }
    }

    private async Task UntilDueAsync(JoinedKey key, double share, CancellationToken cancellation)
    {
        while (true)
        {
            double age = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0 - key.State.Made;
            double rest = (key.State.Life * share) - age;
            // A host without a battery begins in 1970: nobody knows then how old the key is.
            if (rest <= 0 || age < -1)
            {
                return;
            }
            TimeSpan sleep = TimeSpan.FromSeconds(rest);
            await Task.Delay(sleep < s_longestSleep ? sleep : s_longestSleep, time, cancellation);
        }
    }

    // The old one on disk is worth nothing in a day.
    private async Task KeepAsync(JoinedKey key, string? fault, CancellationToken cancellation)
    {
        if (fault is not null)
        {
            log.Error(Name, $"the new key is in memory alone, it cannot be written: {fault}");
        }
        for (; fault is not null; fault = key.Save())
        {
            await Task.Delay(s_rewrite, time, cancellation);
        }
    }

    private static string? WhyNotKept(string folder)
    {
        try
        {
            OwnerOnly.CreateFolder(folder);
            string probe = JoinedState.PathIn(folder) + ".probe";
            OwnerOnly.Open(probe, FileMode.Create, FileShare.None).Dispose();
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
