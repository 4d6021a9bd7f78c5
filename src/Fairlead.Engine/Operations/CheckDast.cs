using System.ComponentModel;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Dast;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Operations;

/// <summary>Looks at a running service for what helps whoever attacks it, with requests that change nothing.</summary>
public static class CheckDast
{
    private const string Check = "dast";

    public sealed record Input : ServiceCheckInput
    {
        [Description("Paths of pages that no link leads to, such as /admin.")]
        public IReadOnlyList<string>? Page { get; init; }

        [Description("Findings as bad as this or worse make it fail; medium when left out.")]
        public Severity? Fail { get; init; }
    }

    /// <param name="Asked">Requests that were sent.</param>
    public sealed record Output(
        string Verdict,
        string Url,
        int Asked,
        IReadOnlyList<CheckFinding> Findings,
        IReadOnlyList<string> Allowed,
        IReadOnlyList<string> Notes,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "check.dast",
            "Look at a running service for what helps whoever attacks it.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead check dast http://127.0.0.1:8080/",
                "fairlead check dast https://staging.example.com/ --host staging.example.com --fail high",
            ],
            FailsByProblems = true,
            Needs = Need.OfAll(Permission.Operate),
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var file = ChecksReader.Read(engine.OpenFolder(input.Folder));
        var settings = file.Dast ?? new();
        var site = input.Address(file, settings.Url, Check);
        var ports = engine.OpenChecks(input.Folder);
        var look = new ServiceLook(
            ports.Caller,
            ports.Tls,
            site,
            CheckHeaders.Of(settings.Headers, ports.Variable),
            $"fl{engine.World.NewId()}"
        );
        var found =
            await look.FindAsync(input.Page ?? settings.Pages ?? [], stop)
            ?? throw new ProblemException(Unreachable(site));
        var (open, allowed) = Allowances.Take(
            [
                .. found.Select(static one => new CheckFinding(
                    Word(one.Severity),
                    one.Rule,
                    one.Where,
                    one.What,
                    one.Why,
                    one.Fix
                )),
            ],
            settings.Allow ?? [],
            PageChecks.Today(engine),
            Word(Severity.Critical)
        );
        var least = input.Fail ?? Severity.Medium;
        bool Stops(string severity) =>
            Enum.TryParse<Severity>(severity, ignoreCase: true, out var known) && known >= least;
        if (input.Report is { } report)
        {
            ports.Files.Write(report, CheckReport.Of(report, Check, open, Stops));
        }
        List<CheckFinding> stopping = [.. open.Where(one => Stops(one.Severity))];
        return new(
            stopping.Count == 0 ? "passed" : "failed",
            site.ToString(),
            look.Asked,
            open,
            allowed,
            look.Left == 0
                ? []
                : [$"{look.Left} pages were not tried with values: {look.Asked} requests are enough for one look."],
            PageChecks.Problems(site, "helps whoever attacks it", stopping)
        );
    }

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();

    private static Problem Unreachable(Uri site) =>
        new(
            "check.unreachable",
            What: $"{site} does not answer.",
            Why: "Nothing could be asked.",
            Fix: $"Start the service first, and look at it yourself: curl -v {site}"
        )
        {
            Trouble = Trouble.Unreachable,
        };
}
