using KismetOrleans.Engine.Auth;
using Microsoft.AspNetCore.Authorization;

namespace KismetOrleans.Api.Auth;

/// <summary>Roles of logins and keys, and what a path asks for. A key's role may be any text; these are those that a path asks for.</summary>
internal static class Role
{
    /// <summary>May do everything.</summary>
    public const string Admin = "admin";

    public const string ReadOnly = "readonly";

    /// <summary>Of a path: any valid login.</summary>
    public const string Any = "any";

    /// <summary>Of a path: no login needed.</summary>
    public const string None = "";

    /// <summary>May feed packets as a remote datasource.</summary>
    public const string Datasource = SensorKeys.Role;

    public const string ScanReport = "scanreport";

    /// <summary>May post positions.</summary>
    public const string WebGps = "WEBGPS";

    /// <summary>May listen to aircraft, as who may read may, too.</summary>
    public const string Adsb = "ADSB";

    /// <summary>What a path asks of its caller; <see cref="ReadOnly"/> where it says nothing.</summary>
    internal static string Of(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy
        ?? (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? ReadOnly : None);
}
