using System.Buffers;
using System.Threading.Channels;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Http;

/// <summary>Lists of devices: joins what the partitions wrote, without reading it.</summary>
public static class DeviceLists
{
    // Two chunks ahead keep a partition busy while one is sent; more only take memory from a slow reader.
    private const int ChunksAhead = 2;

    /// <summary>Streams all devices that pass a filter, in constant memory, the partitions side by side.</summary>
    public static async Task StreamAsync(HttpContext http, DeviceFilter filter, DeviceShape shape)
    {
        IBackend backend = http.RequestServices.GetRequiredService<IBackend>();
        Channel<DeviceChunk> chunks = Channel.CreateBounded<DeviceChunk>(ChunksAhead);
        Task reading = ReadAllAsync(backend, filter, shape, chunks.Writer, http.RequestAborted);
        http.Response.ContentType = Answers.Json;
        using JsonOut frame = Answers.NewBody(http);
        frame.Raw(ListFraming.Begin(shape.Format));
        bool first = true;
        await foreach (DeviceChunk chunk in chunks.Reader.ReadAllAsync(http.RequestAborted))
        {
            using (chunk)
            {
                if (chunk.Count == 0)
                {
                    continue;
                }
                if (!first)
                {
                    frame.Raw(ListFraming.Separator(shape.Format));
                }
                first = false;
                http.Response.BodyWriter.Write(frame.Written.Span);
                frame.Clear();
                http.Response.BodyWriter.Write(chunk.Body.Written.Span);
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
        }
        await reading;
        frame.Raw(ListFraming.End(shape.Format, !first));
        http.Response.BodyWriter.Write(frame.Written.Span);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary>The first devices of an order over all partitions, from an offset on.</summary>
    /// <param name="backend">Where they are.</param>
    /// <param name="filter">Which devices.</param>
    /// <param name="shape">How they are written.</param>
    /// <param name="order">The order; null for order of first sight.</param>
    /// <param name="start">Devices to leave out; beyond the end it is 0.</param>
    /// <param name="length">Devices wanted.</param>
    public static async Task<Window> SelectAsync(IBackend backend, DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int start, int length)
    {
        int count = (int)Math.Min((long)start + length, int.MaxValue);
        DeviceWindow[] windows = await Task.WhenAll(backend.Partitions.Select(p => p.SelectAsync(filter, shape, order, count).AsTask()));
        int matching = windows.Sum(static w => w.Matching);
        if (start >= matching && start > 0)
        {
            return await SelectAsync(backend, filter, shape, order, 0, length);
        }
        IEnumerable<DeviceId> ranked = order is null
            ? windows.SelectMany(static w => w.First).Select(static r => r.Id)
            : Merge(windows, new(order.Descending));
        return new([.. ranked.Skip(start).Take(length)], matching, windows.Sum(static w => w.Total));
    }

    // Each partition's list is in order already: the next device is the first of those at the lists' heads.
    private static IEnumerable<DeviceId> Merge(DeviceWindow[] windows, RankComparer comparer)
    {
        PriorityQueue<(int Window, int Index), RankedDevice> heads = new(windows.Length, comparer);
        for (int i = 0; i < windows.Length; i++)
        {
            if (windows[i].First.Count > 0)
            {
                heads.Enqueue((i, 0), windows[i].First[0]);
            }
        }
        while (heads.TryDequeue(out (int Window, int Index) head, out RankedDevice device))
        {
            yield return device.Id;
            if (head.Index + 1 < windows[head.Window].First.Count)
            {
                heads.Enqueue((head.Window, head.Index + 1), windows[head.Window].First[head.Index + 1]);
            }
        }
    }

    /// <summary>Writes given devices in the order given, with brackets.</summary>
    public static async Task WriteAsync(IBackend backend, IReadOnlyList<DeviceId> ids, DeviceShape shape, JsonOut body)
    {
        List<DeviceId>[] shares = [.. backend.Partitions.Select(static _ => new List<DeviceId>())];
        foreach (DeviceId id in ids)
        {
            shares[Partitioning.Of(id, shares.Length)].Add(id);
        }
        DeviceChunk[] chunks = await Task.WhenAll(shares.Select((share, i) => backend.Partitions[i].WriteAsync(share, shape).AsTask()));
        int[] next = new int[chunks.Length];
        body.Raw(ListFraming.Begin(shape.Format));
        int written = 0;
        foreach (DeviceId id in ids)
        {
            int p = Partitioning.Of(id, shares.Length);
            int from = next[p] == 0 ? 0 : chunks[p].Ends![next[p] - 1];
            int to = chunks[p].Ends![next[p]++];
            if (to > from)
            {
                if (written++ > 0)
                {
                    body.Raw(ListFraming.Separator(shape.Format));
                }
                body.Raw(chunks[p].Body.Written.Span[from..to]);
            }
        }
        body.Raw(ListFraming.End(shape.Format, written > 0));
        foreach (DeviceChunk chunk in chunks)
        {
            chunk.Dispose();
        }
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
                    DeviceChunk chunk = await partition.ReadAsync(filter, shape, cursor);
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

    /// <summary>A window over an ordered list.</summary>
    /// <param name="Ids">The devices in it.</param>
    /// <param name="Matching">Devices that pass the filter.</param>
    /// <param name="Total">Devices in the view.</param>
    public sealed record Window(IReadOnlyList<DeviceId> Ids, int Matching, int Total);
}
