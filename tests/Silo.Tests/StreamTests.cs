using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.TestingHost;

namespace KismetOrleans.Silo.Tests;

/// <summary>Streams get every packet of every sensor of the cluster that they ask for, once; who reads slowly loses his own; any API server closes any.</summary>
public sealed class StreamTests
{
    private const long SmallestQueue = 2 * CaptureLimits.MaxPacketLength;

    // An access point of the sample capture.
    private static readonly MacAddress s_ap = new(0x50C7_BF2A_6D10);
    private readonly Sensor _lobby = new(Guid.Parse("10BB0000-0000-0000-0000-000000000001"), bootId: 7);
    private readonly Sensor _roof = new(Guid.Parse("F00F0000-0000-0000-0000-000000000002"), bootId: 8);

    [Fact]
    public async Task Streams_get_exactly_what_they_ask_for_from_all_sensors()
    {
        await using TwoSilos silos = await StartAsync();
        using ApiServer api = new(silos);
        PacketFilter[] filters =
        [
            PacketFilter.All, PacketFilter.OfSource(_roof.Number), PacketFilter.OfDevice(new(Phy.Dot11, s_ap)),
            PacketFilter.FromDevice(new(Phy.Dot11, s_ap)), PacketFilter.OfBssid(s_ap),
        ];
        List<IPacketStream> streams = [];
        foreach (PacketFilter filter in filters)
        {
            streams.Add(await OpenAsync(api, filter));
        }
        Assert.Equal((5, 5), await Streaming.RefreshAsync(silos));
        await Task.WhenAll(_lobby.SendAsync(), _roof.SendAsync());

        for (int i = 0; i < filters.Length; i++)
        {
            List<Streamed> lobby = filters[i].CanTakeFrom(_lobby.Number) ? await _lobby.ExpectedAsync(filters[i]) : [];
            List<Streamed> roof = await _roof.ExpectedAsync(filters[i]);
            Assert.True(roof.Count > 20, $"{filters[i]}: {roof.Count} packets");
            Assert.True(await api.Streams.CloseAsync(streams[i].Id));
            List<Streamed> all = await Streaming.DrainAsync(streams[i]);
            Assert.Equal(lobby, all.Where(entry => entry.Source == _lobby.Number));
            Assert.Equal(roof, all.Where(entry => entry.Source == _roof.Number));
            Assert.Equal((lobby.Count + roof.Count, 0L), (all.Count, streams[i].Dropped));
            await streams[i].DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_reads_slowly_loses_packets_and_hears_how_many_and_others_lose_none()
    {
        await using TwoSilos silos = await StartAsync(new StreamOptions { QueueBytes = SmallestQueue });
        using ApiServer api = new(silos, new() { QueueBytes = SmallestQueue });
        await using IPacketStream slow = await OpenAsync(api, PacketFilter.All);
        await using IPacketStream fast = await OpenAsync(api, PacketFilter.All);
        _ = await Streaming.RefreshAsync(silos);

        int sent = 0;
        List<Streamed> read = [];
        for (int i = 0; i < 4; i++)
        {
            await _lobby.SendAsync(async packets =>
            {
                sent += packets;
                read.AddRange(await Streaming.ReadAsync(fast, packets));
            });
        }
        Assert.Equal((sent, 0L, 0L), (read.Count, read.Max(static entry => entry.Lost), fast.Dropped));

        Assert.True(await api.Streams.CloseAsync(slow.Id));
        List<Streamed> rest = await Streaming.DrainAsync(slow);
        long lost = rest.Max(static entry => entry.Lost);
        Assert.InRange(lost, 1, sent - 1);
        Assert.Equal(sent, rest.Count(static entry => entry.Lost == 0) + lost);
        Assert.Equal(lost, slow.Dropped);
    }

    [Fact]
    public async Task Any_api_server_lists_and_closes_the_streams_of_another()
    {
        await using TwoSilos silos = await StartAsync();
        using ApiServer writer = new(silos);
        using ApiServer other = new(silos);
        IPacketStream stream = await OpenAsync(writer, PacketFilter.All);
        await using IPacketStream second = await OpenAsync(other, PacketFilter.All);
        Assert.NotEqual(stream.Id, second.Id);
        _ = await Streaming.RefreshAsync(silos);
        await _lobby.SendAsync();
        _ = await Streaming.ReadAsync(stream, 1);
        await stream.CountAsync(1000, 7);
        await writer.Streams.DoNowAsync();

        IReadOnlyList<StreamRecord> all = await other.Streams.ListAsync();
        Assert.Equal([stream.Id, second.Id], all.Select(static record => record.Id));
        Assert.Equal((7UL, 1000UL, "x.pcapng"), (all[0].Packets, all[0].Size, all[0].Name));

        Assert.True(await other.Streams.CloseAsync(stream.Id));
        _ = await Streaming.DrainAsync(stream);
        Assert.True(stream.Closed.IsCancellationRequested);
        Assert.False(await other.Streams.CloseAsync(stream.Id));
        Assert.Equal((1, 1), await Streaming.RefreshAsync(silos));
        await stream.DisposeAsync();
        Assert.Equal([second.Id], (await writer.Streams.ListAsync()).Select(static record => record.Id));
    }

    [Fact]
    public async Task A_stream_whose_api_server_died_leaves_no_tap_and_one_that_was_cut_off_comes_back()
    {
        ShiftedClock clock = new();
        await using TwoSilos silos = await StartAsync(clock: clock);
        using ApiServer dead = new(silos);
        using ApiServer alive = new(silos);
        await using IPacketStream lost = await OpenAsync(dead, PacketFilter.All);
        await using IPacketStream kept = await OpenAsync(alive, PacketFilter.All);
        Assert.Equal((2, 2), await Streaming.RefreshAsync(silos));

        // Nothing renews by itself here: these API servers are not hosted.
        clock.Advance(TimeSpan.FromSeconds(6));
        await alive.Streams.DoNowAsync();
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal((1, 1), await Streaming.RefreshAsync(silos));
        Assert.Equal([kept.Id], (await alive.Streams.ListAsync()).Select(static record => record.Id));

        await dead.Streams.DoNowAsync();
        Assert.Equal((2, 2), await Streaming.RefreshAsync(silos));
        Assert.Equal([lost.Id, kept.Id], (await alive.Streams.ListAsync()).Select(static record => record.Id));
    }

    [Fact]
    public async Task A_stream_goes_on_when_the_silo_of_a_sensor_dies()
    {
        await using TwoSilos silos = await StartAsync();
        using ApiServer api = new(silos);
        await using IPacketStream stream = await OpenAsync(api, PacketFilter.OfSource(_lobby.Number));
        _ = await Streaming.RefreshAsync(silos);
        List<Streamed> expected = await _lobby.ExpectedAsync(PacketFilter.OfSource(_lobby.Number));
        await _lobby.SendAsync();
        Assert.Equal(expected, await Streaming.ReadAsync(stream, expected.Count));

        InProcessSiloHandle host = await HostOfAsync(silos, _lobby);
        await silos.Cluster.KillSiloAsync(host);
        // The directory may have died, too.
        await EventuallyAsync(() => api.Streams.DoNowAsync());
        await EventuallyAsync(() => Streaming.RefreshAsync(silos));
        // As a sensor does whose packets the cluster had not saved: the stream has them already.
        Sensor again = new(_lobby.Uuid, bootId: 7);
        await EventuallyAsync(() => again.OpenAsync(silos));
        await EventuallyAsync(() => again.SendAsync());
        await EventuallyAsync(() => again.SendAsync());
        Assert.Equal(expected, await Streaming.ReadAsync(stream, expected.Count));
        Assert.Equal([stream.Id], (await api.Streams.ListAsync()).Select(static record => record.Id));
    }

    private async Task<TwoSilos> StartAsync(StreamOptions? options = null, TimeProvider? clock = null)
    {
        TwoSilos silos = await TwoSilos.StartAsync(services =>
        {
            services.Replace(ServiceDescriptor.Singleton(options ?? new StreamOptions()));
            services.Replace(ServiceDescriptor.Singleton(clock ?? TimeProvider.System));
        });
        await _lobby.OpenAsync(silos);
        await _roof.OpenAsync(silos);
        return silos;
    }

    private static async Task<IPacketStream> OpenAsync(ApiServer api, PacketFilter filter) =>
        (await api.Streams.OpenAsync(new(filter, "x.pcapng", "in words")))!;

    private static async Task<InProcessSiloHandle> HostOfAsync(TwoSilos silos, Sensor sensor)
    {
        IManagementGrain management = silos.Client.GetGrain<IManagementGrain>(0);
        SiloAddress? host = await management.GetActivationAddress(silos.Client.GetGrain<IDatasourceGrain>(sensor.Uuid));
        return silos.Cluster.Silos.Single(silo => silo.SiloAddress.Equals(host));
    }

    private static async Task EventuallyAsync(Func<Task> act)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (Exception e) when (e is TimeoutException or OrleansException && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20))
            {
                // Until the silo that died is voted out.
            }
        }
    }

    private sealed class ShiftedClock : TimeProvider
    {
        private long _shift;

        public override long GetTimestamp() => base.GetTimestamp() + Volatile.Read(ref _shift);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, (long)(by.TotalSeconds * TimestampFrequency));
    }
}
