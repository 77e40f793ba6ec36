using System.Text.Json;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Tests.Fields;

/// <summary>A field list is understood wholly or refused with the place.</summary>
public class FieldSelectionTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    public void Nothing_selected_means_everything(string json) => Assert.Null(FieldSelection.Parse(Samples.Parse(json)));

    [Fact]
    public void A_command_without_fields_means_everything() => Assert.Null(FieldSelection.Parse(default));

    [Fact]
    public void Paths_and_new_names() => Assert.Equal(
        [new SelectedField("a/b", null), new SelectedField("c", "d")],
        FieldSelection.Parse(Samples.Parse("""["a/b", ["c", "d"]]"""))!.Fields);

    [Theory]
    [InlineData("{}", "fields: expected an array")]
    [InlineData("\"kismet.device.base.key\"", "fields: expected an array")]
    [InlineData("1", "fields: expected an array")]
    [InlineData("[\"a\", 1]", "fields[1]: expected a string or [path, name]")]
    [InlineData("[null]", "fields[0]: expected a string or [path, name]")]
    [InlineData("[[\"a\"]]", "fields[0]: expected a string or [path, name]")]
    [InlineData("[\"a\", \"b\", [\"a\", \"b\", \"c\"]]", "fields[2]: expected a string or [path, name]")]
    [InlineData("[[\"a\", 5]]", "fields[0]: expected a string or [path, name]")]
    [InlineData("[[[\"a\"], \"b\"]]", "fields[0]: expected a string or [path, name]")]
    [InlineData("[\"\"]", "fields[0]: empty path")]
    [InlineData("[\"a\", \"///\"]", "fields[1]: empty path")]
    [InlineData("[\"\\ud800\"]", "fields[0]: not valid Unicode")]
    [InlineData("[[\"a\", \"\\udc00\"]]", "fields[0]: not valid Unicode")]
    [InlineData("[\"a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a\"]", "fields[0]: more than 16 names in a path")]
    public void Anything_else_is_refused(string json, string message) =>
        Assert.Equal(message, Assert.Throws<CommandException>(() => FieldSelection.Parse(Samples.Parse(json))).Message);

    [Fact]
    public void Bounds()
    {
        Assert.Equal(1000, FieldSelection.Parse(Fields(1000, 1))!.Fields.Count);
        Assert.Equal("fields: more than 1000 fields", Refusal(Fields(1001, 1)));
        Assert.NotNull(FieldSelection.Parse(Fields(1, 1024)));
        Assert.Equal("fields[0]: longer than 1024 characters", Refusal(Fields(1, 1025)));
        Assert.Equal(
            "fields[0]: longer than 1024 characters", Refusal(JsonSerializer.SerializeToElement(new[] { new[] { "a", new string('b', 1025) } })));
        Assert.Equal(
            "fields: more than 1000 fields",
            Assert.Throws<CommandException>(() => new FieldSelection(new SelectedField[1001])).Message);
    }

    private static JsonElement Fields(int count, int length) =>
        JsonSerializer.SerializeToElement(Enumerable.Repeat(new string('a', length), count));

    private static string Refusal(JsonElement fields) => Assert.Throws<CommandException>(() => FieldSelection.Parse(fields)).Message;
}
