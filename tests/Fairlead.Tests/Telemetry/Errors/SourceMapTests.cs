using System.Text;
using CsCheck;
using Fairlead.Engine.Watching.Errors.SourceMaps;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>Source maps: those that a bundler made, those in the standard's words, and broken ones.</summary>
public sealed class SourceMapTests
{
    // esbuild made it of two TypeScript files; node said these places when it ran.
    [Theory]
    [InlineData(1, 47, "../src/cart.ts:5:15")]
    [InlineData(1, 142, "../src/cart.ts:13:16 priceOf")]
    [InlineData(1, 169, "../src/main.ts:4:5 totalOf")]
    [InlineData(1, 1, "nothing")]
    [InlineData(9, 1, "nothing")]
    [InlineData(0, 0, "nothing")]
    public void A_place_in_a_bundle_leads_to_the_place_in_the_source(int line, int column, string expected) =>
        Assert.Equal(expected, Text(Parse(GoldenCases.Bytes("main.HIDN4Q6P.js.map")), line, column));

    [Fact]
    public void The_source_around_a_place_is_shown()
    {
        var around = Parse(GoldenCases.Bytes("main.HIDN4Q6P.js.map")).Find(1, 47)!.Source.Around(5, count: 2)!.Value;

        Assert.Equal("        throw new TypeError(`no price for ${item.name}`);", around.Line);
        Assert.Equal(
            ["export function priceOf(item: Item): number {", "    if (item.price === undefined) {"],
            around.Before
        );
        Assert.Equal(["    }", "    return item.price;"], around.After);
    }

    [Fact]
    public void Sections_begin_where_their_offsets_say()
    {
        var map = Parse(
            """
            {"version":3,"sections":[
              {"offset":{"line":0,"column":100},"map":{"version":3,"sources":["a.js"],"names":["one"],"mappings":"AAAAA"}},
              {"offset":{"line":2,"column":10},"map":{"version":3,"sourceRoot":"src","sources":["b.js"],"names":["two"],"mappings":"AACAA;AAEA"}}
            ]}
            """
        );

        Assert.Equal("nothing", Text(map, 1, 100));
        Assert.Equal("a.js:1:1 one", Text(map, 1, 101));
        Assert.Equal("src/b.js:2:1 two", Text(map, 3, 11));
        Assert.Equal("src/b.js:4:1", Text(map, 4, 1));
    }

    [Fact]
    public void Large_and_negative_steps_unmapped_parts_and_a_guard_line_are_read()
    {
        // +hB is 543, gB is 16, D is -1.
        var map = Parse(")]}'\n{\"version\":3,\"sources\":[\"a.js\"],\"names\":[],\"mappings\":\"A,+hBAAgB,CAAD,C\"}");

        Assert.Equal("nothing", Text(map, 1, 543));
        Assert.Equal("a.js:1:17", Text(map, 1, 544));
        Assert.Equal("a.js:1:16", Text(map, 1, 545));
        Assert.Equal("nothing", Text(map, 1, 546));
    }

    [Theory]
    [InlineData("nonsense", "it is no JSON")]
    [InlineData("[]", "it is no object")]
    [InlineData("{\"version\":2,\"mappings\":\"\"}", "its version is not 3")]
    [InlineData("{\"version\":3}", "it has no mappings")]
    [InlineData("{\"version\":3,\"sources\":[],\"mappings\":\"A!\"}", "its mappings are garbled at letter 2")]
    [InlineData("{\"version\":3,\"sources\":[],\"mappings\":\"AA\"}", "a segment of its mappings has neither")]
    [InlineData("{\"version\":3,\"sources\":[],\"mappings\":\"AADA\"}", "lead to before the beginning")]
    [InlineData("{\"version\":3,\"sources\":[],\"mappings\":\"D\"}", "before the beginning of a line")]
    [InlineData("{\"version\":3,\"sources\":[],\"mappings\":\"ggggggggggA\"}", "garbled")]
    [InlineData("{\"version\":3,\"sections\":[{\"offset\":{\"line\":0,\"column\":0}}]}", "no offset or no map")]
    [InlineData(
        "{\"version\":3,\"sections\":[{\"offset\":{\"line\":0,\"column\":0},\"map\":{\"version\":3,\"sections\":[{\"offset\":{\"line\":0,\"column\":0},\"map\":{}}]}}]}",
        "sections are no list"
    )]
    public void What_is_no_source_map_is_refused_with_the_reason(string text, string expected)
    {
        Assert.Null(SourceMap.TryParse(Encoding.UTF8.GetBytes(text), out var why));
        Assert.Contains(expected, why, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_mappings_are_they_are_read_or_refused() =>
        Gen.String[Gen.Char["ABCDgh0/+;,!"], 0, 60]
            .Sample(
                mappings =>
                {
                    var text = $$"""{"version":3,"sources":["a","b"],"names":["n"],"mappings":"{{mappings}}"}""";
                    SourceMap.TryParse(Encoding.UTF8.GetBytes(text), out _)?.Find(1, 1);
                },
                iter: 20_000
            );

    private static SourceMap Parse(string text) =>
        SourceMap.TryParse(Encoding.UTF8.GetBytes(text), out var why) ?? throw new InvalidOperationException(why);

    private static SourceMap Parse(byte[] bytes) => Parse(Encoding.UTF8.GetString(bytes));

    private static string Text(SourceMap? map, int line, int column) =>
        map!.Find(line, column) is { } one ? $"{one.Source.Name}:{one.Line}:{one.Column} {one.Name}".Trim() : "nothing";
}
