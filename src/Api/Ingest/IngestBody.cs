using System.Buffers;
using System.IO.Compression;

namespace KismetOrleans.Api.Ingest;

/// <summary>A request's body as it was before its compression, in memory that is used again.</summary>
public sealed class IngestBody : IDisposable
{
    // A first guess where a client does not say how much it sends.
    private const int FirstOctets = 16 * 1024;
    private readonly BodyBudget _budget;
    private byte[] _octets = [];

    private IngestBody(BodyBudget budget) => _budget = budget;

    /// <summary>Octets.</summary>
    public int Length { get; private set; }

    /// <summary>The octets; may be changed.</summary>
    public Span<byte> Octets => _octets.AsSpan(0, Length);

    /// <summary>Reads a body.</summary>
    /// <param name="request">The request. Encodings gzip, deflate and br are undone.</param>
    /// <param name="most">Octets that it may have, before and after that.</param>
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _budget.Return(_octets.Length);
        if (_octets.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_octets);
        }
        _octets = [];
        Length = 0;
    }

    private async ValueTask FillAsync(Stream from, long? expected, int most, CancellationToken aborted)
    {
        // One more, so that the end is seen without another round.
        Grow((int)(expected ?? FirstOctets) + 1);
        while (true)
        {
            if (Length == _octets.Length)
            {
                Grow(Math.Min(Length * 2, most + 1));
            }
            int read = await from.ReadAsync(_octets.AsMemory(Length), aborted);
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

    private void Grow(int octets)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(octets);
        if (!_budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            throw new BadHttpRequestException("too many large bodies at a time", StatusCodes.Status503ServiceUnavailable);
        }
        int length = Length;
        Octets.CopyTo(larger);
        Dispose();
        _octets = larger;
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

    private static BadHttpRequestException TooLarge(int most) => new($"body: more than {most} octets", StatusCodes.Status413PayloadTooLarge);
}

/// <summary>Memory that the bodies of all requests share. Safe for use by several threads.</summary>
/// <param name="most">Octets.</param>
public sealed class BodyBudget(long most)
{
    private long _taken;

    /// <summary>Octets taken now.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Takes octets, if there are as many.</summary>
    public bool TryTake(int octets)
    {
        if (Interlocked.Add(ref _taken, octets) <= most)
        {
            return true;
        }
        _ = Interlocked.Add(ref _taken, -octets);
        return false;
    }

    /// <summary>Gives octets back.</summary>
    public void Return(int octets) => Interlocked.Add(ref _taken, -octets);
}
