using System.Globalization;
using Fairlead.Engine.Data.Linting;
using Fairlead.Engine.Data.Migrations;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>What the migrations of a plan would hold up or break, so that a plan says it before the deployment refuses it.</summary>
internal static class PlannedMigrations
{
    private const int ShownMax = 10;

    /// <param name="next">The release that the plan is of.</param>
    public static IEnumerable<string> Dangers(IFileTree tree, Release next, IReadOnlyList<Step> steps)
    {
        var dangers = steps
            .OfType<Step.Migrate>()
            .Where(static step => step.Tool == MigrationTools.Own)
            .SelectMany(step => Of(tree, next, step))
            .ToList();
        return dangers.Count <= ShownMax
            ? dangers
            :
            [
                .. dangers.Take(ShownMax),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{dangers.Count - ShownMax} more findings in migrations: fairlead migration lint"
                ),
            ];
    }

    private static IEnumerable<string> Of(IFileTree tree, Release next, Step.Migrate step)
    {
        var database = next.Databases!.First(one => one.Name == step.Database); // The step is of one.
        var folder = database.Migrations!.Folder;
        if (database.Kind is DatabaseKind.Sqlite)
        {
            yield break;
        }
        var lint = new MigrationLint(database.Kind is DatabaseKind.Mysql ? SqlDialect.Mysql : SqlDialect.Postgres);
        foreach (var file in Read(tree, folder))
        {
            // All of them are read for the types of columns; only those that run are told of.
            var found = lint.Look(file.Script, file.IsContract).Open;
            if (step.Fresh.Contains(file.Name) || step.Contracts.Contains(file.Name))
            {
                foreach (var one in found.Where(static one => one.Harm >= Harm.Dangerous))
                {
                    yield return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{folder}/{file.Name}:{one.Line}: {one.What} {one.Recipe} ({one.Rule})"
                    );
                }
            }
        }
    }

    // What cannot be read was a finding of the manifest already.
    private static IReadOnlyList<MigrationFile> Read(IFileTree tree, string folder)
    {
        try
        {
            return MigrationFolder.Read(tree, folder);
        }
        catch (ProblemException)
        {
            return [];
        }
    }
}
