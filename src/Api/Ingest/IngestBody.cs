using System.Buffers;
using System.IO.Compression;

namespace KismetOrleans.Api.Ingest;

/// <summary>A request's body as it was before its compression, in memory that is used again.</summary>
internal sealed class IngestBody : IDisposable
{
    // A first guess where a client does not say how much it sends.
    private const int FirstBytes = 16 * 1024;
    private readonly BodyBudget _budget;
    private byte[] _bytes = [];

    private IngestBody(BodyBudget budget) => _budget = budget;

    /// <summary>Bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes; may be changed.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <param name="request">The request. Encodings gzip, deflate and br are undone.</param>
    /// <param name="most">Bytes that it may have, before and after that.</param>
    /// <param name="budget">Memory that all bodies share.</param>
    /// <exception cref="BadHttpRequestException">
    /// It is too large (413), in an encoding that is not known (415), not what its encoding says (400), or there is no memory for it now (503).
    /// </exception>
    public static async ValueTask<IngestBody> ReadAsync(HttpRequest request, int most, BodyBudget budget)
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
        // One more, so that the end is seen without another round.
        Grow((int)(expected ?? FirstBytes) + 1);
        while (true)
        {
            if (Length == _bytes.Length)
            {
                Grow(Math.Min(Length * 2, most + 1));
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

/// <summary>Memory that the bodies of all requests share. Safe for use by several threads.</summary>
/// <param name="most">Bytes.</param>
internal sealed class BodyBudget(long most)
{
    private long _taken;

    /// <summary>Bytes taken now.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Takes bytes, if there are as many.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= most)
        {
            return true;
        }
        _ = Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(int bytes) => Interlocked.Add(ref _taken, -bytes);
}
