using System.Xml.Linq;
using Fairlead.Faces.Dashboard.Charts;
using Fairlead.Faces.Dashboard.Pages;

namespace Fairlead.Tests.Faces.Dashboard;

/// <summary>Pictures, and the table and sentence that stand for each.</summary>
public sealed class ChartTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.2412, "0.241")]
    [InlineData(1.004, "1")]
    [InlineData(18.24, "18.2")]
    [InlineData(340.4, "340")]
    [InlineData(9_999, "9999")]
    [InlineData(18_204, "18.2k")]
    [InlineData(3_400_000, "3.4M")]
    [InlineData(double.NaN, "–")]
    public void Numbers_are_short_and_do_not_lie(double value, string expected) =>
        Assert.Equal(expected, Figures.Brief(value));

    [Theory]
    [InlineData(0.3, "under 1s")]
    [InlineData(59, "59s")]
    [InlineData(220, "3m 40s")]
    [InlineData(7_260, "2h 1m")]
    [InlineData(180_000, "2d 2h")]
    [InlineData(-5, "under 1s")]
    public void Times_have_two_units_at_most(double seconds, string expected) =>
        Assert.Equal(expected, Figures.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(14.6, "0 5 10 15")]
    [InlineData(0.12, "0 0.05 0.1 0.15")]
    [InlineData(100, "0 50 100")]
    [InlineData(0, "0 1")]
    [InlineData(double.NaN, "0 1")]
    public void An_axis_is_marked_by_few_round_numbers(double most, string expected) =>
        Assert.Equal(expected, string.Join(' ', Figures.Ticks(most, 4).Select(Figures.Brief)));

    [Theory]
    [InlineData(0, 100, "0.0 3.7")]
    [InlineData(5, 100, "2.2 11.2")]
    [InlineData(50, 1000, "3.8 6.5")]
    [InlineData(0, 0, "0.0 0.0")]
    public void The_band_around_a_ratio_grows_narrower_with_more_requests(double bad, double all, string expected)
    {
        var (low, high) = Comparison.Band(bad, all);
        Assert.Equal(expected, FormattableString.Invariant($"{low:0.0} {high:0.0}"));
    }

    [Fact]
    public void Every_drawing_is_well_formed_in_every_size_whatever_its_names_hold()
    {
        foreach (var picture in Pictures("<script>alert('x')</script>&\"]]>"))
        {
            foreach (var canvas in (Canvas[])[Canvas.Wide, Canvas.Half, Canvas.Slim])
            {
                var svg = XElement.Parse(Draw.Of(picture, canvas, "one"));
                Assert.Equal("svg", svg.Name.LocalName);
                Assert.Equal(picture.Sentence, svg.Attribute("aria-label")!.Value);
                Assert.DoesNotContain(
                    svg.DescendantsAndSelf(),
                    static one => one.Name.LocalName == "script" || one.Attribute("style") is not null
                );
            }
        }
    }

    [Fact]
    public void Drawings_of_nothing_are_drawn_too()
    {
        Drawing[] nothing =
        [
            new Drawing.Lines([], "", null, []),
            new Drawing.Bars([], ""),
            new Drawing.Odds([]),
            new Drawing.Lanes([], [], Noon, Noon),
            new Drawing.Map([], []),
            new Drawing.Spans([]),
            new Drawing.Heat([], [], Noon, Noon, []),
            new Drawing.Tree([]),
            new Drawing.Days([]),
            new Drawing.Turns([], [], Noon, Noon),
            new Drawing.Shares([], Noon, null, Noon, []),
        ];
        Assert.All(
            nothing,
            static one =>
                XElement.Parse(Draw.Of(new("Nothing", "Nothing is known.", new([], []), one), Canvas.Slim, "one"))
        );
    }

    [Fact]
    public void A_table_is_Markdown_that_no_cell_breaks() =>
        Assert.Equal(
            "| Part | Share |\n| --- | --- |\n| a\\|b | 5% |\n| two lines | \\\\ |",
            new Grid(
                ["Part", "Share"],
                [
                    ["a|b", "5%"],
                    ["two\nlines", "\\"],
                ]
            ).Markdown()
        );

    private static IEnumerable<Picture> Pictures(string name) => [.. Measured(name), .. Placed(name)];

    private static Grid TableOf(string name) =>
        new(
            [name],
            [
                [name],
            ]
        );

    private static IEnumerable<Picture> Measured(string name)
    {
        Drawing.Point At(int minute, double value) => new(Noon.AddMinutes(minute), value);
        yield return new(
            name,
            name,
            TableOf(name),
            new Drawing.Shares(
                [new(name, "canary", [At(0, 0), At(2, 50)]), new(name, "stable", [At(0, 100)])],
                Noon,
                Noon.AddMinutes(4),
                Noon.AddMinutes(9),
                [At(4, 50), At(6, 100)]
            )
        );
        yield return new(
            name,
            name,
            TableOf(name),
            new Drawing.Lines(
                [new(name, "canary", [At(0, 1), At(1, double.NaN), At(2, 3)], [0, 0, 1], [2, 2, 4])],
                "%",
                2,
                [new(Noon.AddMinutes(1), name)]
            )
        );
        yield return new(name, name, TableOf(name), new Drawing.Bars([new(name, 3, 1), new(name, 0, 0)], ""));
        yield return new(
            name,
            name,
            TableOf(name),
            new Drawing.Odds([new(name, 40, 0.1), new(name, double.PositiveInfinity, 1)])
        );
    }

    private static IEnumerable<Picture> Placed(string name)
    {
        yield return new(
            name,
            name,
            TableOf(name),
            new Drawing.Lanes(
                [name],
                [new(0, Noon, null, name, "bad"), new(0, Noon, Noon.AddMinutes(1), name, "warn")],
                Noon,
                Noon.AddMinutes(2)
            )
        );
        yield return new(
            name,
            name,
            TableOf(name),
            new Drawing.Map(
                [
                    new(name, name, 0, IsIll: true),
                    new($"{name}2", name, 0, IsIll: false),
                    new("c", name, 1, IsIll: false),
                ],
                [new(name, name, 1, 5), new(name, $"{name}2", 1, 0), new(name, "c", 2, 0), new("c", name, 2, 0)]
            )
        );
        yield return new(
            name,
            name,
            TableOf(name),
            new Drawing.Spans([new(name, 0, 4, "good", IsCritical: true, name), new(name, 4, 0, "bad", false, name)])
        );
        yield return new(
            name,
            name,
            TableOf(name),
            new Drawing.Heat(
                [name, name],
                [
                    [1, 2],
                    [0],
                ],
                Noon,
                Noon.AddMinutes(1),
                [new(Noon, name)]
            )
        );
        yield return new(name, name, TableOf(name), new Drawing.Tree([new(name, 4, name, 0), new(name, 0, name, 1)]));
        yield return new(name, name, TableOf(name), new Drawing.Days([new(name, null, name), new(name, 0.1, name)]));
        yield return new(
            name,
            name,
            TableOf(name),
            new Drawing.Turns(
                [name],
                [new(0, Noon, Noon.AddDays(1), name, 0), new(0, Noon.AddDays(1), Noon.AddDays(2), name, -1)],
                Noon,
                Noon.AddDays(2)
            )
        );
    }

    [Fact]
    public void A_treemap_gives_each_part_its_share_of_the_room()
    {
        Drawing.Leaf[] parts = [new("a", 5, "", 0), new("b", 3, "", 0), new("c", 2, "", 0)];

        var boxes = TreePicture.Boxes(parts, (0, 0, 200, 100));

        Assert.Equal([10_000, 6_000, 4_000], boxes.Select(static one => (int)Math.Round(one.Width * one.Height)));
    }

    [Fact]
    public void Marks_that_would_cover_each_other_have_one_name_that_of_the_newest()
    {
        var picture = new Picture(
            "t",
            "s",
            new([], []),
            new Drawing.Lines(
                [new("a", "other", [new(Noon, 1), new(Noon.AddMinutes(60), 1)], [], [])],
                "",
                null,
                [new(Noon.AddMinutes(50), "@45"), new(Noon.AddMinutes(51), "@46"), new(Noon.AddMinutes(10), "@44")]
            )
        );

        var svg = XElement.Parse(Draw.Of(picture, Canvas.Half, "one"));

        Assert.Equal(
            ["@46", "@44"],
            svg.Elements()
                .Where(static one => (string?)one.Attribute("class") == "ax strong")
                .Select(static one => one.Value)
        );
        Assert.Equal(3, svg.Elements().Count(static one => (string?)one.Attribute("class") == "moment"));
    }
}
