using KismetOrleans.Storage.Logs;

namespace KismetOrleans.Storage.Tests.Logs;

/// <summary>The index of a log finds exactly the rows that have an address.</summary>
public sealed class AddressRunsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"storage-tests-{Guid.NewGuid():N}-index");
    private readonly AddressRuns _runs;

    public AddressRunsTests() => _runs = new(_path);

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Every_row_is_found_by_each_of_its_addresses()
    {
        Random random = new(7);
        Dictionary<ulong, List<long>> expected = [];
        for (int row = 1; row <= 2 * AddressRuns.Rows; row++)
        {
            // Few addresses, so that lists are longer than a block, and some rare ones.
            ulong[] addresses = [.. Enumerable.Range(0, 3).Select(_ => random.Next(10) == 0 ? (ulong)random.Next(100_000) : (ulong)random.Next(40) << 40)];
            foreach (ulong address in addresses.Distinct().Where(static address => address != 0))
            {
                (expected.TryGetValue(address, out List<long>? rows) ? rows : expected[address] = []).Add(row);
            }
            _runs.Add(row, new(addresses[0]), new(addresses[1]), new(addresses[2]));
        }
        Assert.Equal([(1L, 65536L, 1L, 65536L), (65537L, 131072L, 65537L, 131072L)], _runs.Runs.Select(static run => (run.First, run.Last, run.OldestUs, run.NewestUs)));
        foreach ((ulong address, List<long> rows) in expected)
        {
            Assert.Equal(rows, Find(address));
        }
        Assert.Empty(Find(0xFFFF_FFFF_FFFF));
        Assert.Empty(Find(100_001));
    }

    [Fact]
    public void The_newest_rows_are_found_before_their_run_is_complete()
    {
        for (int row = 1; row <= AddressRuns.Rows + 4; row++)
        {
            _runs.Add(row, new((ulong)(row % 2) + 1), new(row == AddressRuns.Rows + 2 ? 9UL : 8UL), default);
        }
        Assert.Equal([AddressRuns.Rows + 1, AddressRuns.Rows + 3], _runs.FindNewest(new(2)));
        Assert.Equal([AddressRuns.Rows + 2], _runs.FindNewest(new(9)));
        Assert.Empty(_runs.FindNewest(new(7)));
        _runs.Restart(AddressRuns.Rows);
        Assert.Empty(_runs.FindNewest(new(2)));
        _runs.Add(AddressRuns.Rows + 1, new(2), new(8), default);
        Assert.Equal([AddressRuns.Rows + 1], _runs.FindNewest(new(2)));
    }

    [Fact]
    public void Rows_whose_numbers_are_given_again_are_forgotten()
    {
        for (int row = 1; row <= AddressRuns.Rows + 10; row++)
        {
            _runs.Add(row, new(1), new(2), new(3));
        }
        _runs.Restart(100);
        AddressRuns.Run left = Assert.Single(_runs.Runs);
        Assert.Equal((1L, 100L), (left.First, left.Last));
        Assert.False(_runs.Find(left, new(1), []));
        Assert.Equal(101, _runs.Next);
    }

    [Fact]
    public void Its_file_leaves_nothing_behind()
    {
        _runs.Add(1, new(1), new(2), new(3));
        _runs.Dispose();
        Assert.False(File.Exists(_path));
    }

    private List<long> Find(ulong address)
    {
        List<long> all = [];
        List<long> rows = [];
        foreach (AddressRuns.Run run in _runs.Runs)
        {
            Assert.True(_runs.Find(run, new(address), rows));
            all.AddRange(rows);
        }
        return all;
    }
}
