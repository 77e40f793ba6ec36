using System.Buffers;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Http;

/// <summary>A list that is sent piece by piece: brackets and separators around bytes that are ready.</summary>
internal sealed class ListResponse : IDisposable
{
    private readonly RecordFormat _format;
    private readonly JsonOut _frame;
    private bool _any;

    /// <summary>A list as the answer to a request. Nothing is sent before the first piece.</summary>
    public ListResponse(HttpContext http, RecordFormat format)
    {
        Http = http;
        _format = format;
        _frame = Answers.NewBody(http);
        _frame.Raw(ListFraming.Begin(format));
        http.Response.ContentType = Answers.Json;
    }

    public HttpContext Http { get; }

    /// <summary>Sends objects, separated among themselves.</summary>
    public async Task AddAsync(JsonOut objects, int count)
    {
        if (count == 0)
        {
            return;
        }
        if (_any)
        {
            _frame.Raw(ListFraming.Separator(_format));
        }
        _any = true;
        Http.Response.BodyWriter.Write(_frame.WrittenSpan);
        _frame.Clear();
        Http.Response.BodyWriter.Write(objects.WrittenSpan);
        await Http.Response.BodyWriter.FlushAsync(Http.RequestAborted);
    }

    public async Task EndAsync()
    {
        _frame.Raw(ListFraming.End(_format, _any));
        Http.Response.BodyWriter.Write(_frame.WrittenSpan);
        await Http.Response.BodyWriter.FlushAsync(Http.RequestAborted);
    }

    public void Dispose() => _frame.Dispose();
}
