namespace KismetOrleans.Engine.Streams;

/// <summary>How far a packet could be taken apart.</summary>
internal enum DissectedAs : byte
{
    /// <summary>Not even its link header could be read.</summary>
    Nothing,

    /// <summary>What is behind the link header is damaged or of a kind that is not known.</summary>
    LinkHeader,

    /// <summary>An 802.11 frame with its addresses.</summary>
    Dot11,

    /// <summary>A Bluetooth Low Energy advertisement: source and destination are set.</summary>
    Btle,

    /// <summary>A Bluetooth Low Energy packet that goes on with another's data and names nobody: source is who began.</summary>
    BtleChained,

    /// <summary>An IEEE 802.15.4 frame: source and destination are set where the frame tells them.</summary>
    Ieee802154,

    /// <summary>A report of a Bluetooth controller: source is the first device that it tells of.</summary>
    Bluetooth,
}
