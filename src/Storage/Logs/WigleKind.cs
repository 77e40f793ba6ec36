using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Storage.Logs;

/// <summary>Logs of the kind <c>wiglecsv</c>: asks once a second for the devices whose rows wait.</summary>
internal sealed class WigleKind(IBackend backend, LogOptions options) : ILogKind
{
    // Packets come here before their devices come to be; a device that is not there after so many seconds was never tracked.
    private const int MaxAsked = 5;

    public ILogFile Begin(FileStream file) => new WigleFile(file, backend.Status.Version, options);

    public bool Step(ILogFile file, bool idle)
    {
        WriteRows((WigleFile)file);
        return false;
    }

    public string? Finish(ILogFile file, bool last, TimeSpan time)
    {
        WriteRows((WigleFile)file);
        return null;
    }

    public void Forget(string? path)
    {
    }

    private void WriteRows(WigleFile file)
    {
        if (file.Waiting.Count == 0)
        {
            return;
        }
        Dictionary<DeviceId, WigleDevice> known = AskAsync([.. file.Waiting.Select(static row => row.Device).Distinct()]).GetAwaiter().GetResult();
        WigleRow[] rows = [.. file.Waiting];
        file.Waiting.Clear();
        foreach (WigleRow row in rows)
        {
            if (known.TryGetValue(row.Device, out WigleDevice? device))
            {
                file.Write(row, device);
            }
            else if (row.Asked < MaxAsked)
            {
                file.Waiting.Add(row with { Asked = row.Asked + 1 });
            }
        }
    }

    private async Task<Dictionary<DeviceId, WigleDevice>> AskAsync(DeviceId[] devices)
    {
        Dictionary<DeviceId, WigleDevice> known = [];
        foreach (IGrouping<int, DeviceId> group in devices.GroupBy(device => Partitioning.Of(device, backend.Partitions.Count)))
        {
            DeviceId[] asked = [.. group];
            using DeviceChunk chunk = await backend.Partitions[group.Key].WriteAsync(asked, WigleDevice.Shape);
            int from = 0;
            for (int i = 0; i < asked.Length; i++)
            {
                int to = chunk.Ends![i];
                if (to > from)
                {
                    known[asked[i]] = WigleDevice.Read(asked[i], chunk.Body.Written[from..to]);
                }
                from = to;
            }
        }
        return known;
    }
}
