using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Pages;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Measures pages with Lighthouse, by the median of several runs.</summary>
public static class CheckLighthouse
{
    private const string Check = "lighthouse";

    private static readonly Dictionary<string, int> Usual = new()
    {
        ["accessibility"] = 90,
        ["best-practices"] = 90,
        ["performance"] = 80,
        ["seo"] = 90,
    };

    public sealed record Input : PageCheckInput
    {
        [Description("How often each page is measured; the median counts. 3 when left out.")]
        [Range(1, 15)]
        public int? Runs { get; init; }
    }

    public sealed record Output(
        string Verdict,
        string Url,
        IReadOnlyList<ScoreView> Scores,
        IReadOnlyList<CheckFinding> Findings,
        IReadOnlyList<string> Allowed,
        IReadOnlyList<Problem> Problems
    );

    /// <param name="Least">What was asked for; null when nothing was.</param>
    /// <param name="Runs">Of each run, to see how much they differ.</param>
    public sealed record ScoreView(string Page, string Category, double Median, int? Least, string Runs);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "check.lighthouse",
            "Measure pages with Lighthouse, by the median of several runs.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead check lighthouse http://127.0.0.1:8080/ --runs 5"],
            FailsByProblems = true,
            Needs = Need.OfAll(Permission.Operate),
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (settings, site, views) = PageChecks.Of(engine, input, Check);
        var ports = engine.OpenChecks(input.Folder);
        var run = new LighthouseRun(
            engine.OpenFolder(input.Folder),
            engine.OpenPipelines(input.Folder).Runner,
            engine.World
        );
        // Its program makes the folder of its report for nobody.
        ports.Files.Write("reports/lighthouse/README.txt", "Reports of the last 'fairlead check lighthouse'.\n"u8);
        var env = new Dictionary<string, string>();
        if ((ports.Variable("CHROME_PATH") ?? ports.Variable("FAIRLEAD_CHROMIUM")) is { Length: > 0 } browser)
        {
            env["CHROME_PATH"] = browser;
        }
        var least = settings.Lighthouse ?? Usual;
        var (scores, found) = (new List<ScoreView>(), new List<CheckFinding>());
        foreach (var view in views)
        {
            foreach (var (category, all) in await run.OfAsync(view, input.Runs ?? 3, env, stop))
            {
                var median = LighthouseRun.Median(all);
                int? asked = least.TryGetValue(category, out var number) ? number : null;
                scores.Add(
                    new(
                        view.ToString(),
                        category,
                        median,
                        asked,
                        string.Join(' ', all.Select(static one => one.ToString(CultureInfo.InvariantCulture)))
                    )
                );
                if (median < asked)
                {
                    found.Add(Finding(view, category, median, asked.Value));
                }
            }
        }
        var (open, allowed) = Allowances.Take(found, settings.Allow ?? [], PageChecks.Today(engine), "high");
        if (input.Report is { } report)
        {
            ports.Files.Write(report, CheckReport.Of(report, Check, open, static _ => true));
        }
        return new(
            open.Count == 0 ? "passed" : "failed",
            site.ToString(),
            scores,
            open,
            allowed,
            PageChecks.Problems(site, "is not as good as was asked for", open)
        );
    }

    private static CheckFinding Finding(PageView view, string category, double median, int asked) =>
        new(
            "high",
            $"lighthouse-{category}",
            view.ToString(),
            $"Its {category} is {median.ToString(CultureInfo.InvariantCulture)}, and {asked} was asked for.",
            "That is the median of all runs.",
            $"See what costs most in reports/lighthouse/{view.Name}.1.json"
        );
}
