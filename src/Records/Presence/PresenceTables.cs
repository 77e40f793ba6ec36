using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using ChangeField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Presence.PresenceChange>;
using CountField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Presence.PresenceCount>;
using DeviceField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Presence.PresenceDevice>;
using GuessField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Presence.PresenceGuess>;
using SlotField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Presence.PresenceSlot>;
using SourceField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Presence.PresenceSource>;
using VisitField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Presence.PresenceVisit>;

namespace KismetOrleans.Records.Presence;

/// <summary>Fields of who was where (<c>kismet.presence.*</c>).</summary>
public static class PresenceTables
{
    private const string KeyText = "key of the device";
    private const string MacText = "its address";
    private const string RandomText = "whether the address is made up, as phones do: one device may have many";
    private const string SignalText = "the strongest of their signals in dBm, 0 where none was reported";
    private const string PacketsText = "packets that it sent itself";
    private const string SourcesText = "sources that saw it, which saw it longest first";
    private const string FirstText = "unix second at which the first five minutes begin in which it was seen";
    private const string LastText = "unix second at which the last ones end";
    private const string DwellText = "seconds between the two";
    private const string SeenText = "seconds of the five minutes in which it was seen";
    private const string PhyText = "radio technology";
    private const string NameText = "name to show; the address where the device is not known any more";
    private const string TypeText = "kind of device in words";
    private const string ManufText = "maker by the first half of the address";
    private const string KnownText = "whether the server has a record of the device still";
    private const string GuessesText = "devices that may be the same hardware; a guess, and never counted as one";
    private const string TimeText = "unix second at which the time begins";
    private const string UuidText = "UUID of the source, zero where it is not known any more";
    private const string BuildingText = "building in which the source stands now; not there where it stands in none, or moves";
    private const string FloorText = "floor on which it stands; not there where that is not known";
    private const string ZonesText = "zones in which it stands";
    private const string SourceNameText = "its name, empty where it is not known any more";

    /// <summary>A source's share.</summary>
    public static readonly RecordTable<PresenceSource> Sources = new("presence_source",
    [
        SourceField.Uuid("kismet.presence.source.uuid", UuidText, static s => s.Uuid),
        SourceField.Text("kismet.presence.source.name", SourceNameText, static s => s.Name),
        SourceField.Text("kismet.presence.source.building", BuildingText, static s => s.Building.Length > 0 ? s.Building : null),
        SourceField.Int32("kismet.presence.source.floor", FloorText, static s => s.Floor!.Value, static s => s.Floor is not null),
        SourceField.Texts("kismet.presence.source.zones", ZonesText, static s => s.Zones.Count > 0 ? s.Zones : null),
        SourceField.UInt64("kismet.presence.source.seen", "seconds of the five minutes in which it saw the device", static s => s.Seen),
        SourceField.UInt64("kismet.presence.source.packets", PacketsText, static s => s.Packets),
        SourceField.Int32("kismet.presence.source.signal", SignalText, static s => s.Signal),
    ]);

    public static readonly RecordTable<PresenceGuess> Guesses = new("presence_guess",
    [
        GuessField.Key("kismet.presence.guess.key", "key of a device that may be the same hardware", static g => g.Device),
        GuessField.Mac("kismet.presence.guess.macaddr", MacText, static g => g.Device.Address),
        GuessField.Text("kismet.presence.guess.reason", "why", static g => g.Reason),
        GuessField.Flag("kismet.presence.guess.present", "whether it was seen in the time asked for", static g => g.IsPresent),
    ]);

    /// <summary>Five minutes of a device and a source.</summary>
    public static readonly RecordTable<PresenceSlot> Slots = new("presence_slot",
    [
        SlotField.Key("kismet.presence.key", KeyText, static s => s.Device),
        SlotField.Mac("kismet.presence.macaddr", MacText, static s => s.Device.Address),
        SlotField.UInt64("kismet.presence.time", TimeText, static s => s.Time),
        SlotField.Uuid("kismet.presence.source.uuid", UuidText, static s => s.Source.Uuid),
        SlotField.Text("kismet.presence.source.name", SourceNameText, static s => s.Source.Name),
        SlotField.Text("kismet.presence.source.building", BuildingText, static s => s.Source.Building.Length > 0 ? s.Source.Building : null),
        SlotField.Int32("kismet.presence.source.floor", FloorText, static s => s.Source.Floor!.Value, static s => s.Source.Floor is not null),
        SlotField.Texts("kismet.presence.source.zones", ZonesText, static s => s.Source.Zones.Count > 0 ? s.Source.Zones : null),
        SlotField.UInt64("kismet.presence.packets", PacketsText, static s => s.Packets),
        SlotField.Int32("kismet.presence.signal", SignalText, static s => s.Signal),
    ]);

