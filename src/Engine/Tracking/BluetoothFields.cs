using System.Buffers.Binary;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tracking;

/// <summary>What advertising, scan responses and extended inquiry responses say of their device. Nothing new costs no allocation.</summary>
internal static class BluetoothFields
{
    // As many as one device has, with room for those that rotate.
    private const int MaxServices = 64;
    private const int MaxCompanies = 16;

    /// <summary>Takes data into a device.</summary>
    /// <param name="content">What was read of them already.</param>
    /// <param name="isScanResponse">Whether they are a scan response's.</param>
    /// <param name="kind">1 classic, 2 low energy; see <see cref="BluetoothDevice.Kind"/>.</param>
    public static void Read(Device device, ReadOnlySpan<byte> packet, Slice data, in AdvertisingData content, bool isScanResponse, byte kind)
    {
        Name(device, content.Name.Of(packet), content.IsNameComplete);
        if (isScanResponse && !data.IsEmpty)
        {
            BluetoothDevice bluetooth = Of(device, kind);
            bluetooth.ScanData = Keep(bluetooth.ScanData, data.Of(packet));
        }
        if (content.HasTxPower)
        {
            Of(device, kind).TxPower = content.TxPower;
        }
        foreach (AdvertisingElements element in new AdvertisingElements(data.Of(packet)))
        {
            Read(device, element, kind);
        }
    }

    /// <summary>Takes a name into a device; the beginning of one that is known says nothing new.</summary>
    public static void Name(Device device, ReadOnlySpan<byte> name, bool isComplete)
    {
        // Some fill names up with NULs.
        int end = name.IndexOf((byte)0);
        name = end < 0 ? name : name[..end];
        if (name.IsEmpty || TextMatch.Equals(name, device.Name))
        {
            return;
        }
        string text = SsidText.Printable(name);
        if (isComplete || !device.Name.StartsWith(text, StringComparison.Ordinal))
        {
            device.Name = text;
        }
    }

    /// <summary>The device's Bluetooth record, made where there is none.</summary>
    public static BluetoothDevice Of(Device device, byte kind) => device.Bluetooth ??= new() { Kind = kind };

    private static void Read(Device device, in AdvertisingElements element, byte kind)
    {
        int length = element.UuidLength;
        if (element.IsServices || element.IsSolicitation)
        {
            ReadOnlySpan<byte> rest = element.Value;
            while (rest.Length >= length)
            {
                BluetoothDevice bluetooth = Of(device, kind);
                Add(element.IsServices ? bluetooth.ServiceUuids : bluetooth.SolicitationUuids, rest[..length]);
                rest = rest[length..];
            }
        }
        else if (element.IsServiceData && element.Value.Length >= length)
        {
            string uuid = BluetoothNames.OfUuid(AdvertisingElements.ReadUuid(element.Value[..length]));
            Keep(Of(device, kind).ServiceData, uuid, element.Value[length..], MaxServices);
        }
        else if (element is { Type: AdvertisingType.Manufacturer, Value.Length: >= 2 })
        {
            ushort company = BinaryPrimitives.ReadUInt16LittleEndian(element.Value);
            Keep(Of(device, kind).ManufacturerData ??= [], BluetoothNames.OfCompany(company), element.Value[2..], MaxCompanies);
            // A random address has no maker, and says so.
            if (device.Manufacturer is "Unknown" or "Randomized" && BluetoothCompanies.Find(company) is { } maker)
            {
                device.Manufacturer = maker;
            }
        }
        else if (element is { Type: AdvertisingType.ClassOfDevice, Value.Length: >= 3 })
        {
            Class(Of(device, kind), new((uint)(element.Value[0] | element.Value[1] << 8 | element.Value[2] << 16)));
        }
    }

    /// <summary>Takes a class of device into the record.</summary>
    public static void Class(BluetoothDevice bluetooth, ClassOfDevice reported)
    {
        bluetooth.MajorClass = reported.Major;
        bluetooth.MinorClass = reported.Minor;
    }

    private static void Add(List<string> list, ReadOnlySpan<byte> bytes)
    {
        string uuid = BluetoothNames.OfUuid(AdvertisingElements.ReadUuid(bytes));
        if (list.Count < MaxServices && !list.Contains(uuid))
        {
            list.Add(uuid);
        }
    }

    private static void Keep(SortedDictionary<string, byte[]> map, string key, ReadOnlySpan<byte> value, int most)
    {
        if (map.TryGetValue(key, out byte[]? old))
        {
            byte[] kept = Keep(old, value);
            if (kept != old)
            {
                map[key] = kept;
            }
        }
        else if (map.Count < most)
        {
            map[key] = value.ToArray();
        }
    }

    // Data that count or measure keep their length and change with every packet.
    private static byte[] Keep(byte[] old, ReadOnlySpan<byte> value)
    {
        if (old.Length != value.Length)
        {
            return value.ToArray();
        }
        value.CopyTo(old);
        return old;
    }
}
