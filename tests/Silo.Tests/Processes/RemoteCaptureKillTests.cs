using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Api.Tests.Sensors.RemoteCapture;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>Kismet's capture programs know no acknowledgements: their API server keeps what is not saved, and sends it again.</summary>
public sealed class RemoteCaptureKillTests
{
    private const int Devices = 50;
    private const int Rounds = 120;

    [OwnPostgresFact]
    public async Task What_a_capture_program_sent_is_there_exactly_once_when_a_silo_dies()
    {
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        (_, string firstUrl) = cluster.StartSilo("silo 1");
        (ProgramProcess second, string secondUrl) = cluster.StartSilo("silo 2");
        await cluster.ReadyAsync(firstUrl);
        await cluster.ReadyAsync(secondUrl);
        string api = $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}";
        _ = cluster.StartApi("api", api);
        await cluster.ReadyAsync(api);

        await using RemotePlayer player = await RemotePlayer.ConnectAsync(new(api), ClusterOfProcesses.Login);
        _ = await player.OpenAsync(Guid.NewGuid(), "wlan0:name=hall");
        // Answers pings; nothing else is asked of it.
        Task<RemotePlayer.Received> asked = player.ReceiveAsync();
        for (int round = 0; round < Rounds; round++)
        {
            for (int device = 0; device < Devices; device++)
            {
                await player.SendPacketAsync(Frame(device, round));
            }
            if (round == Rounds / 3)
            {
                await KillAsync(second);
            }
            await Task.Delay(50);
        }
        Dictionary<string, long> packets = [];
        _ = await cluster.UntilAsync("all packets are counted", async () =>
        {
            packets = await cluster.PacketsAsync(api);
            return packets.Count == Devices && packets.Values.Sum() >= Devices * Rounds;
        });
        Assert.All(packets, static device => Assert.Equal(Rounds, device.Value));
        _ = await cluster.UntilAsync("the source has counted them", async () => (await cluster.SourcesAsync(api)).GetValueOrDefault("hall") == Devices * Rounds);
        Assert.False(asked.IsCompleted);
    }

    private static async Task KillAsync(ProgramProcess process)
    {
        using CancellationTokenSource patience = new(ClusterOfProcesses.Patience);
        await process.KillAsync(patience.Token);
    }

    // A probe request behind the shortest radiotap header; its sequence number makes it another one each time.
    private static byte[] Frame(int device, int round)
    {
        byte[] frame = Convert.FromHexString("0000080000000000" + "40000000FFFFFFFFFFFF0200000000" + device.ToString("X2", null) + "FFFFFFFFFFFF0000" + "0000" + "010402040B16");
        int sequence = round << 4;
        (frame[^10], frame[^9]) = ((byte)sequence, (byte)(sequence >> 8));
        return frame;
    }
}
