using System.ComponentModel;
using System.IO.Enumeration;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Contracts;
using Fairlead.Engine.Checking.OpenApi;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Asks a running service for what its OpenAPI document promises.</summary>
public static class CheckContract
{
    private const string Check = "contract";
    private const int OperationsMax = 2_000;
    private static readonly string[] Harmless = ["GET", "HEAD", "OPTIONS", "QUERY"];

    public sealed record Input : ServiceCheckInput
    {
        [Description("The document, from the folder; as fairlead.checks.yaml says, else openapi.yaml or the like.")]
        public string? Document { get; init; }

        [Description("Ask also what changes something: POST, PUT, PATCH and DELETE.")]
        public bool Writes { get; init; }
    }

    /// <param name="Asked">Operations that were asked, of all that the document has.</param>
    /// <param name="Kept">Of them, those that kept all that is promised.</param>
    /// <param name="Notes">What was not asked or not proven, and why.</param>
    public sealed record Output(
        string Verdict,
        string Url,
        string Document,
        int Operations,
        int Asked,
        int Kept,
        IReadOnlyList<CheckFinding> Findings,
        IReadOnlyList<string> Allowed,
        IReadOnlyList<string> Notes,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "check.contract",
            "Ask a running service for what its OpenAPI document promises.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead check contract http://127.0.0.1:8080/api",
                "fairlead check contract http://127.0.0.1:8080 --document openapi.json --writes --report reports/contract.xml",
            ],
            FailsByProblems = true,
            Needs = Need.OfAll(Permission.Operate),
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        var file = ChecksReader.Read(tree);
        var settings = file.Contract ?? new();
        var ports = engine.OpenChecks(input.Folder);
        var name = CheckOpenApi.DocumentOf(tree, input.Document ?? settings.Document ?? file.Openapi?.Document);
        var document = await CheckOpenApi.ReadAsync(tree, name, stop);
        var url = input.Address(file, settings.Url, Check);
        var headers = CheckHeaders.Of(settings.Headers, ports.Variable);
        var (findings, notes, asked, kept) = (new List<CheckFinding>(), new List<string>(), 0, 0);
        foreach (var operation in document.Operations.Take(OperationsMax))
        {
            if (WhyNot(operation, input.Writes || settings.Writes is true, settings.Skip ?? []) is { } reason)
            {
                notes.Add($"{operation} was not asked: {reason}");
                continue;
            }
            var made = ContractCase.Of(document, operation, url, headers);
            if (made.Order is null)
            {
                notes.Add($"{operation} was not asked: {made.Reason}");
                continue;
            }
            var (broken, note) = ContractJudge.Judge(document, made, await ports.Caller.AskAsync(made.Order, stop));
            asked++;
            kept += broken.Count == 0 ? 1 : 0;
            findings.AddRange(
                broken.Select(one => one with { File = one.File?.StartsWith(':') is true ? name + one.File : one.File })
            );
            notes.AddRange(note is null ? [] : [note]);
        }
        var (open, allowed) = Allowances.Take(
            findings,
            settings.Allow ?? [],
            DateOnly.FromDateTime(engine.World.Now.UtcDateTime),
            "high"
        );
        if (input.Report is { } report)
        {
            ports.Files.Write(report, CheckReport.Of(report, Check, open, static _ => true));
        }
        return new(
            open.Count > 0 || asked == 0 ? "failed" : "passed",
            url.ToString(),
            name,
            document.Operations.Count,
            asked,
            kept,
            open,
            allowed,
            notes,
            open.Count > 0 ? [Failed(url, open)]
                : asked == 0 ? [Nothing(name)]
                : []
        );
    }

    private static string? WhyNot(ApiOperation operation, bool writes, IReadOnlyList<string> skip) =>
        skip.FirstOrDefault(one => FileSystemName.MatchesSimpleExpression(one, operation.ToString(), ignoreCase: false))
            is { } said
            ? $"{ChecksFile.Name} says to skip {said}."
        : !writes && !Harmless.Contains(operation.Method) ? "it changes something, which --writes allows."
        : null;

    private static Problem Failed(Uri url, IReadOnlyList<CheckFinding> open)
    {
        const int ShownMax = 20;
        return new(
            "check.failed",
            What: $"{url} does not keep what its document promises: {open.Count} {(open.Count == 1 ? "finding" : "findings")}.",
            Why: $"{open[0].Where}: {open[0].What} {open[0].Why}",
            Fix: open[0].Fix
        )
        {
            Evidence = [.. open.Skip(1).Take(ShownMax).Select(static one => $"{one.Where}: {one.What}")],
        };
    }

    // A check that checks nothing must not look like one that found nothing.
    private static Problem Nothing(string document) =>
        new(
            "check.nothing-asked",
            What: $"Nothing of {document} could be asked.",
            Why: "It has no operations, or each was left out for a reason among the notes.",
            Fix: "Give parameters examples, or let it ask what changes something: --writes"
        );
}
