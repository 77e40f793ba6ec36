// Bluetooth Core Specification 5.4, volume 3, part C, section 11: format of advertising, scan response and extended inquiry response data.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Bluetooth;

/// <summary>Data types (Assigned Numbers, 2.3) that are read here.</summary>
public enum AdvertisingType : byte
{
    /// <summary>Flags.</summary>
    Flags = 0x01,

    /// <summary>16-bit service UUIDs, not all.</summary>
    SomeServices16 = 0x02,

    /// <summary>16-bit service UUIDs.</summary>
    Services16 = 0x03,

    /// <summary>32-bit service UUIDs, not all.</summary>
    SomeServices32 = 0x04,

    /// <summary>32-bit service UUIDs.</summary>
    Services32 = 0x05,

    /// <summary>128-bit service UUIDs, not all.</summary>
    SomeServices128 = 0x06,

    /// <summary>128-bit service UUIDs.</summary>
    Services128 = 0x07,

    /// <summary>Beginning of the name.</summary>
    ShortName = 0x08,

    /// <summary>Name.</summary>
    Name = 0x09,

    /// <summary>Transmit power.</summary>
    TxPower = 0x0A,

    /// <summary>Class of device.</summary>
    ClassOfDevice = 0x0D,

    /// <summary>16-bit UUIDs of services that it looks for.</summary>
    Solicitation16 = 0x14,

    /// <summary>128-bit UUIDs of services that it looks for.</summary>
    Solicitation128 = 0x15,

    /// <summary>16-bit service UUID and data.</summary>
    ServiceData16 = 0x16,

    /// <summary>32-bit UUIDs of services that it looks for.</summary>
    Solicitation32 = 0x1F,

    /// <summary>32-bit service UUID and data.</summary>
    ServiceData32 = 0x20,

    /// <summary>128-bit service UUID and data.</summary>
    ServiceData128 = 0x21,

    /// <summary>Company identifier and data.</summary>
    Manufacturer = 0xFF,
}

/// <summary>Goes through the elements of advertising data, those that run past the end left out.</summary>
public ref struct AdvertisingElements(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>The current element's type.</summary>
    public AdvertisingType Type { get; private set; }

    /// <summary>The current element's value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>This, for <c>foreach</c>.</summary>
    public readonly AdvertisingElements GetEnumerator() => this;

    /// <summary>The current element: itself.</summary>
    public readonly AdvertisingElements Current => this;

    /// <summary>Bytes of a UUID of this element's type; 0 where it has none.</summary>
    public readonly int UuidLength => Type switch
    {
        AdvertisingType.SomeServices16 or AdvertisingType.Services16 or AdvertisingType.Solicitation16 or AdvertisingType.ServiceData16 => 2,
        AdvertisingType.SomeServices32 or AdvertisingType.Services32 or AdvertisingType.Solicitation32 or AdvertisingType.ServiceData32 => 4,
        AdvertisingType.SomeServices128 or AdvertisingType.Services128 or AdvertisingType.Solicitation128 or AdvertisingType.ServiceData128 => 16,
        _ => 0,
    };

    /// <summary>Whether it names services that the device has.</summary>
    public readonly bool IsServices => Type is >= AdvertisingType.SomeServices16 and <= AdvertisingType.Services128;

    /// <summary>Whether it names services that the device looks for.</summary>
    public readonly bool IsSolicitation => Type is AdvertisingType.Solicitation16 or AdvertisingType.Solicitation32 or AdvertisingType.Solicitation128;

    /// <summary>Whether it has data of a service.</summary>
    public readonly bool IsServiceData => Type is AdvertisingType.ServiceData16 or AdvertisingType.ServiceData32 or AdvertisingType.ServiceData128;

    /// <summary>Goes on.</summary>
    public bool MoveNext()
    {
        // A length of 0 begins the padding.
        if (_rest.IsEmpty || _rest[0] == 0 || _rest.Length < 1 + _rest[0])
        {
            return false;
        }
        int length = _rest[0];
        Type = (AdvertisingType)_rest[1];
        Value = _rest[2..(1 + length)];
        _rest = _rest[(1 + length)..];
        return true;
    }

    /// <summary>A UUID in full: shorter ones are the first 32 bits over the Bluetooth base (volume 3, part B, 2.5.1).</summary>
    /// <param name="bytes">2, 4 or 16 bytes, least significant first.</param>
    public static UInt128 ReadUuid(ReadOnlySpan<byte> bytes)
    {
        UInt128 @base = new(0x0000_0000_0000_1000, 0x8000_0080_5F9B_34FB);
        return bytes.Length switch
        {
            2 => @base | (UInt128)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 96,
            4 => @base | (UInt128)BinaryPrimitives.ReadUInt32LittleEndian(bytes) << 96,
            _ => BinaryPrimitives.ReadUInt128LittleEndian(bytes),
        };
    }
}
