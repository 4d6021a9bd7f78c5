using Fairlead.Engine.Checking;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making;

/// <summary>
/// Checks of an API or a site, as <c>fairlead check</c> does them. What has an OpenAPI document is compared with the main branch; what wants
/// more than the source, such as a running service, is checked where <c>fairlead.checks.yaml</c> says how.
/// </summary>
internal static class PartChecks
{
    private const string Reports = "reports";

    private static readonly string[] Documents =
    [
        "openapi.yaml",
        "openapi.yml",
        "openapi.json",
        "swagger.yaml",
        "swagger.json",
    ];

    /// <summary>Sections of the file that ask a running service, and the checks that they are of.</summary>
    private static readonly (string Section, string[] Checks)[] OfServices =
    [
        ("contract", ["contract"]),
        ("dast", ["dast"]),
        ("load", ["load"]),
    ];

    /// <summary>What is checked of the source, before it is built.</summary>
    public static IEnumerable<JobTask> Before(Part part, string branch)
    {
        if (part.Sight.First(Documents) is { } document)
        {
            yield return Check(
                part,
                "openapi",
                "Callers of the API go on as before",
                [document, .. SaysBase(part) ? [] : (string[])["--base", $"origin/{branch}:"]]
            );
        }
    }

    /// <summary>What is checked of what was built.</summary>
    public static IEnumerable<JobTask> After(Part part)
    {
        if (Says(part, "bundle"))
        {
            yield return Check(part, "bundle", "What visitors load stays within its budget", []);
        }
        if (Running(part) is { Count: > 0 } checks && Start(part) is { } start)
        {
            yield return new()
            {
                Name = "checks",
                Title = "The running service is checked",
                Act = new Act.Script("sh", Script(part, start, checks)),
                Reports = [.. checks.Select(one => part.In($"{Reports}/{one}.xml"))],
            };
        }
    }

    public static IEnumerable<string> Notes(Part part)
    {
        if (part.Sight.First(Documents) is not null && !Says(part, "contract"))
        {
            yield return $"{part.Name}: say 'contract' in {ChecksFile.Name}, so that the running service is asked for what its OpenAPI document promises.";
        }
        foreach (var note in PartPages.Notes(part))
        {
            yield return note;
        }
        if (Running(part).Count > 0 && Start(part) is null)
        {
            yield return $"{part.Name}: nothing says how it is started, so {string.Join(", ", Running(part))} of {ChecksFile.Name} are not checked.";
        }
    }

    /// <summary>Whether the file of checks has a section; a file with faults says nothing here, and all of them when it is used.</summary>
    public static bool Says(Part part, string section) =>
        part.Sight.Lines(ChecksFile.Name).Any(line => line.StartsWith($"{section}:", StringComparison.Ordinal));

    private static bool SaysBase(Part part) =>
        Says(part, "openapi")
        && part.Sight.Lines(ChecksFile.Name).Any(static line => line.StartsWith("  base:", StringComparison.Ordinal));

    private static List<string> Running(Part part) =>
        [
            .. OfServices.Where(one => Says(part, one.Section)).SelectMany(static one => one.Checks),
            .. PartPages.Checks(part),
        ];

    private static JobTask Check(Part part, string name, string title, IReadOnlyList<string> words) =>
        part.Do(name, ["fairlead", "check", name, .. words, "--report", $"{Reports}/{name}.xml"]) with
        {
            Title = title,
            Reports = [part.In($"{Reports}/{name}.xml")],
        };

    /// <summary>The command that starts it, or shows its files, and where; null where there is none.</summary>
    private static (string Folder, IReadOnlyList<string> Words)? Start(Part part)
    {
        var recipe = part.Detected.Recipe;
        if (recipe.Run.Count == 0)
        {
            return PartPages.Show(part);
        }
        var folder =
            recipe.Build.Any(static one => one.Any(static word => word.Contains("{out}", StringComparison.Ordinal)))
                ? part.Out
            : recipe.Output is { } output ? Manifests.Detecting.Paths.Join(part.Path, output) ?? part.Path
            : part.Path;
        return (folder, recipe.Run);
    }

    // What a task began ends with it, so nothing is stopped here.
    private static string Script(Part part, (string Folder, IReadOnlyList<string> Words) start, List<string> checks)
    {
        const string Port = "8080";
        var words = start.Words.Select(static one => Quoted(one.Replace("{port}", Port, StringComparison.Ordinal)));
        return $"""
            (cd {Quoted(start.Folder)} && PORT={Port} exec {string.Join(' ', words)}) &
            for second in $(seq 60); do curl -so /dev/null http://127.0.0.1:{Port}/ && break; sleep 1; done
            {string.Join(
                '\n',
                checks.Select(one =>
                    $"fairlead check {one} http://127.0.0.1:{Port}/ --folder {Quoted(part.Path)} --report {Reports}/{one}.xml"
                )
            )}

            """;
    }

    private static string Quoted(string word) =>
        word.Length > 0
        && word.All(static one =>
            char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.' or '/' or ':' or '=' or ','
        )
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
