using System.Globalization;
using Fairlead.Engine.Data.Linting;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Data.Migrations;

/// <summary>Which files of a folder are still to be run. Pure.</summary>
public static class PendingMigrations
{
    private const string Batch = "batch";

    /// <param name="files">All of the folder, in their order.</param>
    /// <param name="applied">What the database says was done.</param>
    /// <param name="contracts">Contracts that may run now.</param>
    /// <exception cref="ProblemException">A file that was done says something else now.</exception>
    public static IReadOnlyList<MigrationFile> Of(
        IReadOnlyList<MigrationFile> files,
        IReadOnlyList<AppliedMigration> applied,
        IReadOnlyCollection<string> contracts
    )
    {
        var done = applied.ToDictionary(static one => one.Name, StringComparer.Ordinal);
        var changed = files
            .Where(one => done.TryGetValue(one.Name, out var was) && was.IsWhole && was.Digest != one.Digest)
            .ToList();
        if (changed.Count > 0)
        {
            throw new ProblemException([.. changed.Select(one => Changed(one, done[one.Name]))]);
        }
        return
        [
            .. files
                .Where(one => !(done.TryGetValue(one.Name, out var was) && was.IsWhole))
                .Where(one => !one.IsContract || contracts.Contains(one.Name)),
        ];
    }

    /// <summary>Looks at what is to be run, unless the database is empty: then nobody uses it yet.</summary>
    /// <exception cref="ProblemException">Something of it would hold up or break what is live, and no comment accepts that.</exception>
    public static void ThrowIfDangerous(
        IReadOnlyList<MigrationFile> files,
        IReadOnlyList<MigrationFile> pending,
        IMigrationSession session
    )
    {
        // A file of SQLite is written by one at a time anyway: nothing that the rules look for is a danger there.
        if (session.Applied.Count == 0 || session.Kind is DatabaseKind.Sqlite)
        {
            return;
        }
        var lint = new MigrationLint(session.Kind is DatabaseKind.Mysql ? SqlDialect.Mysql : SqlDialect.Postgres);
        var problems = new List<Problem>();
        foreach (var file in files)
        {
            var findings = lint.Look(file.Script, file.IsContract);
            if (pending.Contains(file))
            {
                problems.AddRange(
                    findings.Open.Where(static one => one.Harm >= Harm.Dangerous).Select(one => Dangerous(file, one))
                );
            }
        }
        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }
    }

    /// <summary>A file as it is run.</summary>
    public static MigrationOrder Order(MigrationFile file, string release)
    {
        var batch = file.Script.Directives.FirstOrDefault(static one => one.Split(' ')[0] == Batch);
        return new(
            file.Name,
            file.Digest,
            [.. file.Script.Statements.Select(static one => new MigrationStatement(one.Text, one.Line))],
            file.Script.RunsAlone,
            release
        )
        {
            IsBatch = batch is not null,
            BatchPause = batch?.Split(' ') is [_, var pause, ..]
                ? Units.TryParseDuration(pause) ?? TimeSpan.Zero
                : TimeSpan.Zero,
        };
    }

    private static Problem Changed(MigrationFile file, AppliedMigration was) =>
        new(
            "migration.changed",
            What: $"The migration {file.Name} was changed after it was done.",
            Why: $"It was done at {was.At.ToString("u", CultureInfo.InvariantCulture)} with another text ({was.Digest[..8]}, now {file.Digest[..8]}).",
            Fix: "Give it its old text back, and write what is new in a file of its own."
        )
        {
            Where = file.Name,
            Trouble = Trouble.Conflict,
        };

    private static Problem Dangerous(MigrationFile file, LintFinding one) =>
        new(
            "migration.dangerous",
            one.What,
            one.Why,
            $"{one.Recipe} Or accept it: -- fairlead: allow {one.Rule} because ..."
        )
        {
            Where = string.Create(CultureInfo.InvariantCulture, $"{file.Name}:{one.Line}"),
            Trouble = Trouble.WrongUse,
        };
}
