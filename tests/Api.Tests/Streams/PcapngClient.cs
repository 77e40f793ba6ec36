using KismetOrleans.Wire.Files;

namespace KismetOrleans.Api.Tests.Streams;

/// <summary>Reads one packet stream, as much as a test asks for.</summary>
internal sealed class PcapngClient : IDisposable
{
    /// <summary>Bytes of the section header, which comes before any packet.</summary>
    public const int HeaderLength = 44;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _patience = new(s_patience);
    private readonly MemoryStream _read = new();
    private readonly Stream _body;

    private PcapngClient(HttpResponseMessage response, Stream body)
    {
        Response = response;
        _body = body;
    }

    public HttpResponseMessage Response { get; }

    /// <summary>What was read so far; a block must not be cut.</summary>
    public PcapngContent Content => new(_read.ToArray());

    /// <summary>Asks for a stream and reads the section header.</summary>
    public static async Task<PcapngClient> OpenAsync(TestServer server, string path)
    {
        HttpResponseMessage response = await server.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        PcapngClient client = new(response, await response.Content.ReadAsStreamAsync());
        await client.ReadAsync(HeaderLength);
        return client;
    }

    /// <summary>Reads until there are so many packets.</summary>
    public async Task<PcapngContent> ReadPacketsAsync(int count)
    {
        int packets = 0;
        while (packets < count)
        {
            packets += await ReadBlockAsync() == PcapngBlockType.EnhancedPacket ? 1 : 0;
        }
        return Content;
    }

    /// <summary>Reads until there are statistics.</summary>
    public async Task<PcapngStatistics> ReadStatisticsAsync()
    {
        while (await ReadBlockAsync() != PcapngBlockType.Statistics)
        {
        }
        return Content.Statistics[^1];
    }

    /// <summary>Reads to the end, which must be a proper one.</summary>
    public async Task<PcapngContent> ReadToEndAsync()
    {
        await _body.CopyToAsync(_read, _patience.Token);
        return Content;
    }

    public void Dispose()
    {
        _patience.Dispose();
        Response.Dispose();
    }

    private async Task<PcapngBlockType> ReadBlockAsync()
    {
        long start = _read.Length;
        await ReadAsync(PcapngBlock.HeaderLength);
        PcapngBlock.TryParse(_read.GetBuffer().AsSpan((int)start, PcapngBlock.HeaderLength), false, out PcapngBlock block);
        await ReadAsync((int)block.Length - PcapngBlock.HeaderLength);
        return block.Type;
    }

    private async Task ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        await _body.ReadExactlyAsync(bytes, _patience.Token);
        _read.Write(bytes);
    }
}
