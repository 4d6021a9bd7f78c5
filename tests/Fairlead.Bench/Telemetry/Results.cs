using System.Globalization;
using System.Text;

namespace Fairlead.Bench.Telemetry;

/// <summary>Figures by peer and measure, as Markdown with our ratio to each other one.</summary>
internal sealed class Results
{
    private const string Own = "fairlead";

    private readonly List<(string Peer, string Measure, double Value)> all = [];

    public void Add(string peer, string measure, double value) => all.Add((peer, measure, value));

    public string Table()
    {
        string[] peers = [.. all.Select(one => one.Peer).Distinct()];
        string[] others = [.. peers.Where(peer => peer != Own)];
        var text = new StringBuilder();
        text.AppendLine(
            $"| measure | {string.Join(" | ", peers)} | {string.Join(" | ", others.Select(one => $"ours / {one}"))} |"
        );
        text.AppendLine($"|---|{string.Concat(Enumerable.Repeat("---:|", peers.Length + others.Length))}");
        foreach (var measure in all.Select(one => one.Measure).Distinct())
        {
            var values = peers.ToDictionary(peer => peer, peer => Find(peer, measure));
            var ratios = others.Select(peer => values[Own] / values[peer]);
            text.AppendLine(
                $"| {measure} | {string.Join(" | ", values.Values.Select(Cell))} | {string.Join(" | ", ratios.Select(Cell))} |"
            );
        }
        return text.ToString();
    }

    private double? Find(string peer, string measure) =>
        all.Where(one => one.Peer == peer && one.Measure == measure).Select(one => (double?)one.Value).FirstOrDefault();

    private static string Cell(double? value) =>
        value is not { } number ? "-"
        : number >= 100 ? number.ToString("#,0", CultureInfo.InvariantCulture)
        : number.ToString("0.##", CultureInfo.InvariantCulture);
}
