namespace KismetOrleans.Api.Http;

/// <summary>Who asks, for logs and records.</summary>
internal static class RemoteAddresses
{
    /// <summary>The address that a request came from; "" where it has none.</summary>
    public static string RemoteAddress(this HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";
}
