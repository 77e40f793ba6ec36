using System.Buffers.Binary;
using KismetOrleans.Engine.Places;
using KismetOrleans.Grains.Storage;

namespace KismetOrleans.Grains.Places;

/// <summary>The places of the cluster: one grain, key 0.</summary>
[Alias("KismetOrleans.IPlacesGrain")]
public interface IPlacesGrain : IGrainWithIntegerKey
{
    /// <summary>The document, where it is not the one that the caller has.</summary>
    /// <param name="known">Version of that; negative for none.</param>
    [Alias("Read")]
    [Idempotent]
    ValueTask<PlacesAnswer> ReadAsync(long known, CancellationToken cancellation = default);

    /// <inheritdoc cref="IPlaces.ReplaceAsync"/>
    /// <param name="document">As <see cref="PlacesDocument.ToBytes"/>.</param>
    /// <param name="replaced">Version of the document that it is to replace.</param>
    [Alias("Replace")]
    ValueTask<PlacesOutcome> ReplaceAsync(byte[] document, long replaced);

    /// <summary>Keeps a picture.</summary>
    /// <returns>Null, or why not.</returns>
    [Alias("AddPicture")]
    ValueTask<string?> AddPictureAsync(string id, byte[] picture);
}

public sealed class PlacesGrain(
    [PersistentState("places")] IPersistentState<PlacesState> kept, [PersistentState("places-pictures")] IPersistentState<StoredLines> pictures, TimeProvider clock) : Grain, IPlacesGrain
{
    // Of a floor each for a large campus, and those that are tried meanwhile.
    private const int MaxPictures = 500;
    private const long MaxPictureBytes = 256L * 1024 * 1024;

    // Whoever sends one puts it on a floor soon; who takes it off may want it back.
    private static readonly TimeSpan s_unused = TimeSpan.FromDays(1);

    public ValueTask<PlacesAnswer> ReadAsync(long known, CancellationToken cancellation = default) =>
        new(new PlacesAnswer(kept.State.Version, known == kept.State.Version ? null : kept.State.Bytes));

    public async ValueTask<PlacesOutcome> ReplaceAsync(byte[] document, long replaced)
    {
        if (replaced != kept.State.Version)
        {
            return new(kept.State.Version, false, null);
        }
        HashSet<string> known = [.. pictures.State.Lines.Select(static line => Entry.Of(line).Id)];
        if (PlacesDocument.Read(document).Pictures.FirstOrDefault(id => !known.Contains(id)) is { } missing)
        {
            return new(kept.State.Version, false, missing);
        }
        await kept.ReplaceAsync(new() { Bytes = document, Version = Math.Max(replaced + 1, Now) });
        return new(kept.State.Version, true, null);
    }

    public async ValueTask<string?> AddPictureAsync(string id, byte[] picture)
    {
        HashSet<string> used = [.. PlacesDocument.Read(kept.State.Bytes).Pictures];
        List<Entry> all = [.. pictures.State.Lines.Select(Entry.Of).Where(entry => entry.Id != id)];
        Entry[] gone = [.. all.Where(entry => !used.Contains(entry.Id) && Now - entry.At > (long)s_unused.TotalMilliseconds)];
        all.RemoveAll(gone.Contains);
        if (all.Count >= MaxPictures || all.Sum(static entry => entry.Bytes) + picture.Length > MaxPictureBytes)
        {
            return $"there is room for {MaxPictures} pictures of {MaxPictureBytes / 1024 / 1024} MiB, and {all.Count} are there; those that no floor has are forgotten after a day";
        }
        // It is there before its name is.
        await GrainFactory.GetGrain<IPlanPictureGrain>(id).KeepAsync(picture);
        await pictures.ReplaceAsync(new() { Lines = [.. all.Append(new(id, picture.Length, Now)).Select(static entry => entry.Line)] });
        foreach (Entry entry in gone)
        {
            await GrainFactory.GetGrain<IPlanPictureGrain>(entry.Id).ForgetAsync();
        }
        return null;
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    // A picture that was sent: its name, its bytes, when.
    private readonly record struct Entry(string Id, long Bytes, long At)
    {
        public string Line => FormattableString.Invariant($"{Id} {Bytes} {At}");

        public static Entry Of(string line) => line.Split(' ') is [var id, var bytes, var at]
            ? new(id, long.Parse(bytes, System.Globalization.CultureInfo.InvariantCulture), long.Parse(at, System.Globalization.CultureInfo.InvariantCulture))
            : throw new InvalidDataException($"'{line}' names no picture.");
    }
}

/// <summary>What <see cref="PlacesGrain"/> keeps.</summary>
[GenerateSerializer, Alias("KismetOrleans.PlacesState")]
public sealed class PlacesState : IStoredState
{
    /// <summary>As <see cref="PlacesDocument.ToBytes"/>, with any version; none before the first change.</summary>
    [Id(0)] public byte[] Bytes { get; set; } = [];

    [Id(1)] public long Version { get; set; }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[sizeof(long) + Bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Version);
        Bytes.CopyTo(bytes, sizeof(long));
        return bytes;
    }

    public void Read(byte[] bytes) => (Version, Bytes) = (BinaryPrimitives.ReadInt64LittleEndian(bytes), bytes[sizeof(long)..]);
}

/// <summary>A document of places.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Bytes">As <see cref="PlacesDocument.ToBytes"/>, with any version; null where the caller has it.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PlacesAnswer")]
public sealed record PlacesAnswer([property: Id(0)] long Version, [property: Id(1)] byte[]? Bytes);

/// <summary>What became of a change of places.</summary>
/// <param name="Version">The version that is there now.</param>
/// <param name="Missing">Name of a picture that is not there, null for none.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PlacesOutcome")]
public readonly record struct PlacesOutcome([property: Id(0)] long Version, [property: Id(1)] bool IsKept, [property: Id(2)] string? Missing);
