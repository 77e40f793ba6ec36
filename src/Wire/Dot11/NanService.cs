// Wi-Fi Aware Specification 4.0, clause 9: NAN Service Discovery frames; ASTM F3411-22a, 5.4.9.3: Open Drone ID as their service.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Finds Open Drone ID in action frames of Wi-Fi Aware (NAN).</summary>
public static class NanService
{
    /// <summary>Public action, vendor specific (IEEE Std 802.11-2020, 9.6.7.1).</summary>
    private const byte CategoryPublic = 4, ActionVendor = 9;

    /// <summary>Type of NAN Service Discovery frames under the Wi-Fi Alliance's OUI (table 31).</summary>
    private const byte TypeServiceDiscovery = 0x13;

    /// <summary>Category, action, OUI, type.</summary>
    private const int HeadLength = 6;

    /// <summary>Identifier and length of an attribute (clause 9.5.1).</summary>
    private const int AttributeHead = 3;

    private const byte AttributeServiceDescriptor = 3;

    /// <summary>Service ID, instance ID, requestor's instance ID, service control (table 42).</summary>
    private const int DescriptorHead = 9;

    /// <summary>First six bytes of SHA-256 of "org.opendroneid.remoteid", in the order sent.</summary>
    private const ulong RemoteId = 0x8869_199D_9209;

    /// <summary>Bits of service control: which of the fields follow (table 43).</summary>
    private const byte HasMatchingFilter = 0x04, HasResponseFilter = 0x08, HasServiceInfo = 0x10, HasBindingBitmap = 0x40;

    private const int BindingBitmapLength = 2;

    /// <summary>Looks for the service.</summary>
    /// <param name="body">The frame's body, category first.</param>
    /// <param name="message">Message counter and messages, within <paramref name="body"/>.</param>
    /// <returns><see cref="ParseStatus.Unsupported"/> for frames without it; <see cref="ParseStatus.Malformed"/> where it or an attribute before it runs past the end.</returns>
    public static ParseStatus TryFindOpenDroneId(ReadOnlySpan<byte> body, out Slice message)
    {
        message = default;
        if (body.Length < HeadLength || body[0] != CategoryPublic || body[1] != ActionVendor
            || VendorElement.OuiOf(body[2..]) != VendorElement.WifiAlliance || body[5] != TypeServiceDiscovery)
        {
            return ParseStatus.Unsupported;
        }
        int at = HeadLength;
        while (at + AttributeHead <= body.Length)
        {
            int start = at + AttributeHead;
            int end = start + BinaryPrimitives.ReadUInt16LittleEndian(body[(at + 1)..]);
            if (end > body.Length)
            {
                return ParseStatus.Malformed;
            }
            if (body[at] == AttributeServiceDescriptor && end - start >= DescriptorHead && IsRemoteId(body[start..]))
            {
                return ReadDescriptor(body[..end], start, out message);
            }
            at = end;
        }
        return ParseStatus.Unsupported;
    }

    private static bool IsRemoteId(ReadOnlySpan<byte> descriptor) => MacAddress.Read(descriptor).Value == RemoteId;

    private static ParseStatus ReadDescriptor(ReadOnlySpan<byte> body, int start, out Slice message)
    {
        message = default;
        byte control = body[start + DescriptorHead - 1];
        if ((control & HasServiceInfo) == 0)
        {
            // A subscriber asks, or a publisher sends its information later.
            return ParseStatus.Unsupported;
        }
        int at = start + DescriptorHead + ((control & HasBindingBitmap) != 0 ? BindingBitmapLength : 0);
        for (int filters = ((control & HasMatchingFilter) >> 2) + ((control & HasResponseFilter) >> 3); filters > 0; filters--)
        {
            if (at >= body.Length)
            {
                return ParseStatus.Malformed;
            }
            at += 1 + body[at];
        }
        if (at >= body.Length || at + 1 + body[at] > body.Length)
        {
            return ParseStatus.Malformed;
        }
        message = new((ushort)(at + 1), body[at]);
        return ParseStatus.Ok;
    }
}
