using KismetOrleans.Storage.Manufacturers;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Tests.Manufacturers;

/// <summary>The registry finds the longest prefix, hands out one string per manufacturer, and says where it came from.</summary>
public sealed class ManufacturerRegistryTests
{
    private const string Head = "Registry,Assignment,Organization Name,Organization Address\n";

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out MacAddress address)
        ? address : throw new FormatException(text);

    [Fact]
    public void The_longest_prefix_wins()
    {
        using var files = new TemporaryRegistry()
            .With("oui.csv", Head + "MA-L,70B3D5,IEEE Registration Authority,x\nMA-L,741AE0,IEEE Registration Authority,x\n")
            .With("mam.csv", Head + "MA-M,741AE09,Middle,x\n")
            .With("oui36.csv", Head + "MA-S,70B3D5F2F,TELEPLATFORMS,x\n")
            .With("iab.csv", Head + "IAB,0050C27D5,DEUTA-WERKE GmbH,x\n");
        ManufacturerRegistry registry = files.Open();
        Assert.Equal("TELEPLATFORMS", registry.Find(Mac("70:B3:D5:F2:F1:23")));
        Assert.Equal("IEEE Registration Authority", registry.Find(Mac("70:B3:D5:F3:01:23")));
        Assert.Equal("Middle", registry.Find(Mac("74:1A:E0:9F:FF:FF")));
        Assert.Equal("IEEE Registration Authority", registry.Find(Mac("74:1A:E0:8F:FF:FF")));
        Assert.Equal("DEUTA-WERKE GmbH", registry.Find(Mac("00:50:C2:7D:5F:FF")));
        Assert.Null(registry.Find(Mac("00:50:C2:7D:60:00")));
        Assert.Equal("IEEE Registration Authority", registry.FindOui(0x70B3D5));
        Assert.Equal(5, registry.Count);
        Assert.False(registry.HasProblems);
        Assert.Equal($"5 manufacturers' prefixes from {files.Folder}", registry.Summary);
    }

    [Fact]
    public void First_and_last_prefix_are_found_and_their_neighbours_are_not()
    {
        using var files = new TemporaryRegistry().With("oui.csv", "MA-L,000000,First,\nMA-L,FFFFFF,Last,\nMA-L,00000C,Cisco,\n");
        ManufacturerRegistry registry = files.Open();
        Assert.Equal("First", registry.Find(MacAddress.Zero));
        Assert.Equal("Last", registry.Find(MacAddress.Broadcast));
        Assert.Equal("Cisco", registry.FindOui(0x00000C));
        Assert.Null(registry.FindOui(0x000001));
        Assert.Null(registry.FindOui(0xFFFFFE));
    }

    [Theory]
    [InlineData("MA-L,001122,Plain Name,Street 1\n", "Plain Name")]
    [InlineData("MA-L,001122,\"TP-LINK TECHNOLOGIES CO.,LTD.\",\"Street, 1\"\n", "TP-LINK TECHNOLOGIES CO.,LTD.")]
    [InlineData("MA-L,001122,\"Union\"\"Elektro\"\"\",x\n", "Union\"Elektro\"")]
    [InlineData("MA-L,001122,  Two  spaces\tand   more ,x\r\n", "Two spaces and more")]
    [InlineData("MA-L,001122,Wittmann Kunststoffgeräte GmbH,x", "Wittmann Kunststoffgeräte GmbH")]
    [InlineData("MA-L,001122,Private,\n", "Private")]
    [InlineData("MA-L,001122,\"Quote that never ends", "Quote that never ends")]
    [InlineData("MA-L,001122,NoAddress\r\n", "NoAddress")]
    [InlineData("MA-L,00112a,Lower,\nMA-L,001122,\"A\",\"line one\nMA\nline two\"\n", "A")]
    public void A_name_keeps_the_registrys_spelling(string csv, string expected)
    {
        using var files = new TemporaryRegistry().With("oui.csv", csv);
        ManufacturerRegistry registry = files.Open();
        Assert.Equal(expected, registry.FindOui(0x001122));
        Assert.False(registry.HasProblems, registry.Summary);
    }

    [Theory]
    [InlineData("MA-L,00112,Five digits,x\n")]
    [InlineData("MA-L,0011223344,Ten digits,x\n")]
    [InlineData("MA-L,,None,x\n")]
    [InlineData("MA-L\n")]
    [InlineData("MA-L,001122\n")]
    [InlineData("MA-L,001122,\n")]
    [InlineData("MA-L,001122,\"  \",x\n")]
    [InlineData("MA-L,00zz22,Not a number,x")]
    public void A_line_that_makes_no_sense_is_counted_and_the_rest_is_kept(string csv)
    {
        using var files = new TemporaryRegistry().With("oui.csv", "MA-L,AABBCC,Good,x\n" + csv);
        ManufacturerRegistry registry = files.Open();
        Assert.Equal("Good", registry.FindOui(0xAABBCC));
        Assert.Equal(1, registry.Count);
        Assert.True(registry.HasProblems);
        Assert.EndsWith("oui.csv: 1 lines make no sense and were left out", registry.Summary);
    }

    [Fact]
    public void The_text_form_serves_where_there_is_no_csv()
    {
        const string Text = "OUI/MA-L\t\tOrganization\r\n\r\n00-22-72   (hex)\t\tAmerican Micro-Fuel Device Corp.\r\n"
            + "002272     (base 16)\t\tAmerican Micro-Fuel  Device Corp.\r\n\t\t\t\t2181 Buchanan Loop\r\n";
        using var files = new TemporaryRegistry().With("oui.txt", Text);
        ManufacturerRegistry registry = files.Open();
        Assert.Equal("American Micro-Fuel Device Corp.", registry.FindOui(0x002272));
        Assert.Equal(1, registry.Count);
        Assert.False(registry.HasProblems);
    }

    [Fact]
    public void One_manufacturer_is_one_string_over_all_its_prefixes()
    {
        using var files = new TemporaryRegistry()
            .With("oui.csv", "MA-L,000001,Same Corp,x\nMA-L,000002,\"Same  Corp\",y\n").With("mam.csv", "MA-M,0000031,Same Corp,x\n");
        ManufacturerRegistry registry = files.Open();
        string? first = registry.FindOui(1);
        Assert.Same(first, registry.FindOui(2));
        Assert.Same(first, registry.Find(Mac("00:00:03:1F:00:00")));
    }

    [Fact]
    public void Threads_that_ask_at_once_get_the_same_string()
    {
        using var files = new TemporaryRegistry().With("oui.csv", "MA-L,001122,Shared,x\n");
        ManufacturerRegistry registry = files.Open();
        var answers = new string?[8];
        using var start = new Barrier(answers.Length);
        var threads = Enumerable.Range(0, answers.Length).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            answers[i] = registry.FindOui(0x001122);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal("Shared", answers[0]);
        Assert.All(answers, answer => Assert.Same(answers[0], answer));
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(70_000)]
    public void More_names_than_the_tables_were_sized_for_are_kept(int count)
    {
        string csv = string.Concat(Enumerable.Range(0, count)
            .Select(i => $"MA-L,{i:X6},Manufacturer of a rather long name number {i},x\n"));
        using var files = new TemporaryRegistry().With("oui.csv", csv);
        ManufacturerRegistry registry = files.Open();
        Assert.Equal(count, registry.Count);
        for (uint i = 0; i < count; i += 997)
        {
            Assert.Equal($"Manufacturer of a rather long name number {i}", registry.FindOui(i));
        }
        Assert.Null(registry.FindOui((uint)count));
    }

    [Fact]
    public void A_line_longer_than_any_buffer_does_no_harm()
    {
        string csv = $"MA-L,000001,Before,{new string('x', 300_000)}\nMA-L,000002,{new string('y', 300_000)},x\nMA-L,000003,After,x\n";
        using var files = new TemporaryRegistry().With("oui.csv", csv);
        ManufacturerRegistry registry = files.Open();
        Assert.Equal("After", registry.FindOui(3));
    }

    [Fact]
    public void Without_a_registry_the_built_in_list_serves_and_says_so()
    {
        using var files = new TemporaryRegistry();
        ManufacturerRegistry registry = files.Open();
        Assert.Equal("Cisco Systems, Inc", registry.Find(Mac("00:00:0C:12:34:56")));
        Assert.Equal("TP-LINK TECHNOLOGIES CO.,LTD.", registry.FindOui(0x50C7BF));
        Assert.Null(registry.FindOui(0x123456));
        Assert.True(registry.HasProblems);
        Assert.Contains("the built-in list", registry.Summary);
        Assert.Contains(files.Folder, registry.Summary);
    }

    [Fact]
    public void An_unreadable_file_is_named_and_the_others_are_read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        using var files = new TemporaryRegistry().With("mam.csv", "MA-M,741AE09,Middle,x\n");
        // Page zero is never mapped, so reading this file's start fails for every user, root included.
        string unreadable = Path.Combine(files.Folder, "oui.csv");
        File.CreateSymbolicLink(unreadable, "/proc/self/mem");
        ManufacturerRegistry registry = files.Open();
        Assert.Equal("Middle", registry.Find(Mac("74:1A:E0:9F:FF:FF")));
        Assert.Equal(1, registry.Count);
        Assert.True(registry.HasProblems);
        Assert.Contains($"{unreadable}: ", registry.Summary);
    }
}
