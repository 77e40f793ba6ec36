namespace KismetOrleans.Web.Tests;

/// <summary>A test of our own pages, left out where there is no browser, or no npm to build them with; its result says which.</summary>
public sealed class PageFactAttribute : FactAttribute
{
    public PageFactAttribute() => Skip = Pages.Missing;
}

/// <summary>As <see cref="PageFactAttribute"/>, with data.</summary>
public sealed class PageTheoryAttribute : TheoryAttribute
{
    public PageTheoryAttribute() => Skip = Pages.Missing;
}
