using System.Globalization;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Presence;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Who was where: devices by time and source, visits, counts, and what is different between two times.</summary>
internal static class PresenceEndpoints
{
    // What one answer may hold in memory, some hundred megabytes.
    private const int MostEntries = 2_000_000;
    private const long MostBytes = 400L * 1024 * 1024;
    private const uint MostSeconds = 366 * Day;
    private const uint Day = 86_400;
    private const uint Hour = 3_600;

    // A phone may be silent for some minutes.
    private const uint Gap = 600;

    public static void MapPresence(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords("/presence/by-key/{key}/slots", r => SlotsAsync(r, backend))
            .GivesWindow(PresenceTables.Slots, "When and by which sources a device was seen: an entry for each five minutes of capture time and source, oldest first")
            .TakesConditions()
            .TakesRange()
            .TakesSource();
        routes.MapRecords("/presence/by-key/{key}/visits", r => VisitsAsync(r, backend, OfPath(r)))
            .GivesWindow(PresenceTables.Visits, "Dwell times of a device: times without a longer gap in which it was seen, oldest first")
            .TakesConditions()
            .TakesRange()
            .TakesSource()
            .TakesGap();
        routes.MapRecords("/presence/visits", r => VisitsAsync(r, backend, null))
            .GivesWindow(PresenceTables.Visits, "Dwell times of all devices, oldest first")
            .TakesConditions()
            .TakesRange()
            .TakesSource()
            .TakesGap();
        routes.MapRecords("/presence/devices", r => DevicesAsync(r, backend))
            .GivesWindow(PresenceTables.Devices, "Devices that were seen in a time, by a source or by any")
            .TakesConditions()
            .TakesRange()
            .TakesSource()
            .TakesGap();
        routes.MapRecords("/presence/counts", r => CountsAsync(r, backend))
            .GivesWindow(PresenceTables.Counts, "How many devices were seen over time, oldest first")
            .TakesConditions()
            .TakesRange()
            .TakesSource()
            .Takes("step", ValueForm.Integer, "seconds of each count, a multiple of 300; 3600 without");
        routes.MapRecords("/presence/changes", r => ChangesAsync(r, backend))
            .GivesWindow(PresenceTables.Changes, "What is different between two times: devices that appeared, are gone or changed")
            .TakesConditions()
            .TakesRange()
            .Takes("before_from", ValueForm.Text, "the earlier time begins at this unix time; without, as long before from as until is after it")
            .Takes("before_until", ValueForm.Text, "and ends before this one; without, at from")
            .TakesSource();
    }

    private static IEndpointConventionBuilder TakesRange(this IEndpointConventionBuilder route) => route
        .Takes("from", ValueForm.Text, "from this unix time on, in whole five minutes; negative: that many seconds ago; a day ago without")
        .Takes("until", ValueForm.Text, "before this unix time; now without");

    private static IEndpointConventionBuilder TakesSource(this IEndpointConventionBuilder route) =>
        PresencePlaces.Takes(route.Takes("source", ValueForm.Text, "UUID of a source: only what it saw"));

    private static IEndpointConventionBuilder TakesGap(this IEndpointConventionBuilder route) =>
        route.Takes("gap", ValueForm.Integer, "seconds without the device that do not end a visit; 600 without");

    private static async Task SlotsAsync(RecordRequest request, IBackend backend)
    {
        Func<IReadOnlyList<PresenceSlot>, Task> answer = RecordWindows.Of(request, PresenceTables.Slots);
        PresenceQuery query = QueryOf(request.Command, backend, OfPath(request));
        PresencePlaces places = await PresencePlaces.OfAsync(request, backend);
        List<PresenceEntry> entries = await EntriesAsync(query, places, request);
        await answer([.. entries.OrderBy(static entry => entry.Slot).ThenBy(static entry => entry.Source).Select(entry => new PresenceSlot(
            new(entry.Device), PresenceTally.Second(entry.Slot), places.Describe(entry.Source), entry.Packets, entry.Signal))]);
    }

