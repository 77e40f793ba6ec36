namespace KismetOrleans.Wire;

/// <summary>How a parse ended.</summary>
public enum ParseStatus : byte
{
    /// <summary>Everything asked for was there.</summary>
    Ok,

    /// <summary>The bytes end before the structure does and the capture says that it cut the packet (snap length).</summary>
    Truncated,

    /// <summary>The bytes contradict the format although they are all there.</summary>
    Malformed,

    /// <summary>Well formed, but of a type, version or link type that this parser does not read.</summary>
    Unsupported,
}