    public static readonly RecordTable<PresenceVisit> Visits = new("presence_visit",
    [
        VisitField.Key("kismet.presence.key", KeyText, static v => v.Device),
        VisitField.Mac("kismet.presence.macaddr", MacText, static v => v.Device.Address),
        VisitField.Flag("kismet.presence.randomised", RandomText, static v => IsRandomised(v.Device)),
        VisitField.UInt64("kismet.presence.first_time", FirstText, static v => v.First),
        VisitField.UInt64("kismet.presence.last_time", LastText, static v => v.Last),
        VisitField.UInt64("kismet.presence.dwell", DwellText, static v => v.Last - v.First),
        VisitField.UInt64("kismet.presence.seen", SeenText, static v => v.Seen),
        VisitField.UInt64("kismet.presence.packets", PacketsText, static v => v.Packets),
        VisitField.Int32("kismet.presence.signal", SignalText, static v => v.Signal),
        VisitField.List("kismet.presence.sources", SourcesText, static v => v.Sources, Sources),
    ]);

    public static readonly RecordTable<PresenceDevice> Devices = new("presence_device",
    [
        DeviceField.Key("kismet.presence.key", KeyText, static d => d.Device),
        DeviceField.Mac("kismet.presence.macaddr", MacText, static d => d.Device.Address),
        DeviceField.Text("kismet.presence.phyname", PhyText, static d => d.Device.Phy.Name),
        DeviceField.Text("kismet.presence.name", NameText, static d => d.Subject.Name),
        DeviceField.Text("kismet.presence.type", TypeText, static d => d.Subject.Type),
        DeviceField.Text("kismet.presence.manuf", ManufText, static d => d.Subject.Manufacturer),
        DeviceField.Flag("kismet.presence.known", KnownText, static d => d.Subject.IsKnown),
        DeviceField.Flag("kismet.presence.randomised", RandomText, static d => IsRandomised(d.Device)),
        DeviceField.UInt64("kismet.presence.first_time", FirstText, static d => d.First),
        DeviceField.UInt64("kismet.presence.last_time", LastText, static d => d.Last),
        DeviceField.UInt64("kismet.presence.dwell", DwellText, static d => d.Last - d.First),
        DeviceField.UInt64("kismet.presence.seen", SeenText, static d => d.Seen),
        DeviceField.UInt64("kismet.presence.visits", "times without a longer gap", static d => d.Visits),
        DeviceField.UInt64("kismet.presence.packets", PacketsText, static d => d.Packets),
        DeviceField.Int32("kismet.presence.signal", SignalText, static d => d.Signal),
        DeviceField.List("kismet.presence.sources", SourcesText, static d => d.Sources, Sources),
        DeviceField.List("kismet.presence.guesses", GuessesText, static d => d.Subject.Guesses, Guesses),
    ]);

    public static readonly RecordTable<PresenceCount> Counts = new("presence_count",
    [
        CountField.UInt64("kismet.presence.time", TimeText, static c => c.Time),
        CountField.UInt64("kismet.presence.seconds", "how long it is", static c => c.Seconds),
        CountField.UInt64("kismet.presence.devices", "devices that were seen", static c => c.Devices),
        CountField.UInt64("kismet.presence.randomised_devices", "those of them whose addresses are made up", static c => c.Randomised),
        CountField.UInt64("kismet.presence.packets", PacketsText, static c => c.Packets),
    ]);

    public static readonly RecordTable<PresenceChange> Changes = new("presence_change",
    [
        ChangeField.Key("kismet.presence.key", KeyText, static c => c.Device),
        ChangeField.Mac("kismet.presence.macaddr", MacText, static c => c.Device.Address),
        ChangeField.Text("kismet.presence.phyname", PhyText, static c => c.Device.Phy.Name),
        ChangeField.Text("kismet.presence.name", NameText, static c => c.Subject.Name),
        ChangeField.Text("kismet.presence.type", TypeText, static c => c.Subject.Type),
        ChangeField.Text("kismet.presence.manuf", ManufText, static c => c.Subject.Manufacturer),
        ChangeField.Flag("kismet.presence.known", KnownText, static c => c.Subject.IsKnown),
        ChangeField.Flag("kismet.presence.randomised", RandomText, static c => IsRandomised(c.Device)),
        ChangeField.Text("kismet.presence.change", "appeared, gone or changed", static c => c.Kind),
        ChangeField.Texts("kismet.presence.changes", "what changed, in words", static c => c.Changes),
        ChangeField.UInt64("kismet.presence.first_time", FirstText, static c => c.First),
        ChangeField.UInt64("kismet.presence.last_time", LastText, static c => c.Last),
        ChangeField.List("kismet.presence.sources", SourcesText, static c => c.Sources, Sources),
        ChangeField.List("kismet.presence.guesses", GuessesText, static c => c.Subject.Guesses, Guesses),
    ]);

    public static readonly IRecordTable[] All = [Slots, Visits, Devices, Counts, Changes, Sources, Guesses];

    /// <summary>Whether a Wi-Fi device has a locally administered address (IEEE 802, 8.4), as those are that phones make up.</summary>
    public static bool IsRandomised(DeviceId device) => device.Phy == Phy.Dot11 && device.Address.IsLocal;
}
