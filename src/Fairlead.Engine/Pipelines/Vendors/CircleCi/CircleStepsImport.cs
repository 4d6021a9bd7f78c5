using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Vendors.GitHub;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>Reads the steps of a job, with the commands of the file in their places.</summary>
internal sealed partial class CircleStepsImport(CircleWhole whole, TranslationNotes notes)
{
    private const int DepthMax = 10;
    private const int StepsMax = 5_000;
    private const string Home = "~/project";

    /// <summary>Variables that CircleCI sets, and what they are here.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["CIRCLE_SHA1"] = "${{ commit }}",
        ["CIRCLE_BRANCH"] = "${{ branch }}",
        ["CIRCLE_TAG"] = "${{ tag }}",
        // Of a job that is done once.
        ["CIRCLE_NODE_INDEX"] = "0",
        ["CIRCLE_NODE_TOTAL"] = "1",
    };

    private readonly List<JobTask> tasks = [];
    private int seen;
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <summary>Of the job; what scripts read of CircleCI's own is added.</summary>
    public required Dictionary<string, string> Env { get; init; }

    /// <summary>Of the job; null for where the source is.</summary>
    public string? Folder { get; init; }

    public List<KeptFolder> Caches { get; } = [];

    public IReadOnlyList<JobTask> Tasks => tasks;

    /// <param name="condition">Of the steps around them; null for none.</param>
    public void Read(Node? steps, CircleScope scope, string? condition, int depth = 0)
    {
        foreach (var step in Foreign.Items(steps))
        {
            if (++seen > StepsMax || depth > DepthMax)
            {
                notes.LeftOut(step, "A step", "There are too many of them, or commands that name each other.");
                return;
            }
            var (name, says) = step switch
            {
                Node.Scalar scalar => (scalar.Text, (Node?)null),
                Node.Mapping { Entries: [var only] } => (only.Key, only.Value),
                _ => ("", null),
            };
            if (scope.Whole(name) is { Node: Node.Sequence inner })
            {
                Read(inner, scope, condition, depth + 1);
            }
            else
            {
                Step(step, (name, says), scope, condition, depth);
            }
        }
    }

    private void Step(Node step, (string Name, Node? Says) one, CircleScope scope, string? condition, int depth)
    {
        switch (one.Name)
        {
            case "checkout":
                notes.Mapped(step, "'checkout'", "The source is there.");
                break;
            case "run" when one.Says is not null:
                Run(step, one.Says, scope, condition);
                break;
            case "when" or "unless" when one.Says is not null:
                Within(one.Name == "when", one.Says, scope, condition, depth);
                break;
            case "steps" when one.Says is not null:
                Read(Value(one.Says, scope) is Node.Sequence list ? list : one.Says, scope, condition, depth + 1);
                break;
            case "restore_cache" or "attach_workspace":
                notes.Mapped(step, $"'{one.Name}'", "What is kept, and what jobs that it needs made, is there.");
                break;
            case "save_cache":
                Cache(step, one.Says, scope);
                break;
            case "persist_to_workspace" or "store_artifacts":
                Outputs(step, one, scope);
                break;
            case "store_test_results":
                Reports(step, Foreign.Text(Foreign.Find(one.Says, "path")), scope);
                break;
            case "setup_remote_docker":
                notes.LeftOut(step, "'setup_remote_docker'", "Tasks use the engine that the machine has.");
                break;
            case "add_ssh_keys":
                notes.LeftOut(step, "'add_ssh_keys'", "Keys are not in this file: give them as 'secrets'.");
                break;
            case var command when whole.Command(command) is { } known:
                Read(known.Find("steps"), scope.With(Given(known, one.Says, scope)), condition, depth + 1);
                break;
            default:
                Keep(
                    step,
                    condition,
                    one.Name.Contains('/', StringComparison.Ordinal)
                        ? "it is of an orb."
                        : "there is no such step in this file."
                );
                break;
        }
    }

    private static Node? Value(Node node, CircleScope scope) =>
        node is Node.Scalar scalar ? scope.Whole(scalar.Text)?.Node : null;

    private static Dictionary<string, CircleValue> Given(Node.Mapping command, Node? says, CircleScope scope)
    {
        var values = CircleImport.Defaults(command.Find("parameters"));
        foreach (var one in Foreign.Entries(says))
        {
            values[one.Key] = scope.Of(one.Value);
        }
        return values;
    }

    private void Within(bool isWhen, Node says, CircleScope scope, string? condition, int depth)
    {
        var at = Foreign.Find(says, "condition") ?? says;
        var said = CircleLogic.Of(at, scope);
        if (said is null)
        {
            foreach (var step in Foreign.Items(Foreign.Find(says, "steps")))
            {
                Keep(step, condition, "its condition asks for what only CircleCI knows.");
            }
            return;
        }
        said = isWhen ? said : CircleLogic.Tidy($"!({said})")!;
        if (said == "false" || (!isWhen && said == "!true"))
        {
            notes.Mapped(at, "Steps under a condition", "It never holds: they are left out.");
            return;
        }
        notes.Mapped(at, "Steps under a condition", said == "true" ? "It always holds." : $"if: {Shown.Line(said)}");
        Read(
            Foreign.Find(says, "steps"),
            scope,
            said is "true" or "!false" ? condition : CircleLogic.All(condition, said),
            depth + 1
        );
    }

    private void Run(Node step, Node says, CircleScope scope, string? condition)
    {
        var text = Foreign.Text(says) ?? Foreign.Text(Foreign.Find(says, "command")) ?? "";
        var shell = Shell(Foreign.Text(Foreign.Find(says, "shell")));
        var env = CirclePlaces.Environment(Foreign.Find(says, "environment"), scope, notes);
        var handed = new HandedOn([.. Env.Keys, .. env.Keys]);
        var neutral = scope.Neutral(text);
        var script = neutral is null ? null : handed.Script(shell, neutral);
        var folder = Clean(Foreign.Text(Foreign.Find(says, "working_directory")), scope);
        var why =
            Foreign.IsTrue(Foreign.Find(says, "background")) ? "it goes on in the background while others are done."
            : neutral is null ? "its script asks for what only CircleCI knows."
            : script is null
                ? "others name what is filled into its script, and its interpreter would read it as a part of it."
            : !Foreign.IsProgram(shell) ? "what reads its script is no program's name."
            : folder is null ? "it runs in a folder that is worked out, or leads out of the source."
            : null;
        if (why is not null)
        {
            Keep(step, condition, why);
            return;
        }
        if (script!.Trim().Length == 0)
        {
            notes.LeftOut(step, "A script", "It is empty.");
            return;
        }
        foreach (var (name, value) in handed.Env)
        {
            env[name] = value;
        }
        Ask(step, script, env);
        if (neutral != script)
        {
            notes.Approximated(
                step,
                "Others name what is filled into its script, such as a branch, and could write commands into it.",
                "It is read from a variable now: see that it does not stand in single quotes."
            );
        }
        Add(
            Foreign.Text(Foreign.Find(says, "name")) is { } title ? scope.Neutral(title) : null,
            new JobTask
            {
                Name = "",
                Act = new Act.Script(shell, script),
                Env = env,
                Folder = folder!,
                If = CircleLogic.All(condition, Status(Foreign.Find(says, "when"))),
                Retries = Retries(Foreign.Find(says, "max_auto_reruns")),
            }
        );
        SayTime(says);
        notes.Mapped(
            step,
            "A script",
            "A task that is always done: say its 'inputs', and it is not done again when they did not change."
        );
    }

    private static string? Status(Node? when) =>
        Foreign.Text(when) switch
        {
            "always" => "always()",
            "on_fail" => "failure()",
            _ => null,
        };

    private static int Retries(Node? node) =>
        int.TryParse(Foreign.Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var many)
            ? Math.Min(many, 5)
            : 0;

    private void SayTime(Node says)
    {
        if (Foreign.Find(says, "no_output_timeout") is { } time)
        {
            notes.Approximated(
                time,
                "'no_output_timeout'",
                "A task ends after its whole time here, whatever it says: 'timeout'."
            );
        }
    }

    private static string Shell(string? said) =>
        said is null ? "bash"
        : said.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var program, ..]
            ? Path.GetFileNameWithoutExtension(program.Replace('\\', '/'))
        : "bash";

    /// <summary>A folder of the source; null when it leads out of it, or is worked out.</summary>
    private string? Clean(string? said, CircleScope scope)
    {
        if (said is null)
        {
            return ".";
        }
        var text = scope.Neutral(said);
        if (text is null || text.Contains("${{", StringComparison.Ordinal))
        {
            return null;
        }
        // The source lies where its job works.
        var home = (Folder is null ? null : scope.Neutral(Folder)?.TrimEnd('/')) is { Length: > 0 } own ? own : Home;
        text =
            text.TrimEnd('/') == home ? "."
            : text.StartsWith(home + "/", StringComparison.Ordinal) ? text[(home.Length + 1)..]
            : text;
        text = text.StartsWith("./", StringComparison.Ordinal) ? text[2..] : text;
        text = text.TrimEnd('/');
        text = text.Length == 0 ? "." : text;
        return text == "." || Foreign.IsFolder(text) ? text : null;
    }

    private void Ask(Node at, string script, Dictionary<string, string> env)
    {
        foreach (
            var name in Variable()
                .Matches(script)
                .Select(static one => one.Groups["name"].Value)
                .Distinct(StringComparer.Ordinal)
        )
        {
            if (Env.ContainsKey(name) || env.ContainsKey(name))
            {
                continue;
            }
            if (Known.TryGetValue(name, out var value))
            {
                Env[name] = value;
            }
            else
            {
                notes.LeftOut(
                    at,
                    $"Its script reads {name}.",
                    "CircleCI sets it, and nobody does here: say it under 'env', or write what it stands for."
                );
            }
        }
    }

    private void Cache(Node step, Node? says, CircleScope scope)
    {
        var paths = Foreign
            .Texts(Foreign.Find(says, "paths"))
            .Select(scope.Neutral)
            .OfType<string>()
            .Select(static one => one.TrimEnd('/'))
            .Where(static one => one.Length > 0 && !one.Contains("${{", StringComparison.Ordinal))
            .ToList();
        if (paths.Count == 0)
        {
            notes.LeftOut(
                step,
                "'save_cache'",
                "It names no folder that is known here. It only makes things quicker, so nothing else changes."
            );
            return;
        }
        var key = Foreign.Text(Foreign.Find(says, "key")) ?? "";
        var files = Checksum()
            .Matches(key)
            .Select(static one => one.Groups["file"].Value)
            .Where(Foreign.IsGlob)
            .ToList();
        Caches.Add(new(paths, files));
        notes.Mapped(step, "'save_cache'", "caches: what tells that it is another one are the files of its key.");
    }

    private void Outputs(Node step, (string Name, Node? Says) one, CircleScope scope)
    {
        var last = Maker();
        var root =
            one.Name == "persist_to_workspace" ? Clean(Foreign.Text(Foreign.Find(one.Says, "root")), scope) : ".";
        var paths =
            one.Name == "persist_to_workspace"
                ? Foreign.Texts(Foreign.Find(one.Says, "paths"))
                : Foreign.Texts(Foreign.Find(one.Says, "path"));
        var globs = paths
            .Select(path => Clean(path, scope) is { } clean && root is not null ? Glob(root, clean) : null)
            .ToList();
        if (last < 0 || globs.Count == 0 || globs.Exists(static glob => glob is null || !Foreign.IsGlob(glob)))
        {
            notes.LeftOut(
                step,
                $"'{one.Name}'",
                "What it keeps is worked out, stands outside of the source, or was made by no script."
            );
            return;
        }
        tasks[last] = tasks[last] with
        {
            Outputs = [.. tasks[last].Outputs.Union(globs.OfType<string>(), StringComparer.Ordinal)],
        };
        notes.Mapped(step, $"'{one.Name}'", $"outputs of the task '{tasks[last].Name}'");
    }

    /// <summary>The script that made what a step keeps: the last one that is not there for when things fail.</summary>
    private int Maker() =>
        tasks.FindLastIndex(static task =>
            task.Act is Act.Script && !(task.If?.Contains("failure()", StringComparison.Ordinal) ?? false)
        );

    /// <summary>A name with an ending is a file's, another a folder's.</summary>
    private static string Glob(string root, string path)
    {
        var whole =
            path == "." ? root
            : root == "." ? path
            : $"{root}/{path}";
        var name = whole[(whole.LastIndexOf('/') + 1)..];
        return whole == "." ? "**"
            : whole.Contains('*', StringComparison.Ordinal) || name.LastIndexOf('.') > 0 ? whole
            : $"{whole}/**";
    }

    private void Reports(Node step, string? path, CircleScope scope)
    {
        var clean = path is null ? null : Clean(path, scope);
        var last = Maker();
        if (clean is null || last < 0)
        {
            notes.LeftOut(step, "'store_test_results'", "Where they are is not known.");
            return;
        }
        var glob =
            clean.EndsWith(".xml", StringComparison.Ordinal) ? clean
            : clean == "." ? "**/*.xml"
            : $"{clean}/**/*.xml";
        tasks[last] = tasks[last] with { Reports = [.. tasks[last].Reports.Union([glob], StringComparer.Ordinal)] };
        notes.Mapped(step, "'store_test_results'", $"reports of the task '{tasks[last].Name}', in JUnit's form");
    }

    private void Keep(Node step, string? condition, string why)
    {
        Add(
            null,
            new JobTask
            {
                Name = "",
                Act = new Act.Foreign(
                    "circleci",
                    GitHubForeign.Kept(
                        step is Node.Scalar name
                            ? new Node.Mapping(
                                name.Spot,
                                name.Path,
                                [new(name.Spot, name.Text, new Node.Mapping(name.Spot, name.Path, []))]
                            )
                            : step
                    )
                ),
                If = condition,
            }
        );
        notes.LeftOut(
            step,
            $"The step '{tasks[^1].Name}' is kept for CircleCI alone: {why}",
            "It is done nowhere else. Write what it does as a script, and remove 'foreign'."
        );
    }

    private void Add(string? title, JobTask task)
    {
        var usual = string.Create(CultureInfo.InvariantCulture, $"task-{tasks.Count + 1}");
        var isName = title is not null && Foreign.IsWord(title);
        tasks.Add(task with { Name = Foreign.Free(isName ? title! : usual, taken), Title = isName ? null : title });
    }

    [GeneratedRegex(
        """\{\{\s*checksum\s+"(?<file>[^"]+)"\s*\}\}""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Checksum();

    [GeneratedRegex(
        @"\$\{?(?<name>CIRCLE_[A-Z0-9_]+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Variable();
}
