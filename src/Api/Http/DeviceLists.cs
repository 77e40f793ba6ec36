using System.Threading.Channels;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Http;

/// <summary>Lists of devices: joins what the partitions wrote, without reading it.</summary>
internal static class DeviceLists
{
    // Two chunks ahead keep a partition busy while one is sent; more only take memory from a slow reader.
    private const int ChunksAhead = 2;

    // Full records of this many devices are some megabytes.
    private const int IdsAtATime = 256;

    /// <summary>Streams all devices that pass a filter, in constant memory, the partitions side by side.</summary>
    public static async Task StreamAsync(HttpContext http, DeviceFilter filter, DeviceShape shape)
    {
        using ListResponse response = new(http, shape.Format);
        await AddAsync(response, filter, shape);
        await response.EndAsync();
    }

    /// <summary>Streams given devices in the order given, then those that pass a filter.</summary>
    public static async Task StreamAsync(HttpContext http, IReadOnlyList<DeviceId> ids, DeviceFilter? filter, DeviceShape shape)
    {
        IBackend backend = http.RequestServices.GetRequiredService<IBackend>();
        using ListResponse response = new(http, shape.Format);
        for (int i = 0; i < ids.Count; i += IdsAtATime)
        {
            using JsonOut body = Answers.NewBody(http);
            int written = await WriteItemsAsync(backend, [.. ids.Skip(i).Take(IdsAtATime)], shape, body, http.RequestAborted);
            await response.AddAsync(body, written);
        }
        if (filter is not null)
        {
            await AddAsync(response, filter, shape);
        }
        await response.EndAsync();
    }

    /// <summary>Writes given devices in the order given, as a list; those that are not there are left out.</summary>
    public static async Task WriteAsync(IBackend backend, IReadOnlyList<DeviceId> ids, DeviceShape shape, JsonOut body, CancellationToken cancellation)
    {
        body.Raw(ListFraming.Begin(shape.Format));
        int written = await WriteItemsAsync(backend, ids, shape, body, cancellation);
        body.Raw(ListFraming.End(shape.Format, written > 0));
    }

    private static async Task<int> WriteItemsAsync(IBackend backend, IReadOnlyList<DeviceId> ids, DeviceShape shape, JsonOut body, CancellationToken cancellation)
    {
        int written = 0;
        await backend.Partitions.WriteAsync(ids, shape, (_, bytes) =>
        {
            if (written++ > 0)
            {
                body.Raw(ListFraming.Separator(shape.Format));
            }
            body.Raw(bytes);
        }, cancellation);
        return written;
    }

    private static async Task AddAsync(ListResponse response, DeviceFilter filter, DeviceShape shape)
    {
        IBackend backend = response.Http.RequestServices.GetRequiredService<IBackend>();
        Channel<DeviceChunk> chunks = Channel.CreateBounded<DeviceChunk>(ChunksAhead);
        CancellationToken aborted = response.Http.RequestAborted;
        Task reading = ReadAllAsync(backend, filter, shape, chunks.Writer, aborted);
        await foreach (DeviceChunk chunk in chunks.Reader.ReadAllAsync(aborted))
        {
            using (chunk)
            {
                await response.AddAsync(chunk.Body, chunk.Count);
            }
        }
        await reading;
    }

    private static async Task ReadAllAsync(
        IBackend backend, DeviceFilter filter, DeviceShape shape, ChannelWriter<DeviceChunk> writer, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(backend.Partitions.Select(async partition =>
            {
                int cursor = 0;
                while (cursor >= 0)
                {
                    DeviceChunk chunk = await partition.ReadAsync(filter, shape, cursor, cancellation);
                    cursor = chunk.Next;
                    await writer.WriteAsync(chunk, cancellation);
                }
            }));
            writer.Complete();
        }
        catch (Exception e)
        {
            // The reader of the channel gets it.
            writer.Complete(e);
        }
    }
}
