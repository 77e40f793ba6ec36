using KismetOrleans.Records.Fields;

namespace KismetOrleans.Engine.Presence;

/// <summary>
/// Who was in a place. A device was there in five minutes in which a sensor of the place heard it at least as strongly as all sensors that stand elsewhere did; then all that the place's sensors
/// saw of it counts. Sensors that stand nowhere say nothing about places.
/// </summary>
/// <param name="isThere">Whether a source stands in the place; null where it stands nowhere.</param>
public sealed class PresenceByPlace(PresenceReader reader, Func<Guid, bool?> isThere)
{
    // A day at a time: what is compared is in memory, two bytes a device and five minutes.
    private const uint AtATime = 86_400 / PresenceEntry.SlotSeconds;

    // As many as one answer may hold.
    private const int MostEntries = 2_000_000;
    private const long MostBytes = 400L * 1024 * 1024;

    // An array and its entry in a dictionary.
    private const int DeviceBytes = 80;

    // It was heard, how strongly nobody said.
    private const sbyte NoSignal = sbyte.MinValue;
    private readonly Dictionary<Guid, bool?> _there = [];

    /// <inheritdoc cref="PresenceReader.ReadAsync"/>
    /// <exception cref="CommandException">A day of it does not fit into memory.</exception>
    public async Task ReadAsync(PresenceQuery query, Action<PresenceEntry> take, CancellationToken cancellation)
    {
        for (ulong first = query.First; first <= query.Last; first += AtATime)
        {
            // Also of other sources: they may have heard it better.
            PresenceQuery piece = query with { First = (uint)first, Last = (uint)Math.Min(first + AtATime - 1, query.Last), Source = null };
            Dictionary<ulong, sbyte[]> heard = [];
            List<PresenceEntry> there = [];
            await reader.ReadAsync(piece, entry => Add(entry, piece, heard, there), cancellation);
            foreach (PresenceEntry entry in there)
            {
                int at = (int)(entry.Slot - piece.First) * 2;
                sbyte[] levels = heard[entry.Device];
                if (levels[at] >= levels[at + 1] || levels[at + 1] == 0)
                {
                    if (query.Source is null || query.Source == entry.Source)
                    {
                        take(entry);
                    }
                }
            }
        }
    }

    private void Add(PresenceEntry entry, PresenceQuery piece, Dictionary<ulong, sbyte[]> heard, List<PresenceEntry> there)
    {
        if (!_there.TryGetValue(entry.Source, out bool? isIn))
        {
            _there.Add(entry.Source, isIn = isThere(entry.Source));
        }
        if (isIn is not { } known)
        {
            return;
        }
        if (!heard.TryGetValue(entry.Device, out sbyte[]? levels))
        {
            // In the place and elsewhere, of each five minutes; 0 is not at all.
            heard.Add(entry.Device, levels = new sbyte[(piece.Last - piece.First + 1) * 2]);
            if (heard.Count * (long)(levels.Length + DeviceBytes) > MostBytes)
            {
                throw new CommandException($"more than {heard.Count} devices were seen in a day of that time: ask for a shorter one");
            }
        }
        int at = ((int)(entry.Slot - piece.First) * 2) + (known ? 0 : 1);
        levels[at] = PresenceEntry.Louder(levels[at], entry.Signal == 0 ? NoSignal : entry.Signal);
        if (known)
        {
            there.Add(entry);
            if (there.Count > MostEntries)
            {
                throw new CommandException($"there are more than {MostEntries} entries of a day of that time: ask for a shorter one");
            }
        }
    }
}
