using System.Globalization;
using System.Text;

namespace Fairlead.Bench.Edge;

/// <summary>Medians by peer in Markdown, with our ratio to each other one.</summary>
internal static class Table
{
    private const string Own = "fairlead";

    public static string Of(IReadOnlyList<(string Peer, string Measure, double Value)> results)
    {
        string[] peers = [.. results.Select(one => one.Peer).Distinct()];
        string[] others = [.. peers.Where(peer => peer != Own)];
        var text = new StringBuilder();
        text.AppendLine(
            $"| measure | {string.Join(" | ", peers)} | {string.Join(" | ", others.Select(one => $"ours / {one}"))} |"
        );
        text.AppendLine($"|---|{string.Concat(Enumerable.Repeat("---:|", peers.Length + others.Length))}");
        foreach (var measure in Measures.All)
        {
            var medians = peers.ToDictionary(peer => peer, peer => Median(results, peer, measure));
            var cells = peers.Select(peer => Cell(medians[peer]));
            var ratios = others.Select(peer =>
                measure is Measures.Errors
                || medians[peer] is not { } other
                || medians[Own] is not { } own
                || other == 0
                    ? ""
                    : (own / other).ToString("0.00", CultureInfo.InvariantCulture)
            );
            text.AppendLine($"| {measure} | {string.Join(" | ", cells.Concat(ratios))} |");
        }
        return text.ToString();
    }

    private static double? Median(
        IReadOnlyList<(string Peer, string Measure, double Value)> results,
        string peer,
        string measure
    )
    {
        double[] sorted =
        [
            .. results.Where(one => one.Peer == peer && one.Measure == measure).Select(one => one.Value).Order(),
        ];
        return sorted.Length == 0 ? null
            : measure is Measures.Errors ? sorted.Sum()
            : sorted[sorted.Length / 2];
    }

    private static string Cell(double? value) =>
        value is not { } number ? "-"
        : number >= 100 ? number.ToString("#,0", CultureInfo.InvariantCulture)
        : number.ToString("0.##", CultureInfo.InvariantCulture);
}
