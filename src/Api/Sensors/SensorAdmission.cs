using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.Sensors.Tzsp;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Api.Sensors;

/// <summary>Why a sensor is not taken.</summary>
/// <param name="Status">As a client of HTTP is told.</param>
/// <param name="RetryAfter">How long to wait, where that is all; null else.</param>
internal readonly record struct SensorRefusal(int Status, string Reason, TimeSpan? RetryAfter = null);

/// <summary>Who may feed the server as a sensor, and for which source: the rules of all doors, whether agents, capture programs or posted lines come through them.</summary>
internal sealed class SensorAdmission(IngestKeys keys, OpenRequests requests, RequestOrigins origins, ISourceRegistry sources)
{
    /// <summary>Looks at who asks.</summary>
    /// <param name="what">What it brings, in words.</param>
    /// <param name="refuse">Answers a refusal; its headers are there already.</param>
    /// <returns>Whose request it is; null where it was refused.</returns>
    public async ValueTask<AdmittedSensor?> AdmitAsync(HttpContext http, string what, Func<SensorRefusal, Task> refuse)
    {
        IngestAdmission admission = await keys.AdmitAsync(http, Role.Datasource);
        if (admission.Status != StatusCodes.Status200OK)
        {
            admission.Explain(http.Response);
            await refuse(new(admission.Status, admission.Reason(what), admission.RetryAfter));
            return null;
        }
        // A page from elsewhere may post here, and open websockets. Agents have no origin; Kismet's capture programs give the server's own.
        if (origins.IsFromElsewhere(http.Request) || RequestOrigins.IsBrowser(http.Request.Headers))
        {
            await refuse(new(StatusCodes.Status403Forbidden, "not for browsers"));
            return null;
        }
        // So that the request ends when the key is revoked or expires.
        return new(admission.Key!, admission.Login is { } login ? requests.Add(http, login) : null);
    }

    /// <summary>Whether somebody may feed a source. One that is new counts for its key.</summary>
    /// <returns>Null where he may.</returns>
    public SensorRefusal? Refusal(IngestKey key, Guid uuid)
    {
        DatasourceRecord? known = sources.Find(uuid);
        string? reason = known?.Driver == SourceDrivers.Virtual ? "the UUID is that of a phone"
            // A sensor that never sent anything is not told from a source of the server after a restart, unless it has a key.
            : known is { Remote: false } && (known.Running || key.Owner.Length > 0) ? "the UUID is that of a source of the server"
            : TzspSender.IsOwn(uuid) ? "the UUID is that of a sender of TZSP"
            : key.Refusal(uuid, known);
        if (reason is not null)
        {
            return new(StatusCodes.Status403Forbidden, reason);
        }
        // Programs of this machine and the administrator may bring as many as they like.
        return known is null && key.Owner.Length > 0 && key.TakeSource() is { } wait
            ? new(StatusCodes.Status429TooManyRequests, $"too many new sources of {key.Name} in an hour", wait) : null;
    }
}

/// <summary>A sensor that was let in. To be disposed when its request ends.</summary>
/// <param name="login">Ends the request with its login; null for none.</param>
internal sealed class AdmittedSensor(IngestKey key, OpenRequests.Entry? login) : IDisposable
{
    public IngestKey Key => key;

    public void Dispose() => login?.Dispose();
}
