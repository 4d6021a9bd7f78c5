using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Data.Linting;
using Fairlead.Engine.Data.Migrations;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Looks at migrations in SQL for what would hold up or break what is live; needs no database.</summary>
public static class LintMigrations
{
    private const string Word = "migration";

    public sealed record Input
    {
        [Description("Folder of the migrations, from the app's folder; the usual places when left out.")]
        [Positional]
        public string? Migrations { get; init; }

        [Description("The app's folder.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("Only speak of files that this commit does not have as they are, such as main.")]
        public string? Base { get; init; }

        [Description("What the database speaks: postgres (also when left out) or mysql.")]
        public SqlDialect Dialect { get; init; }

        [Description("Findings as bad as this make it fail: risky, dangerous (also when left out) or irreversible.")]
        public Harm Fail { get; init; } = Harm.Dangerous;

        [Description("A file for CI systems as well: .xml in JUnit's form, .sarif in SARIF.")]
        public string? Report { get; init; }
    }

    /// <param name="Verdict">passed or failed.</param>
    /// <param name="Looked">How many files were looked at.</param>
    /// <param name="Allowed">What comments accept, with their reasons.</param>
    /// <param name="Problems">Why it failed; empty when it passed.</param>
    public sealed record Output(
        string Verdict,
        string Folder,
        int Looked,
        IReadOnlyList<CheckFinding> Findings,
        IReadOnlyList<string> Allowed,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "migration.lint",
            "Look at migrations in SQL for locks, rewrites and what the live release would miss.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead migration lint", "fairlead migration lint db/migrations --base main"],
            FailsByProblems = true,
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        var folder = (input.Migrations ?? MigrationFolder.Find(tree) ?? MigrationFolder.Customary[0]).TrimEnd('/');
        var files = MigrationFolder.Read(tree, folder);
        var lint = new MigrationLint(input.Dialect);
        var (findings, allowed, looked) = (new List<CheckFinding>(), new List<string>(), 0);
        foreach (var file in files)
        {
            var found = lint.Look(file.Script, file.IsContract);
            if (
                input.Base is { } revision
                && await IsKnownAsync(engine, input.Folder, (revision, $"{folder}/{file.Name}"), file, stop)
            )
            {
                continue; // Read for the types of its columns.
            }
            looked++;
            findings.AddRange(found.Open.Select(one => View(one, $"{folder}/{file.Name}")));
            allowed.AddRange(found.Allowed.Select(one => $"{file.Name}: {one}"));
        }
        bool Stops(string severity) =>
            Enum.TryParse<Harm>(severity, ignoreCase: true, out var harm) && (int)harm >= (int)input.Fail;
        if (input.Report is { } report)
        {
            engine.OpenChecks(input.Folder).Files.Write(report, CheckReport.Of(report, Word, findings, Stops));
        }
        var stopping = findings.Where(one => Stops(one.Severity)).ToList();
        return new(
            stopping.Count == 0 ? "passed" : "failed",
            folder,
            looked,
            findings,
            allowed,
            stopping.Count == 0 ? [] : [Failed(folder, stopping)]
        );
    }

    private static async Task<bool> IsKnownAsync(
        EngineContext engine,
        string folder,
        (string Revision, string Path) place,
        MigrationFile file,
        CancellationToken stop
    ) =>
        await engine.OpenChecks(folder).Revisions.ReadAsync(place.Revision, place.Path, stop) is { } bytes
        && new MigrationFile(file.Name, System.Text.Encoding.UTF8.GetString(bytes)).Digest == file.Digest;

    private static CheckFinding View(LintFinding one, string file)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{file}:{one.Line}");
        return new(one.Harm.ToString().ToLowerInvariant(), one.Rule, place, one.What, one.Why, one.Recipe, place);
    }

    private static Problem Failed(string folder, List<CheckFinding> stopping)
    {
        const int ShownMax = 20;
        return new(
            "migration.dangerous",
            What: $"The migrations in {folder} may not run as they are: {stopping.Count} {(stopping.Count == 1 ? "finding" : "findings")}.",
            Why: $"{stopping[0].What} {stopping[0].Why}",
            Fix: stopping[0].Fix
        )
        {
            Where = stopping[0].File,
            Evidence =
            [
                .. stopping.Skip(1).Take(ShownMax).Select(static one => $"{one.Where}: {one.What} ({one.Rule})"),
            ],
        };
    }
}
