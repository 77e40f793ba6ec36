namespace KismetOrleans.Api.Auth;

/// <summary>Roles of logins and keys, and what a path asks for. A key's role may be any text; these are those that a path asks for.</summary>
public static class Role
{
    /// <summary>May do everything.</summary>
    public const string Admin = "admin";

    /// <summary>May read.</summary>
    public const string ReadOnly = "readonly";

    /// <summary>Of a path: any valid login.</summary>
    public const string Any = "any";

    /// <summary>Of a path: no login needed.</summary>
    public const string None = "";

    /// <summary>May feed packets as a remote datasource.</summary>
    public const string Datasource = "datasource";

    /// <summary>May post scan reports.</summary>
    public const string ScanReport = "scanreport";

    /// <summary>May post positions.</summary>
    public const string WebGps = "WEBGPS";
}

/// <summary>What a path asks of its caller, as endpoint metadata; a path without it asks for <see cref="Role.ReadOnly"/>.</summary>
/// <param name="Role">One of <see cref="Auth.Role"/>; <see cref="Role.Admin"/> may always.</param>
/// <param name="AdmitsItself">The path looks at its callers' logins itself, as those do that are fed (<see cref="Ingest.IngestKeys"/>).</param>
public sealed record RequiredRole(string Role, bool AdmitsItself = false);
