using System.Text.Json.Nodes;
using Fairlead.Model.Agents;

namespace Fairlead.Tests.Agents;

/// <summary>Text of strangers, before a model reads it.</summary>
public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two\r\nlines\tand a tab", "two\n\nlines\tand a tab")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;a title\a after", " after")]
    [InlineData("\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\", "link")]
    [InlineData("\u001bPnever ended", "")]
    [InlineData("\u009b2Jgone", "gone")]
    [InlineData("zero\u200bwidth\u2060and\u202edirection", "zerowidthanddirection")]
    [InlineData("bell\a back\b null\0", "bell back null")]
    [InlineData("all of it \ud83d\ude00", "all of it \ud83d\ude00")]
    [InlineData("tags \U000E0049\U000E0047 hidden", "tags  hidden")]
    [InlineData("selectors \ufe0f\U000E0101", "selectors ")]
    public void What_no_reader_sees_is_taken_out(string text, string plain) => Assert.Equal(plain, PlainText.Of(text));

    [Fact]
    public void Half_of_a_pair_is_no_letter() => Assert.Equal("half ", PlainText.Of("half " + (char)0xd83d));

    [Fact]
    public void A_long_text_is_cut_and_says_so() =>
        Assert.Equal("aaaa... (cut at 4 letters)", PlainText.Of(new string('a', 100_000), 4));

    [Fact]
    public void A_tree_is_cleaned_down_to_names_and_its_lists_are_bounded()
    {
        var tree = new JsonObject
        {
            ["na\u200bme"] = "\u001b[1mvalue",
            ["many"] = new JsonArray([.. Enumerable.Range(0, 300).Select(static one => (JsonNode)one)]),
        };
        var clean = PlainText.Of((JsonNode)tree)!;
        Assert.Equal("value", clean["name"]!.GetValue<string>());
        Assert.Equal(201, clean["many"]!.AsArray().Count);
        Assert.Equal("... (100 more)", clean["many"]![200]!.GetValue<string>());
    }

    [Fact]
    public void A_tree_that_is_too_deep_ends()
    {
        JsonNode deep = "x";
        for (var level = 0; level < 50; level++)
        {
            deep = new JsonArray(deep);
        }
        Assert.DoesNotContain("x", PlainText.Of(deep)!.ToJsonString(), StringComparison.Ordinal);
    }
}
