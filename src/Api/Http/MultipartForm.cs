using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace KismetOrleans.Api.Http;

/// <summary>Forms of the type multipart/form-data (RFC 7578), as JavaScript's FormData and curl's -F send them.</summary>
internal static class MultipartForm
{
    // A command is one variable, and an old table's state some dozens.
    private const int MaxVariables = 256;

    /// <summary>The boundary between variables; null where the content is of another type, empty where none is named.</summary>
    public static string? BoundaryOf(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString()
            : null;

    /// <summary>Reads the variables of a form.</summary>
    /// <param name="boundary">What <see cref="BoundaryOf"/> gave.</param>
    /// <exception cref="InvalidDataException">It is no such form; the message says why.</exception>
    public static async Task<Dictionary<string, StringValues>> ReadAsync(Stream body, string boundary)
    {
        if (boundary.Length == 0)
        {
            throw new InvalidDataException("form: multipart/form-data without boundary");
        }
        Dictionary<string, StringValues> form = new(StringComparer.Ordinal);
        try
        {
            MultipartReader reader = new(boundary, body);
            while (form.Count <= MaxVariables && await reader.ReadNextSectionAsync() is { } section)
            {
                if (section.GetContentDispositionHeader()?.Name is not { Length: > 0 } name)
                {
                    continue;
                }
                // A first one counts, as in forms of the other type.
                using StreamReader text = new(section.Body, Encoding.UTF8);
                form.TryAdd(HeaderUtilities.RemoveQuotes(name).ToString(), await text.ReadToEndAsync());
            }
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidDataException)
        {
            throw new InvalidDataException($"form: no valid multipart/form-data: {e.Message}", e);
        }
        return form.Count <= MaxVariables ? form : throw new InvalidDataException($"form: more than {MaxVariables} variables");
    }
}
