using KismetOrleans.Engine.Auth;
using KismetOrleans.Silo.Operations;
using KismetOrleans.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace KismetOrleans.Api.Auth;

internal static class LoginServices
{
    /// <summary>Adds them. The host brings an <see cref="IAuthStore"/> where anything is kept.</summary>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public static void AddLogins(this IServiceCollection services, IConfiguration configuration)
    {
        AuthOptions options = AuthOptions.Of(configuration);
        services.AddSingleton(options);
        services.TryAddSingleton<IAuthStore, MemoryAuthStore>();
        byte[]? secret = options.SecretFile is { } file ? SessionSecret.Read(file) : null;
        services.AddSingleton(provider => new Accounts(
            provider.GetRequiredService<IAuthStore>(), options.Administrator, provider.GetRequiredService<TimeProvider>(), secret));
        services.AddSingleton<SessionList>();
        services.AddSingleton(provider => new SensorKeys(
            provider.GetRequiredService<Accounts>(), provider.GetRequiredService<IAuthStore>(), options.SensorKeyLife, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CertificatePins>();
        services.Configure<KestrelServerOptions>(CertificatePins.Note);
        services.AddSingleton<Logins>();
        services.AddSingleton<RequestOrigins>();
        services.AddSingleton<OpenReads>();
        services.AddLoginPolicies();
        services.AddSingleton<OpenRequests>();
        services.AddHsts(static options => options.MaxAge = TimeSpan.FromDays(365));
        services.AddSingleton<IHttpContextFactory, RedactingContextFactory>();
        services.AddHostedService<LoginService>();
    }
}

/// <summary>
/// Reads the accounts before the server answers, and again every two seconds where other servers change them: what is revoked there is worth nothing
/// here then, and requests that went on with it end. What the store could not be told of sessions it is told again.
/// </summary>
internal sealed partial class LoginService(
    Accounts accounts, Logins logins, OpenRequests requests, AuthOptions options, IServer server, IHostApplicationLifetime lifetime, TimeProvider clock, ILoggerFactory loggers,
    IConfiguration configuration)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await accounts.RefreshAsync(cancellationToken);
        lifetime.ApplicationStarted.Register(LogState);
        _running = RunAsync(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await logins.KeepSessionsAsync(s_every);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        ILogger logger = loggers.CreateLogger("Logins");
        using PeriodicTimer timer = new(s_every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                if (accounts.MayBeStale)
                {
                    await accounts.RefreshAsync(stopping);
                }
                requests.CutInvalid();
                logins.KeepSessions();
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                NotRead(logger, e);
            }
        }
    }

    // On the console, for whoever starts the server; not in the log, which may go anywhere.
    private void LogState()
    {
        if (accounts.SetupSecret is not { } secret)
        {
            return;
        }
        string address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1:2501";
        // Whoever reads standard output as JSON, line by line, is spared this.
        TextWriter console = configuration[OperationsServices.FormatterKey] == ConsoleFormatterNames.Json ? Console.Error : Console.Out;
        console.WriteLine($"""
            There is no administrator yet, so no commands. Set the first password with this one-time secret, or set Auth:Username and Auth:Password:
              curl {address}/session/set_password -d username=kismet -d password=PASSWORD -d secret={secret}
            """);
        if (options.OpenReads is false)
        {
            console.WriteLine("  Until then nothing can be read either: Auth:Reads is login.");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Logins and keys could not be read again")]
    private static partial void NotRead(ILogger logger, Exception e);
}
