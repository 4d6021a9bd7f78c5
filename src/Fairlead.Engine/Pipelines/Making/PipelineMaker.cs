using System.Globalization;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Apps;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Pipelines.Making;

/// <summary>
/// Makes the pipeline that an expert would begin with: each service is installed as its lock says, checked, tested and built, what it
/// depends on is looked at for known weaknesses, and what ended well on the main branch is deployed.
/// </summary>
public static class PipelineMaker
{
    /// <summary>In kilobytes, of all scripts and styles of a site: what a slow phone loads in about three seconds.</summary>
    private const int BudgetKilobytes = 500;

    /// <returns>The pipeline, null when nothing was recognised; and what a person should know of it.</returns>
    public static (Pipeline? Pipeline, IReadOnlyList<string> Notes) Of(IFileTree tree)
    {
        var app = Detection.DetectApp(tree);
        if (app.Services.Count == 0)
        {
            return (null, []);
        }
        var all = app.Services.Select(one => Known(tree, one)).ToList();
        var branch = MainBranch(tree);
        List<Job> jobs =
        [
            .. all.Select(one => Of(one.Part, one.Work, branch)).Where(static job => job.Tasks.Count > 0),
        ];
        List<string> notes = [.. all.SelectMany(static one => Notes(one.Part, one.Work))];
        if (Audit(all, jobs) is { Tasks.Count: > 0 } audit)
        {
            jobs.Add(audit);
        }
        if (app.Services.Any(static one => one.Detected.Kind != Kind.Mobile))
        {
            jobs.Add(Deploy(jobs, branch));
            notes.Add(
                "'deploy' makes a release live in 'production'. Approvals and the strategy are said in the fairlead.yaml."
            );
        }
        return (
            new()
            {
                Name = app.Name,
                On = new() { Push = [branch], Change = ["**"] },
                // A newer commit of a branch waits: to end a run in the middle could end it in the middle of a deployment.
                Concurrency = new($"{app.Name}-${{{{ ref }}}}", CancelsOlder: false),
                Jobs = jobs,
            },
            notes
        );
    }

    private static (Part Part, Work Work) Known(IFileTree tree, DetectedService service)
    {
        var part = new Part(service.Name, service.Path, new(tree, service.Path), service.Detected);
        var work = AllFamilies.Of(part);
        return (part with { Made = work.Made }, work);
    }

    private static IEnumerable<string> Notes(Part part, Work work)
    {
        foreach (var (tool, _) in work.Tools.Where(static one => one.Value.Length == 0))
        {
            yield return $"{part.Name}: nothing says which version of {tool} it wants. Say it under 'tools', so that it is the same everywhere.";
        }
        if (work.Checks.All(static one => one.Name != "test"))
        {
            yield return $"{part.Name}: no tests were found.";
        }
        foreach (var note in PartChecks.Notes(part))
        {
            yield return note;
        }
    }

