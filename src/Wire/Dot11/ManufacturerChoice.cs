// No standard: which vendor element tells the manufacturer of an access point whose address does not.
namespace KismetOrleans.Wire.Dot11;

/// <summary>
/// Chooses among the OUIs of the vendor elements. Those of infrastructure vendors win; else the last one does, but never those of
/// chip makers and alliances, which are in everybody's frames. Stations do not say: theirs are their supplicants'.
/// </summary>
internal struct ManufacturerChoice(FrameKind kind)
{
    private readonly bool _isAccessPoint = kind is FrameKind.Beacon or FrameKind.ProbeResponse;
    private bool _isPreferred;

    /// <summary>The choice, 0 when there was none.</summary>
    internal uint Oui { get; private set; }

    internal void Note(ReadOnlySpan<byte> bytes)
    {
        uint oui = VendorElement.OuiOf(bytes);
        if (!_isAccessPoint || _isPreferred || oui is 0 or 0x0050F2 or 0x00037F or 0x001018 or 0x8CFDF0 or 0x506F9A)
        {
            return;
        }
        Oui = oui;
        // Cisco Aironet, Ubiquiti, Aruba.
        _isPreferred = oui is VendorElement.Cisco or 0x00156D or AccessPointName.Aruba;
    }
}
