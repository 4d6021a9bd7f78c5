using System.Xml.Linq;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Reporting;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;

namespace Fairlead.Tests.Responding.Incidents;

/// <summary>What incidents looked like in numbers.</summary>
public sealed class IncidentGraphsTests
{
    private static readonly Incident Bad = new()
    {
        Number = 7,
        Site = new Site("shop", "production"),
        Title = "Baskets | are <empty>",
        StartedAt = Words.Noon,
        DetectedAt = Words.At(5),
        MitigatedAt = Words.At(600),
        ResolvedAt = Words.At(615),
        OpenedBy = IncidentTurn.Self,
    };

    private static IncidentGraphs.Kind Errors => IncidentGraphs.Kinds[0];

    [Fact]
    public void A_graph_says_what_was_usual_what_was_worst_and_how_it_ended()
    {
        var graph = IncidentGraphs.Of(Errors, Bad, Points(), [(Words.At(-60), 42), (Words.At(590), 41)]);
        Assert.Equal(
            "Failed requests: 37.5 % at most while the incident went on, at 12:05:00 UTC; 0.2 % was usual in the time before, 0.1 % at last.",
            graph.Sentence
        );
        Assert.Equal(
            ["release 42 live 11:59:00", "began 12:00:00", "release 41 live 12:09:50", "mitigated 12:10:00"],
            graph.Marks.Select(static one => $"{one.Name} {one.At:HH:mm:ss}")
        );
    }

    [Fact]
    public void Where_nothing_was_measured_it_says_so()
    {
        GraphPoint[] before = [new(Words.At(-600), 0.2), new(Words.At(60), double.NaN)];
        Assert.Equal(
            "Failed requests: there are no numbers of it while the incident went on.",
            IncidentGraphs.Of(Errors, Bad, before, []).Sentence
        );
        Assert.Contains(
            "There are no numbers.",
            GraphSvg.Of(IncidentGraphs.Of(Errors, Bad, [], [])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_query_can_be_asked_over_the_time_around_it()
    {
        var (from, until, step) = IncidentGraphs.SpanOf(Bad, Words.At(86_400));
        Assert.Equal((Words.At(-1800), Words.At(1215), TimeSpan.FromSeconds(26)), (from, until, step));
        Assert.All(
            IncidentGraphs.Kinds,
            one => Assert.NotEmpty(QueryEngine.Format(IncidentGraphs.QueryOf(one, Bad.Site!, step)))
        );
        var longest = IncidentGraphs.SpanOf(Bad with { StartedAt = Words.At(-1e7) }, Words.At(86_400));
        Assert.Equal(TimeSpan.FromDays(3), longest.Until - longest.From);
    }

    [Fact]
    public void A_picture_stands_for_itself_and_holds_nothing_that_runs()
    {
        var graph = IncidentGraphs.Of(Errors, Bad, Points(), []) with { Title = "<script>alert(1)</script>\u0001" };
        var svg = XDocument.Parse(GraphSvg.Of(graph)).Root!;
        Assert.Equal("img", svg.Attribute("role")?.Value);
        Assert.Equal(graph.Sentence, svg.Attribute("aria-label")?.Value);
        Assert.DoesNotContain(svg.Descendants(), static one => one.Name.LocalName is "script" or "image" or "a");
        // A hole in the numbers is a hole in the line.
        var path = svg.Descendants().First(static one => one.Name.LocalName == "path").Attribute("d")!.Value;
        Assert.Equal(2, path.Count(static letter => letter == 'M'));
    }

    [Fact]
    public void A_post_mortem_has_each_graph_as_sentence_table_and_link()
    {
        var text = PostMortem.Of(Bad, Words.At(700), [IncidentGraphs.Of(Errors, Bad, Points(), [])]);
        Assert.Contains("### Failed requests\n\n![Failed requests: 37.5 % at most", text, StringComparison.Ordinal);
        Assert.Contains("](incident-7-errors.svg)\n", text, StringComparison.Ordinal);
        Assert.Contains("| 2026-11-28 12:05:00 | 37.5 |\n", text, StringComparison.Ordinal);
        var page = PostMortemPage.Of(Bad, [IncidentGraphs.Of(Errors, Bad, Points(), [])], Words.At(700));
        Assert.Contains("<figcaption>Failed requests: 37.5 % at most", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<empty>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_table_keeps_its_highest_number()
    {
        var graph = new Graph(
            "a",
            "A",
            "",
            [.. Enumerable.Range(0, 500).Select(static at => new GraphPoint(Words.At(at), at == 333 ? 99 : 1))],
            []
        )
        {
            Sentence = "",
        };
        Assert.Equal(21, graph.Rows.Count);
        Assert.Contains(new(Words.At(333), 99), graph.Rows);
    }

    private static IReadOnlyList<GraphPoint> Points() =>
        [
            new(Words.At(-600), 0.2),
            new(Words.At(-300), 0.2),
            new(Words.At(0), 12),
            new(Words.At(150), double.NaN),
            new(Words.At(300), 37.5),
            new(Words.At(600), 3),
            new(Words.At(700), 0.1),
        ];
}
