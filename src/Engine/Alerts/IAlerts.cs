using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Engine.Alerts;

/// <summary>The server's alerts.</summary>
public interface IAlerts
{
    /// <summary>All kinds, in the order in which they were defined.</summary>
    Task<IReadOnlyList<AlertDefinitionRecord>> DefinitionsAsync(CancellationToken cancellation = default);

    /// <summary>Alerts newer than a time (microseconds since 1970), oldest first; negative for all.</summary>
    Task<IReadOnlyList<AlertRecord>> SinceAsync(long microseconds, CancellationToken cancellation = default);

    /// <summary>Alerts that are kept, newest first.</summary>
    Task<IReadOnlyList<AlertRecord>> KeptAsync(AlertQuery query, CancellationToken cancellation = default);

    /// <summary>Incidents, those with the newest alerts first.</summary>
    Task<IReadOnlyList<IncidentRecord>> IncidentsAsync(IncidentQuery query, CancellationToken cancellation = default);

    /// <summary>An incident; null where there is none of the number.</summary>
    Task<IncidentRecord?> IncidentAsync(long id, CancellationToken cancellation = default);

    /// <summary>Changes incidents.</summary>
    /// <returns>Those that were changed: not those that are not there, nor those that cannot be muted since too many are.</returns>
    Task<IReadOnlyList<IncidentRecord>> ChangeIncidentsAsync(IReadOnlyList<long> ids, IncidentOrder order);

    /// <summary>Defines a kind; false where there is one of this name, or no room for more.</summary>
    Task<bool> DefineAsync(AlertDefinition definition);

    /// <summary>Raises an alert if its limits allow it.</summary>
    Task<AlertFate> RaiseAsync(RaisedAlert alert);

    /// <summary>Raises an alert soon, without waiting for it.</summary>
    void Report(RaisedAlert alert);
}

/// <summary>Where alerts go besides the API. What waits is kept by whoever raises them, so that an end of the process loses none. Thread-safe; never waits.</summary>
public interface IAlertOutlet : IAsyncDisposable
{
    /// <summary>Takes an alert that was raised.</summary>
    void Send(AlertRecord alert);

    /// <summary>Grows whenever <see cref="Waiting"/> changes.</summary>
    long Version { get; }

    /// <summary>The alerts that each receiver, by its name, has not taken yet, oldest first.</summary>
    IReadOnlyDictionary<string, IReadOnlyList<AlertRecord>> Waiting { get; }

    /// <summary>Takes up what waited when a process before this one ended; before anything else.</summary>
    void Restore(IReadOnlyDictionary<string, IReadOnlyList<AlertRecord>> waiting);
}

/// <summary>Alerts about the server itself that have no limit, since they happen once.</summary>
public static class SystemAlerts
{
    private const string System = "SYSTEM";

    /// <summary>The server has more rights than it needs.</summary>
    public static RaisedAlert RootUser() => new(
        "ROOTUSER", "The server runs as root. Whatever gets the better of it has the whole machine; capturing needs no more than CAP_NET_RAW.");

    /// <summary>The administrator's password stands in the settings, in plain text.</summary>
    public static RaisedAlert GlobalUser() => new(
        "GLOBALHTTPDUSER", "Auth:Username and Auth:Password set the administrator: whoever can read the settings, or the process's environment, can log in.")
    {
        Once = new(System, AlertSeverity.Info),
    };

    /// <summary>A datasource failed.</summary>
    public static RaisedAlert SourceError(string text) => new("SOURCEERROR", text);

    /// <summary>A datasource that had failed was opened again.</summary>
    public static RaisedAlert SourceOpen(string name) =>
        new("SOURCEOPEN", $"Data source '{name}' was opened again") { Once = new(System, AlertSeverity.Critical) };

    /// <summary>A log ended because it cannot be written.</summary>
    public static RaisedAlert LogDisabled(string text) =>
        new("LOGDISABLED", text) { Once = new(System, AlertSeverity.Critical) };
}
