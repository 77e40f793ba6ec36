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

    // Named by the header of a list that the caller takes without them.
    private const string MissingHeader = "X-Missing-Partitions";
    private const string PartialKey = "partial";

    /// <summary>Streams all devices that pass a filter, in constant memory, the partitions side by side.</summary>
    public static Task StreamAsync(HttpContext http, DeviceFilter filter, DeviceShape shape) => StreamAsync(http, [], filter, shape);

    /// <summary>Streams given devices in the order given, then those that pass a filter. Nothing is sent before every partition that is asked all has answered once.</summary>
    public static async Task StreamAsync(HttpContext http, IReadOnlyList<DeviceId> ids, DeviceFilter? filter, DeviceShape shape)
    {
        IBackend backend = http.RequestServices.GetRequiredService<IBackend>();
        DeviceChunk?[] first = filter is null ? [] : await FirstAsync(http, backend, filter, shape);
        using ListResponse response = new(http, shape.Format);
        for (int i = 0; i < ids.Count; i += IdsAtATime)
        {
            using JsonOut body = Answers.NewBody(http);
            int written = await WriteItemsAsync(backend, [.. ids.Skip(i).Take(IdsAtATime)], shape, body, http.RequestAborted);
            await response.AddAsync(body, written);
        }
        if (filter is not null)
        {
            await AddAsync(response, backend, filter, shape, first);
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

    // The first chunk of each partition; null for one that does not answer, where the caller takes a list without it.
    private static async Task<DeviceChunk?[]> FirstAsync(HttpContext http, IBackend backend, DeviceFilter filter, DeviceShape shape)
    {
        Task<DeviceChunk>[] asked = [.. backend.Partitions.Select(partition => partition.ReadAsync(filter, shape, 0, http.RequestAborted).AsTask())];
        await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int[] missing = [.. Enumerable.Range(0, asked.Length).Where(i => !asked[i].IsCompletedSuccessfully)];
        if (missing.Length > 0)
        {
            if (missing.Length == asked.Length || http.RequestAborted.IsCancellationRequested || !bool.TryParse(http.Request.Query[PartialKey], out bool partial) || !partial)
            {
                foreach (Task<DeviceChunk> answer in asked.Where(static answer => answer.IsCompletedSuccessfully))
                {
                    answer.Result.Dispose();
                }
                _ = await asked[missing[0]];
            }
            http.Response.Headers[MissingHeader] = string.Join(',', missing);
        }
        return Array.ConvertAll(asked, static answer => answer.IsCompletedSuccessfully ? answer.Result : null);
    }

    private static async Task AddAsync(ListResponse response, IBackend backend, DeviceFilter filter, DeviceShape shape, DeviceChunk?[] first)
    {
        Channel<DeviceChunk> chunks = Channel.CreateBounded<DeviceChunk>(ChunksAhead);
        CancellationToken aborted = response.Http.RequestAborted;
        Task reading = ReadAllAsync(backend, filter, shape, first, chunks.Writer, aborted);
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
        IBackend backend, DeviceFilter filter, DeviceShape shape, DeviceChunk?[] first, ChannelWriter<DeviceChunk> writer, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(first.Select(async (chunk, partition) =>
            {
                while (chunk is not null)
                {
                    int cursor = chunk.Next;
                    await writer.WriteAsync(chunk, cancellation);
                    chunk = cursor < 0 ? null : await backend.Partitions[partition].ReadAsync(filter, shape, cursor, cancellation);
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