    private static async Task VisitsAsync(RecordRequest request, IBackend backend, DeviceId? device)
    {
        Func<IReadOnlyList<PresenceVisit>, Task> answer = RecordWindows.Of(request, PresenceTables.Visits);
        uint gap = GapOf(request.Command);
        PresencePlaces places = await PresencePlaces.OfAsync(request, backend);
        List<PresenceEntry> entries = await EntriesAsync(QueryOf(request.Command, backend, device), places, request);
        List<PresenceVisit> visits = [];
        for (int from = 0, to; from < entries.Count; from = to)
        {
            (ulong one, uint first, uint last) = (entries[from].Device, entries[from].Slot, entries[from].Slot);
            for (to = from + 1; to < entries.Count && entries[to].Device == one && PresenceTally.IsVisit(last, entries[to].Slot, gap); to++)
            {
                last = entries[to].Slot;
            }
            PresenceTally tally = new(first, last);
            for (int i = from; i < to; i++)
            {
                tally.Add(entries[i]);
            }
            PresenceDevice seen = tally.Of(new(one), PresenceSubjects.Unknown(new(one)), gap, places.Describe);
            visits.Add(new(seen.Device, seen.First, seen.Last, seen.Seen, seen.Packets, seen.Signal, seen.Sources));
        }
        await answer([.. visits.OrderBy(static visit => visit.First).ThenBy(static visit => visit.Device.Value)]);
    }

    private static async Task DevicesAsync(RecordRequest request, IBackend backend)
    {
        Func<IReadOnlyList<PresenceDevice>, Task> answer = RecordWindows.Of(request, PresenceTables.Devices);
        uint gap = GapOf(request.Command);
        PresencePlaces places = await PresencePlaces.OfAsync(request, backend);
        PresenceTally tally = await TallyAsync(QueryOf(request.Command, backend, null), places, request);
        DeviceId[] devices = [.. tally.Devices];
        Dictionary<DeviceId, PresenceSubject> subjects = await PresenceSubjects.OfAsync(backend, devices, tally, request.Http.RequestAborted);
        await answer([.. devices.Select(device => tally.Of(device, subjects[device], gap, places.Describe))
            .OrderBy(static seen => seen.First).ThenBy(static seen => seen.Device.Value)]);
    }

    private static async Task CountsAsync(RecordRequest request, IBackend backend)
    {
        Func<IReadOnlyList<PresenceCount>, Task> answer = RecordWindows.Of(request, PresenceTables.Counts);
        uint step = Whole(request.Command, "step", Hour);
        if (step is 0 or > MostSeconds || step % PresenceEntry.SlotSeconds != 0)
        {
            throw new CommandException($"step: expected a multiple of {PresenceEntry.SlotSeconds}, got {step}");
        }
        uint slots = step / PresenceEntry.SlotSeconds;
        PresenceQuery asked = QueryOf(request.Command, backend, null);
        // Whole steps, so that those of two answers are the same; the last one goes to where it ends.
        PresenceQuery query = asked with { First = asked.First / slots * slots, Last = (asked.Last / slots * slots) + slots - 1 };
        ulong[] packets = new ulong[((query.Last - query.First) / slots) + 1];
        PresenceTally tally = new(query.First, query.Last);
        PresencePlaces places = await PresencePlaces.OfAsync(request, backend);
        await places.ReadAsync(query, entry =>
        {
            Add(tally, entry);
            packets[(entry.Slot - query.First) / slots] += entry.Packets;
        }, request.Http.RequestAborted);
        await answer([.. tally.CountBy(slots).Select((count, i) => new PresenceCount(
            PresenceTally.Second(query.First + ((uint)i * slots)), step, count.Devices, count.Randomised, packets[i]))]);
    }

