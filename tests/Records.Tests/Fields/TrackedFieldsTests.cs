using System.Text;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Tests.Fields;

/// <summary>The page of all fields lists every field of every table once.</summary>
public class TrackedFieldsTests
{
    [Fact]
    public void Every_field_is_on_the_page_once()
    {
        string page = Page();
        foreach (IRecordTable table in Inventory.Own)
        {
            foreach (FieldInfo field in table.FieldInfos)
            {
                string cell = $"<td>{field.Name}</td>";
                int at = page.IndexOf(cell, StringComparison.Ordinal);
                Assert.True(at > 0, field.Name);
                Assert.Equal(-1, page.IndexOf(cell, at + 1, StringComparison.Ordinal));
            }
        }
        Assert.Equal(TrackedFields.FieldCount, page.Split("<tr><td>").Length - 1);
    }

    [Fact]
    public void A_field_name_has_one_form_in_every_table() =>
        Assert.Empty(Inventory.Own.SelectMany(static table => table.FieldInfos).GroupBy(static field => field.Name)
            .Where(static same => same.Select(static field => (field.Shape.Form, field.Shape.Element?.Form)).Distinct().Count() > 1).Select(static same => same.Key));

    [Fact]
    public void A_table_that_is_declared_elsewhere_joins_the_page_and_the_known_names()
    {
        RecordTable<string> table = new("test_record", [Field<string>.Text("test.<field>", "a & b", static s => s)]);
        int count = TrackedFields.FieldCount;
        TrackedFields.Register(table);
        TrackedFields.Register(table);
        Assert.Equal(count + 1, TrackedFields.FieldCount);
        Assert.Contains("<td>test.&lt;field&gt;</td>", Page());
        Assert.Contains("<td>a &amp; b</td>", Page());
        RecordWriter<Device> writer = DeviceTable.Table.Writer(RecordFormat.Json, new([new("test.<field>", null)]));
        Assert.Equal("""{"test.<field>": 0}""", Samples.Print(json => writer.Write(Samples.Bare(), json)));
    }

    [Fact]
    public void Every_field_has_a_type_and_a_description()
    {
        foreach (FieldInfo field in TrackedFields.Tables.SelectMany(static t => t.FieldInfos))
        {
            Assert.NotEmpty(field.Type);
            Assert.True(field.Description.Length >= 3, field.Name);
        }
    }

    [Fact]
    public void Two_fields_of_one_name_are_a_mistake() => Assert.Throws<ArgumentException>(static () => new RecordTable<string>(
        "wrong", [Field<string>.Text("a", "one", static s => s), Field<string>.Text("a", "two", static s => s)]));

    [Fact]
    public void Fields_are_found_by_name()
    {
        Assert.Equal("mac_addr", DeviceTable.Table.Find("kismet.device.base.macaddr")?.Field.Type);
        Assert.Null(DeviceTable.Table.Find("dot11.device.typeset"));
    }

    private static string Page()
    {
        using JsonOut page = new();
        TrackedFields.WriteHtml(page);
        return Encoding.UTF8.GetString(page.WrittenSpan);
    }
}