    private static Job Audit(List<(Part Part, Work Work)> all, List<Job> jobs)
    {
        var tools = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var (tool, version) in all.Where(static one => one.Work.Audit.Count > 0)
                .SelectMany(static one => one.Work.Tools)
        )
        {
            _ = tools.TryAdd(tool, version);
        }
        return new()
        {
            Name = Free("audit", jobs),
            Title = "Known weaknesses",
            Tools = tools,
            Tasks = Distinct([
                .. all.SelectMany(one =>
                    one.Work.Audit.Select(task => task with { Name = all.Count == 1 ? task.Name : one.Part.Name })
                ),
            ]),
        };
    }

    private static Job Of(Part part, Work work, string branch) =>
        new()
        {
            Name = part.Name,
            Tools = work.Tools,
            Caches = work.Caches,
            Machine = work.Machine,
            Timeout = TimeSpan.FromMinutes(30),
            Tasks = Distinct([
                .. work.Checks,
                .. PartChecks.Before(part, branch),
                .. Build(part, work),
                .. Budget(part),
                .. PartChecks.After(part),
            ]),
        };

    private static List<JobTask> Build(Part part, Work work)
    {
        var recipe = part.Detected.Recipe;
        var target = Paths.Relative(part.Path, part.Out);
        var commands = recipe.Build.Where(words => !work.Installs(words)).ToList();
        var made =
            recipe.Output is null || commands.Exists(static one => one.Any(HasOut)) ? $"{part.Out}/**"
            : Paths.Join(".", recipe.Output) is { } folder and not "." ? $"{part.In(folder)}/**"
            : null;
        List<JobTask> tasks =
        [
            .. commands.Select(words =>
                part.Do("build", [.. words.Select(one => one.Replace("{out}", target, StringComparison.Ordinal))])
            ),
        ];
        if (tasks.Count > 0 && made is not null)
        {
            tasks[^1] = tasks[^1] with
            {
                // What several commands make in places that nobody knows is made again.
                Inputs = tasks.Count > 1 ? null : part.Source,
                Outputs = [made],
            };
        }
        return tasks;
    }

    /// <summary>Scripts and styles of a site stay small.</summary>
    private static IEnumerable<JobTask> Budget(Part part)
    {
        var recipe = part.Detected.Recipe;
        if (
            part.Detected.Kind != Kind.Web
            || recipe.Run.Count > 0
            || recipe.Output is null
            || PartChecks.Says(part, "bundle")
        )
        {
            return [];
        }
        var folder = Paths.Join(part.Path, recipe.Output) ?? ".";
        // Where nothing is built, what tools installed lies beside the pages, and visitors do not get it.
        var pages = recipe.Build.Count > 0 ? "" : "-name node_modules -prune -o ";
        return
        [
            new()
            {
                Name = "budget",
                Title = "Scripts and styles stay within their budget",
                Env = new Dictionary<string, string>
                {
                    ["BUDGET"] = BudgetKilobytes.ToString(CultureInfo.InvariantCulture),
                    ["SITE"] = folder,
                },
                Act = new Act.Script(
                    "sh",
                    $$"""
                    size=$(find "$SITE" {{pages}}-type f \( -name '*.js' -o -name '*.css' \) -exec cat {} + | wc -c)
                    echo "$((size / 1000)) kB of scripts and styles, at most $BUDGET kB"
                    test "$size" -le "$((BUDGET * 1000))"

                    """
                ),
            },
        ];
    }

    private static Job Deploy(List<Job> jobs, string branch) =>
        new()
        {
            Name = Free("deploy", jobs),
            Needs = [.. jobs.Select(static one => one.Name)],
            If = $"branch == '{branch}' && event == 'push'",
            Environment = "production",
            Tasks =
            [
                new()
                {
                    Name = "deploy",
                    Act = new Act.Deploy("production"),
                    IsOnce = true,
                },
            ],
        };

    private static List<JobTask> Distinct(List<JobTask> tasks)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. tasks.Select(task =>
            {
                var name = task.Name;
                for (var number = 2; !seen.Add(name); number++)
                {
                    name = string.Create(CultureInfo.InvariantCulture, $"{task.Name}-{number}");
                }
                return task with { Name = name };
            }),
        ];
    }

    private static string Free(string name, List<Job> jobs) =>
        jobs.Exists(one => one.Name == name) ? $"{name}-all" : name;

    private static bool HasOut(string word) => word.Contains("{out}", StringComparison.Ordinal);

    /// <summary>The branch that clones begin on; else the one that is checked out when it has a customary name.</summary>
    private static string MainBranch(IFileTree tree)
    {
        foreach (
            var (file, head) in ((string, string)[])
                [(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/"), (".git/HEAD", "ref: refs/heads/")]
        )
        {
            if (
                tree.ReadText(file)?.Trim() is { } text
                && text.StartsWith(head, StringComparison.Ordinal)
                && text[head.Length..] is var name
                && (
                    head.Contains("remotes", StringComparison.Ordinal)
                    || name is "main" or "master" or "trunk" or "develop"
                )
                && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '/' or '.')
            )
            {
                return name;
            }
        }
        return "main";
    }
}