    private static async Task ChangesAsync(RecordRequest request, IBackend backend)
    {
        Func<IReadOnlyList<PresenceChange>, Task> answer = RecordWindows.Of(request, PresenceTables.Changes);
        Command command = request.Command;
        PresenceQuery later = QueryOf(command, backend, null);
        uint length = later.Last - later.First + 1;
        uint end = TimeOf(command, "before_until", backend) is { } until ? LastOf(until) : later.First - 1;
        PresenceQuery earlier = later with
        {
            First = TimeOf(command, "before_from", backend) is { } from ? from / PresenceEntry.SlotSeconds : end - Math.Min(end, length - 1),
            Last = end,
        };
        Check(earlier, "before_from");
        if (earlier.Last >= later.First)
        {
            throw new CommandException("before_until: is after from; in whole five minutes the two times must not overlap");
        }
        PresencePlaces places = await PresencePlaces.OfAsync(request, backend);
        PresenceTally before = await TallyAsync(earlier, places, request);
        PresenceTally after = await TallyAsync(later, places, request);
        await answer(await PresenceDifference.OfAsync(backend, before, after, later, places.Describe, request.Http.RequestAborted));
    }

    private static async Task<PresenceTally> TallyAsync(PresenceQuery query, PresencePlaces places, RecordRequest request)
    {
        PresenceTally tally = new(query.First, query.Last);
        await places.ReadAsync(query, entry => Add(tally, entry), request.Http.RequestAborted);
        return tally;
    }

    private static void Add(PresenceTally tally, PresenceEntry entry)
    {
        tally.Add(entry);
        if (tally.Bytes > MostBytes)
        {
            throw new CommandException($"more than {tally.Count} devices were seen in that time: ask for a shorter one, or for a source or place");
        }
    }

    // In order of device, slot and source, each once.
    private static async Task<List<PresenceEntry>> EntriesAsync(PresenceQuery query, PresencePlaces places, RecordRequest request)
    {
        List<PresenceEntry> entries = [];
        await places.ReadAsync(query, entry =>
        {
            entries.Add(entry);
            if (entries.Count > MostEntries)
            {
                throw new CommandException($"there are more than {MostEntries} entries of that time: ask for a shorter one");
            }
        }, request.Http.RequestAborted);
        PresenceBlock.Merge(entries);
        return entries;
    }

    private static DeviceId OfPath(RecordRequest request) =>
        DeviceKey.TryParse(request.Route("key"), out DeviceId device, out bool known) && known ? device : throw new CommandException("key: is no key of a device");

    private static PresenceQuery QueryOf(Command command, IBackend backend, DeviceId? device)
    {
        uint now = (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds();
        PresenceQuery query = new(
            (TimeOf(command, "from", backend) ?? now - Day) / PresenceEntry.SlotSeconds,
            TimeOf(command, "until", backend) is { } until ? LastOf(until) : now / PresenceEntry.SlotSeconds,
            device?.Value,
            command.Text("source") switch
            {
                null or "" => null,
                { } text when Guid.TryParse(text, out Guid uuid) => uuid,
                { } text => throw new CommandException($"source: '{text[..Math.Min(text.Length, 64)]}' is no UUID"),
            });
        Check(query, "from");
        return query;
    }

    private static void Check(PresenceQuery query, string name)
    {
        if (query.First > query.Last)
        {
            throw new CommandException($"{name}: the time ends before it begins");
        }
        if ((query.Last - query.First) * (ulong)PresenceEntry.SlotSeconds > MostSeconds)
        {
            throw new CommandException($"{name}: the time is longer than {MostSeconds / Day} days");
        }
    }

    private static uint LastOf(uint until) => (until - Math.Min(until, 1)) / PresenceEntry.SlotSeconds;

    private static uint? TimeOf(Command command, string key, IBackend backend) =>
        command[key] is { ValueKind: System.Text.Json.JsonValueKind.Number } number && number.TryGetDouble(out double given) ? Times.Absolute(given, backend)
        : command.Text(key) switch
        {
            null or "" => null,
            { } text when Times.TryParse(text, out double time) => Times.Absolute(time, backend),
            { } text => throw new CommandException($"{key}: '{text[..Math.Min(text.Length, 32)]}' is no time"),
        };

    private static uint GapOf(Command command) => Whole(command, "gap", Gap);

    private static uint Whole(Command command, string key, uint otherwise) => command.Real(key) switch
    {
        null => otherwise,
        >= 0 and <= MostSeconds and { } number when Math.Floor(number) == number => (uint)number,
        { } number => throw new CommandException(string.Create(CultureInfo.InvariantCulture, $"{key}: expected whole seconds up to {MostSeconds}, got {number}")),
    };
}
