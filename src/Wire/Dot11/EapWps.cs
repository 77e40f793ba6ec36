// Wi-Fi Alliance, "Wi-Fi Simple Configuration Technical Specification" 2.0.8, clause 7.7: EAP-WSC; clause 12: message type attribute.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Recognises the WPS message by which PIN guesses are counted.</summary>
public static class EapWps
{
    /// <summary>Vendor 00:37:2A, vendor type 1 (SimpleConfig).</summary>
    private const ulong SimpleConfig = 0x00372A_00000001;

    /// <summary>Vendor (3), vendor type (4), operation (1), flags (1).</summary>
    private const int HeaderLength = 9;

    /// <summary>Operation WSC_MSG.</summary>
    private const byte OperationMessage = 4;

    /// <summary>Flag: a message length of two bytes follows.</summary>
    private const byte FlagLength = 0x02;

    private const ushort MessageType = 0x1022;
    private const byte MessageM3 = 0x07;

    /// <summary>Whether <paramref name="frame"/> carries M3, which a registrar's guess of the PIN is answered with.</summary>
    public static bool IsM3(ReadOnlySpan<byte> frame, in Dot11Frame f)
    {
        if (EapPacket.TryParse(frame, in f, out EapPacket eap) == ParseStatus.Unsupported || eap.Type != EapPacket.TypeExpanded)
        {
            return false;
        }
        ReadOnlySpan<byte> data = eap.Data.Of(frame);
        if (data.Length < HeaderLength || BinaryPrimitives.ReadUInt64BigEndian(data) >> 8 != SimpleConfig || data[7] != OperationMessage)
        {
            return false;
        }
        int skip = HeaderLength + ((data[8] & FlagLength) != 0 ? 2 : 0);
        data = data.Length < skip ? default : data[skip..];
        while (data.Length > Wps.AttributeHeaderLength)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(data) == MessageType)
            {
                return length == 1 && data[Wps.AttributeHeaderLength] == MessageM3;
            }
            if (Wps.AttributeHeaderLength + length > data.Length)
            {
                return false;
            }
            data = data[(Wps.AttributeHeaderLength + length)..];
        }
        return false;
    }
}
