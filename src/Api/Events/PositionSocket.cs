using System.Text.Json;
using KismetOrleans.Api.Endpoints;
using KismetOrleans.Engine.Gps;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Events;

/// <summary><c>/gps/web/update.ws</c> and <c>/gps/meta/{name}/update.ws</c>: positions that a browser or a script sends; each is answered.</summary>
internal static class PositionSocket
{
    private static readonly ReadOnlyMemory<byte> s_ok = "{\"update\": \"ok\"}"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> s_error = "{\"update\": \"error\"}"u8.ToArray();

    /// <summary>Runs until the client goes. The next position is read when the one before is answered.</summary>
    public static async Task RunAsync(TextSocket socket, IGps gps, string kind, string? name)
    {
        while (await socket.ReceiveAsync() is { } message)
        {
            bool taken = await TakeAsync(message, gps, kind, name);
            if (!taken)
            {
                Meters.SocketInputIgnored.Add(1);
            }
            await socket.SendAsync(taken ? s_ok : s_error);
        }
    }

    private static async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> message, IGps gps, string kind, string? name)
    {
        try
        {
            using JsonDocument position = SocketCommand.Parse(message);
            return GpsEndpoints.TryRead(position.RootElement, out GeoPoint? point, out _) && await gps.PostAsync(kind, name, point!);
        }
        catch (CommandException)
        {
            return false;
        }
    }
}
