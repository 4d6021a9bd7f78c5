using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Pages;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Looks at pages in a browser for what keeps people out.</summary>
public static class CheckAccessibility
{
    private const string Check = "accessibility";

    public sealed record Input : PageCheckInput;

    /// <param name="Pages">How many were looked at, each in each window.</param>
    public sealed record Output(
        string Verdict,
        string Url,
        int Pages,
        IReadOnlyList<CheckFinding> Findings,
        IReadOnlyList<string> Allowed,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "check.accessibility",
            "Look at pages in a browser for what keeps people out, with axe-core.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead check accessibility http://127.0.0.1:8080/ --page / --page /prices"],
            FailsByProblems = true,
            Needs = Need.OfAll(Permission.Operate),
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (settings, site, views) = PageChecks.Of(engine, input, Check);
        var axe = (AxeFindings.Source(engine.OpenFolder(input.Folder)), settings.Accessibility ?? AxeFindings.Tags);
        var ports = engine.OpenChecks(input.Folder);
        var found = new List<CheckFinding>();
        await using var browser = await ports.Browsers.OpenAsync(stop);
        foreach (var view in views)
        {
            await using var page = await browser.OpenAsync(new(view.Url, view.Width, view.Height, IsStill: true), stop);
            found.AddRange(await AxeFindings.OfAsync(page, view, axe, stop));
        }
        var (open, allowed) = Allowances.Take(found, settings.Allow ?? [], PageChecks.Today(engine), "critical");
        if (input.Report is { } report)
        {
            ports.Files.Write(report, CheckReport.Of(report, Check, open, static _ => true));
        }
        return new(
            open.Count == 0 ? "passed" : "failed",
            site.ToString(),
            views.Count,
            open,
            allowed,
            PageChecks.Problems(site, "keeps people out", open)
        );
    }
}
