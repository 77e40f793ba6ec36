using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Alerts;

/// <summary>Alerts of one kind, transmitter and network are one incident, whatever limits hold back.</summary>
public sealed class IncidentBookTests
{
    private static readonly MacAddress s_one = new(0x0011_2233_4401);
    private static readonly MacAddress s_two = new(0x0011_2233_4402);
    private static readonly AlertDefinition s_kind = new("DEAUTHFLOOD", "DENIAL", AlertSeverity.Medium, 0, new(1, RateUnit.Minute), new(1, RateUnit.Second), "");
    private readonly FakeClock _clock = new();
    private IncidentBook _book;

    public IncidentBookTests() => _book = New();

    [Fact]
    public void Alerts_that_lie_close_together_are_counted_and_others_begin_anew()
    {
        IncidentRecord first = Add(s_one, "one");
        _clock.Second += 3599;
        IncidentRecord again = Add(s_one, "two");
        Assert.Equal((first.Id, 2L, first.First, "two"), (again.Id, again.Count, again.First, again.Text));
        Assert.True(again.Last > first.Last);
        Assert.NotEqual(first.Id, Add(s_two, "another").Id);
        Assert.NotEqual(first.Id, Add(s_one, "of another kind", "APSPOOF").Id);
        _clock.Second += 3600;
        Assert.NotEqual(first.Id, Add(s_one, "later").Id);
        Assert.Equal(4, _book.TakeChanged().Count);
        Assert.Empty(_book.TakeChanged());
    }

    [Fact]
    public void What_a_limit_holds_back_is_counted_even_of_a_transmitter_that_was_never_told_of()
    {
        _ = Add(s_one, "one");
        IncidentRecord same = _book.AddHeldBack(Alert(s_one, "two"), s_kind);
        IncidentRecord other = _book.AddHeldBack(Alert(s_two, "three"), s_kind);
        Assert.Equal((1L, 1L), (same.Count, same.HeldBack));
        Assert.Equal((0L, 1L, s_two, "DENIAL", AlertSeverity.Medium), (other.Count, other.HeldBack, other.Transmitter, other.Class, other.Severity));
    }

    [Fact]
    public void Whoever_makes_up_addresses_fills_no_memory()
    {
        HashSet<long> ids = [];
        for (uint i = 0; i < 1_000; i++)
        {
            IncidentRecord incident = _book.AddHeldBack(Alert(new(0x0200_0000_0000UL + i), "made up"), s_kind);
            Assert.True(IncidentBook.IsOf(incident, Alert(new(0x0200_0000_0000UL + i), "")));
            _ = ids.Add(incident.Id);
        }
        Assert.Equal(IncidentBook.MaxOfKind + 1, ids.Count);
        IncidentRecord rest = _book.TakeChanged().Single(static incident => incident.Transmitter.IsZero);
        Assert.Equal(1_000 - IncidentBook.MaxOfKind, rest.HeldBack);
        _clock.Second += 7_200;
        _ = _book.TakeChanged();
        Assert.Equal(s_one, Add(s_one, "as before").Transmitter);
    }

    [Fact]
    public void What_is_resolved_takes_no_more_and_what_is_acknowledged_does()
    {
        IncidentRecord first = Add(s_one, "one");
        IncidentRecord changed = _book.Change(first, new("anna") { State = IncidentState.Acknowledged, Owner = "anna", Comment = "looking" })!;
        Assert.Equal((IncidentState.Acknowledged, "anna"), (changed.State, changed.Owner));
        Assert.Equal(["state acknowledged", "owner anna", "comment looking"], changed.Changes.Select(static c => $"{c.What} {c.Value}"));
        Assert.All(changed.Changes, static c => Assert.Equal("anna", c.Who));
        Assert.Equal((first.Id, IncidentState.Acknowledged), (Add(s_one, "two").Id, Add(s_one, "three").State));
        // The store may not have the last alerts yet.
        Assert.Equal(3, _book.Change(changed, new("bob") { State = IncidentState.Resolved })!.Count);
        Assert.NotEqual(first.Id, Add(s_one, "four").Id);
    }

    [Fact]
    public void What_is_muted_goes_on_being_counted_whatever_the_pause_and_is_new_when_its_time_is_over()
    {
        IncidentRecord first = Add(s_one, "one");
        long until = first.First + (long)TimeSpan.FromHours(5).TotalMicroseconds;
        Assert.Equal(IncidentState.Muted, _book.Change(first, new("anna") { State = IncidentState.Muted, MutedUntil = until })!.State);
        _clock.Second += 4 * 3600;
        IReadOnlyList<IncidentRecord> kept = _book.TakeChanged();
        // Over a restart too.
        _book = New();
        _book.Restore(kept);
        IncidentRecord later = Add(s_one, "two");
        Assert.Equal((first.Id, IncidentState.Muted, 2L), (later.Id, later.State, later.Count));
        _clock.Second += 3600;
        IncidentRecord over = Assert.Single(_book.TakeChanged());
        Assert.Equal((first.Id, IncidentState.New, 0L), (over.Id, over.State, over.MutedUntil));
    }

    [Fact]
    public void Incidents_outlive_a_restart_and_numbers_are_never_given_twice()
    {
        IncidentRecord first = Add(s_one, "one");
        IncidentRecord second = Add(s_two, "two");
        Assert.NotEqual(first.Id, second.Id);
        byte[] bytes = AlertCodec.Write(_book.TakeChanged());
        _book = New();
        _book.Restore(AlertCodec.ReadIncidents(bytes));
        Assert.Empty(_book.TakeChanged());
        Assert.Equal((first.Id, 2L), (Add(s_one, "three").Id, Add(s_one, "four").Count - 1));
        // The clock of another silo may be behind.
        _clock.Second -= 100;
        Assert.True(Add(s_one, "of another kind", "APSPOOF").Id > second.Id);
    }

    private IncidentBook New() => new(new(), _clock);

    private IncidentRecord Add(MacAddress from, string text, string header = "DEAUTHFLOOD") => _book.Add(
        new(Alert(from, text, header), "DENIAL", AlertSeverity.Medium, 0, (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));

    private static RaisedAlert Alert(MacAddress from, string text, string header = "DEAUTHFLOOD") => new(header, text) { Source = from, Bssid = s_one };
}
