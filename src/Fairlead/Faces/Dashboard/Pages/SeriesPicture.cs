using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>The answer of a query of metrics as a picture.</summary>
internal static class SeriesPicture
{
    private const int LinesMax = 12;
    private const int TonesCount = 6;

    /// <param name="Says">What the numbers are, as in <c>3% of requests fail</c>.</param>
    public sealed record Question(string Title, string Query, string Last, string Unit, string Says)
    {
        /// <summary>The least of the lines is what matters, not the most.</summary>
        public bool WantsLeast { get; init; }

        /// <summary>Every time has its row in the table behind, for who reads numbers off the picture.</summary>
        public bool IsWhole { get; init; }
    }

    /// <summary>Null where nothing was measured, or the viewer may not see it.</summary>
    public static async Task<Picture?> AskAsync(
        Asking asking,
        Question question,
        IReadOnlyList<Drawing.Mark> marks,
        CancellationToken stop
    )
    {
        var answer = await asking.TryAsync<QueryMetrics.Output>(
            QueryMetrics.Operation,
            new JsonObject { ["query"] = question.Query, ["last"] = question.Last },
            stop
        );
        return answer is null ? null : Of(question, answer.Series, marks);
    }

    /// <inheritdoc cref="AskAsync"/>
    public static Picture? Of(
        Question question,
        IReadOnlyList<QueryMetrics.Line> series,
        IReadOnlyList<Drawing.Mark> marks
    )
    {
        var names = LabelText.Telling([.. series.Select(static one => one.Series)]);
        var lines = series
            .Select((one, index) => new Drawing.Line(names[index], "other", Comparison.Points(one), [], []))
            .Where(static one => one.Points.Any(static point => double.IsFinite(point.Value)))
            .OrderByDescending(static one =>
                one.Points.Max(static point => double.IsFinite(point.Value) ? point.Value : 0)
            )
            .ToList();
        if (lines.Count == 0)
        {
            return null;
        }
        var shown = lines.Take(LinesMax).ToList();
        var last = shown
            .Select(static one =>
                (one.Name, Value: one.Points.Last(static point => double.IsFinite(point.Value)).Value)
            )
            .ToList();
        var most = question.WantsLeast ? last.MinBy(static one => one.Value) : last.MaxBy(static one => one.Value);
        var sentence =
            last.Count == 1
                ? $"{Figures.Brief(most.Value)}{question.Unit} {question.Says}."
                : $"{most.Name} has {(question.WantsLeast ? "least" : "most")}: {Figures.Brief(most.Value)}{question.Unit} {question.Says}; {Texts.Count(lines.Count, "line")} in all{(lines.Count > LinesMax ? $", of which the {LinesMax} highest are drawn" : "")}.";
        return new(
            question.Title,
            sentence,
            question.IsWhole
                ? SeriesTable.Of(shown, question.Unit, int.MaxValue)
                : SeriesTable.Of(shown, question.Unit),
            new Drawing.Lines(shown, question.Unit, null, marks)
        );
    }

    /// <summary>Which line is which.</summary>
    public static IReadOnlyList<(string Tone, string Word)> KeysOf(Picture picture) =>
        picture.Drawing is Drawing.Lines { All.Count: > 1 } lines
            ? [.. lines.All.Select(static (one, index) => ($"tone-{index % TonesCount}", one.Name))]
            : [];
}
