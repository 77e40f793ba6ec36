using System.Buffers;
using System.IO.Compression;
using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Api.Ingest;

/// <summary>A request's body as it was before its compression, in memory that is used again.</summary>
internal sealed class IngestBody : IDisposable
{
    // Room grows with what has come: what a client says that it will send costs him nothing. Most lists of a phone fit.
    private const int FirstBytes = 4 * 1024;
    private readonly MemoryBudget _budget;
    private byte[] _bytes = [];

    private IngestBody(MemoryBudget budget) => _budget = budget;

    public int Length { get; private set; }

    /// <summary>The bytes; may be changed.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <param name="request">The request. Encodings gzip, deflate and br are undone.</param>
    /// <param name="most">Bytes that it may have, before and after that.</param>
    /// <param name="budget">Memory that all bodies share.</param>
    /// <exception cref="BadHttpRequestException">
    /// It is too large (413), in an encoding that is not known (415), not what its encoding says (400), or there is no memory for it now (503).
    /// </exception>
    public static async ValueTask<IngestBody> ReadAsync(HttpRequest request, int most, MemoryBudget budget)
    {
        if (request.ContentLength > most)
        {
            throw TooLarge(most);
        }
        Stream? decoded = Decoded(request);
        IngestBody body = new(budget);
        try
        {
            await body.FillAsync(decoded ?? request.Body, decoded is null ? request.ContentLength : null, most, request.HttpContext.RequestAborted);
            return body;
        }
        catch (Exception e)
        {
            body.Dispose();
            if (e is InvalidDataException)
            {
                throw new BadHttpRequestException($"body: not valid {request.Headers.ContentEncoding}", StatusCodes.Status400BadRequest);
            }
            throw;
        }
        finally
        {
            if (decoded is not null)
            {
                await decoded.DisposeAsync();
            }
        }
    }

    public void Dispose()
    {
        _budget.Return(_bytes.Length);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
        _bytes = [];
        Length = 0;
    }

    private async ValueTask FillAsync(Stream from, long? expected, int most, CancellationToken aborted)
    {
        // One more than is expected, so that the end is seen without another round.
        int last = (int)(expected ?? most) + 1;
        Grow(Math.Min(FirstBytes, last));
        while (true)
        {
            if (Length == _bytes.Length)
            {
                Grow(Math.Min(Length * 2, last));
            }
            int read = await from.ReadAsync(_bytes.AsMemory(Length), aborted);
            if (read == 0)
            {
                return;
            }
            Length += read;
            if (Length > most)
            {
                throw TooLarge(most);
            }
        }
    }

    private void Grow(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(bytes);
        if (!_budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            throw new BadHttpRequestException("too many large bodies at a time", StatusCodes.Status503ServiceUnavailable);
        }
        int length = Length;
        Bytes.CopyTo(larger);
        Dispose();
        _bytes = larger;
        Length = length;
    }

    private static Stream? Decoded(HttpRequest request) => request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant() switch
    {
        "" or "identity" => null,
        "gzip" or "x-gzip" => new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
        "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
        "br" => new BrotliStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
        _ => throw new BadHttpRequestException("body: Content-Encoding is not gzip, deflate or br", StatusCodes.Status415UnsupportedMediaType),
    };

    private static BadHttpRequestException TooLarge(int most) => new($"body: more than {most} bytes", StatusCodes.Status413PayloadTooLarge);
}
