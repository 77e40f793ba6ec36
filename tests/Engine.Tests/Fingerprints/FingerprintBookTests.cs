using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Records.Dot11;

namespace KismetOrleans.Engine.Tests.Fingerprints;

/// <summary>The list of fingerprints: kept whole, read again, and unchanged where it could not be kept.</summary>
public sealed class FingerprintBookTests
{
    private static readonly Fingerprint s_first = new(new(0x0011_2233_4401), 1, uint.MaxValue, 3, true);
    private static readonly Fingerprint s_second = new(new(0x0011_2233_4402), 0, 0, 0, false);

    [Fact]
    public void What_is_written_is_read()
    {
        FingerprintList list = FingerprintList.Read(new FingerprintList([s_second, s_first]).ToBytes());
        Assert.Equal([s_first, s_second], list.All);
        Assert.Equal(s_second, list.Find(s_second.Address));
        Assert.Null(list.Find(new(0x0011_2233_4403)));
        Assert.Empty(FingerprintList.Read([]).All);
        Assert.Empty(FingerprintList.Read(FingerprintList.Empty.ToBytes()).All);
    }

    [Fact]
    public void What_something_else_wrote_is_an_error()
    {
        byte[] bytes = new FingerprintList([s_first]).ToBytes();
        Assert.Throws<InvalidDataException>(() => FingerprintList.Read(bytes.AsSpan(0, bytes.Length - 1)));
        bytes[0]++;
        Assert.Throws<InvalidDataException>(() => FingerprintList.Read(bytes));
    }

    [Fact]
    public async Task What_could_not_be_kept_has_not_changed()
    {
        bool fails = false;
        int told = 0;
        FingerprintBook book = new(FingerprintList.Empty, _ => fails ? Task.FromException(new IOException("full")) : Task.CompletedTask)
        {
            Changed = () => Task.FromResult(++told),
        };
        Assert.Null(await book.InsertAsync([s_first]));
        fails = true;
        await Assert.ThrowsAsync<IOException>(() => book.InsertAsync([s_second]).AsTask());
        await Assert.ThrowsAsync<IOException>(() => book.DeleteAsync([s_first.Address]).AsTask());
        await Assert.ThrowsAsync<IOException>(() => book.UpdateAsync(new(s_first.Address, 9, null, null, null)).AsTask());
        Assert.Equal([s_first], await book.ListAsync());
        Assert.Equal(1, told);
        fails = false;
        Assert.True(await book.UpdateAsync(new(s_first.Address, 9, null, null, null)));
        Assert.Equal([s_first with { Beacon = 9 }], await book.ListAsync());
    }

    [Fact]
    public async Task The_list_is_bounded()
    {
        FingerprintBook book = new(FingerprintList.Empty, static _ => Task.CompletedTask);
        Fingerprint[] all = [.. Enumerable.Range(0, FingerprintList.MaxCount).Select(static i => s_second with { Address = new(0x0200_0000_0000UL + (ulong)i) })];
        Assert.Null(await book.InsertAsync(all));
        Assert.Equal(
            new FingerprintRefusal(0, "there is room for 65536 fingerprints, and 65536 are there"), await book.InsertAsync([s_first]));
        Assert.Equal(1, await book.DeleteAsync([all[5].Address, s_first.Address]));
        Assert.Null(await book.InsertAsync([s_first]));
    }
}
