using System.Net.Sockets;
using System.Text;
using KismetOrleans.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Readers that are slow or go away cost others nothing.</summary>
[Collection(CampusCollection.Name)]
public sealed class StreamingTests(Campus campus)
{
    // Small, so that the server cannot hand the whole list to the kernel.
    private const int ReceiveBytes = 4096;
    private const int Readers = 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_slow_reader_holds_nobody_up_and_gets_everything()
    {
        using CancellationTokenSource patience = new(s_patience);
        string whole = (await campus.Client.AskAsync("/devices/views/all/devices.prettyjson")).Ok().Body;
        List<TcpClient> readers = [];
        for (int i = 0; i < Readers; i++)
        {
            readers.Add(await AskAsync("/devices/views/all/devices.prettyjson", patience.Token));
        }
        for (int i = 0; i < 5; i++)
        {
            Answer other = await campus.Client.AskAsync("/devices/views/all/devices.json").WaitAsync(patience.Token);
            Assert.Equal(campus.Devices.Count, other.Ok().List.Length);
        }
        foreach (TcpClient reader in readers)
        {
            using StreamReader rest = new(reader.GetStream(), Encoding.UTF8);
            string answer = await rest.ReadToEndAsync(patience.Token);
            Assert.EndsWith("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
            Assert.True(answer.Length > whole.Length * 0.99, $"{answer.Length} of {whole.Length} bytes");
            reader.Dispose();
        }
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_nothing_behind()
    {
        using CancellationTokenSource patience = new(s_patience);
        ConnectionCount connections = campus.Server.App.Services.GetRequiredService<ConnectionCount>();
        (await campus.Client.AskAsync("/system/timestamp.json")).Ok();
        int before = connections.Open;
        for (int i = 0; i < Readers; i++)
        {
            using TcpClient reader = await AskAsync("/devices/views/all/devices.prettyjson", patience.Token);
            // Closes with a reset, as a client does that is killed.
            reader.LingerState = new(true, 0);
        }
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (connections.Open > before)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
        Assert.Equal(campus.Devices.Count, (await campus.Client.AskAsync("/devices/all_devices.itjson")).Ok().Lines.Length);
    }

    [Fact]
    public async Task Many_requests_at_once_are_each_answered_in_full()
    {
        Task<Answer>[] answers = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0
            ? campus.Client.AskAsync("/devices/all_devices.itjson")
            : campus.Client.CommandAsync("/devices/views/all/devices.itjson", """{"fields": ["kismet.device.base.key"]}"""))];
        foreach (Answer answer in await Task.WhenAll(answers).WaitAsync(s_patience))
        {
            Assert.Equal(campus.Devices.Keys.Order(), answer.Ok().Lines.Select(static d => d.Text("kismet.device.base.key")).Order());
        }
    }

    // Asks, reads one byte of the answer and no more.
    private async Task<TcpClient> AskAsync(string path, CancellationToken cancellation)
    {
        TcpClient client = new() { ReceiveBufferSize = ReceiveBytes };
        await client.ConnectAsync(campus.Server.Address.Host, campus.Server.Address.Port, cancellation);
        byte[] request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await client.GetStream().WriteAsync(request, cancellation);
        byte[] first = new byte[1];
        await client.GetStream().ReadExactlyAsync(first, cancellation);
        Assert.Equal((byte)'H', first[0]);
        return client;
    }
}
