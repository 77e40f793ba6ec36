namespace KismetOrleans.Api.Http;

/// <summary>Which generation of Kismet's API decides where answers differ in shape.</summary>
internal enum Dialect
{
    /// <summary>The documentation of 2020.</summary>
    Seeds,

    /// <summary>Kismet 2025-09-R1.</summary>
    Current,
}

/// <summary>The setting <c>Api:Dialect</c>.</summary>
internal static class Dialects
{
    /// <summary>The dialect that is set.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Dialect Of(IConfiguration configuration) => configuration["Api:Dialect"] switch
    {
        null or "" => Dialect.Seeds,
        { } name when name.Equals("seeds", StringComparison.OrdinalIgnoreCase) => Dialect.Seeds,
        { } name when name.Equals("current", StringComparison.OrdinalIgnoreCase) => Dialect.Current,
        { } name => throw new ArgumentException($"Api:Dialect: seeds or current, not {name}"),
    };
}
