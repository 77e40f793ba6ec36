using System.Net.WebSockets;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Grains;

namespace KismetOrleans.Api.Sensors;

/// <summary>
/// What a sensor's connection has of its datasource: opened, and opened again when the source's silo is gone, which the sensor notices only in that it is to send again what was not
/// saved. Calls come one at a time.
/// </summary>
internal sealed partial class SourceSession(IDatasource source, Guid uuid, TimeProvider clock, ILogger logger)
{
    /// <summary>How long a source whose silo died is asked for; an agent waits for 15 s for its welcome.</summary>
    private static readonly TimeSpan s_openTimeout = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan s_openEvery = TimeSpan.FromMilliseconds(250);
    private SensorHello _hello = null!;
    private long _connection;

    /// <summary>Opens it; again while the cluster changes.</summary>
    /// <exception cref="NoSourceNumberException">There are as many sources as there can be.</exception>
    public async Task<SensorWelcome> OpenAsync(SensorHello hello, CancellationToken cancellation)
    {
        _hello = hello;
        long since = clock.GetTimestamp();
        while (true)
        {
            try
            {
                SensorWelcome welcome = await source.OpenAsync(hello);
                if (welcome.Number == 0)
                {
                    throw new NoSourceNumberException();
                }
                _connection = welcome.Connection;
                return welcome;
            }
            catch (Exception e) when (Retry.IsPassing(e) && clock.GetElapsedTime(since) < s_openTimeout)
            {
                await Task.Delay(s_openEvery, clock, cancellation);
            }
        }
    }

    /// <summary>Whether a connection may end by this: what was sent is wrong, it broke, or a silo does not answer. Anything else is our fault.</summary>
    public static bool IsExpected(Exception e) =>
        e is InvalidDataException or WebSocketException or IOException or OperationCanceledException || Retry.IsPassing(e);

    /// <summary>Hands a batch on.</summary>
    /// <param name="batch">As docs/edge-protocol.md has it.</param>
    /// <returns>What became of it; with <see cref="AcceptOutcome.Rewind"/> the newest saved batch, or null where the next <see cref="TendAsync"/> tells.</returns>
    public async ValueTask<(AcceptOutcome Outcome, Watermark? Saved)> AcceptAsync(ReadOnlyMemory<byte> batch, CancellationToken ending)
    {
        try
        {
            return (await source.AcceptAsync(_connection, batch), null);
        }
        catch (Exception e) when (Retry.IsPassing(e))
        {
            return (AcceptOutcome.Rewind, await OpenAgainAsync(e, ending));
        }
    }

    /// <summary>Tells how the sensor does, and what it shall know.</summary>
    public async ValueTask<SensorOrders> TendAsync(SensorHealth health, CancellationToken ending)
    {
        try
        {
            return await source.TendAsync(_connection, health);
        }
        catch (Exception e) when (Retry.IsPassing(e))
        {
            return new(AcceptOutcome.Rewind, await OpenAgainAsync(e, ending), []);
        }
    }

    /// <summary>An order was carried out, or not.</summary>
    public ValueTask OrderDoneAsync(long order, string? error) => source.OrderDoneAsync(_connection, order, error);

    /// <summary>The connection ended; nothing happens where it was never opened.</summary>
    /// <param name="fault">Why, in words; null for a clean end.</param>
    public async Task CloseAsync(string? fault)
    {
        if (_connection == 0)
        {
            return;
        }
        try
        {
            await source.CloseAsync(_connection, fault);
        }
        catch (Exception e)
        {
            CloseFailed(logger, uuid, e);
        }
    }

    // The source goes on elsewhere with what was saved.
    private async Task<Watermark> OpenAgainAsync(Exception fault, CancellationToken ending)
    {
        Moved(logger, uuid, fault.Message);
        try
        {
            return (await OpenAsync(_hello, ending)).Saved;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            throw fault;
        }
    }

    [LoggerMessage(42, LogLevel.Warning, "Sensor {uuid}: its source is opened again, and sends what is not saved: {reason}")]
    private static partial void Moved(ILogger logger, Guid uuid, string reason);

    [LoggerMessage(41, LogLevel.Warning, "Sensor {uuid}: its end could not be noted")]
    private static partial void CloseFailed(ILogger logger, Guid uuid, Exception e);
}
