using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Reads the scripts of a job of GitLab: one task, since they are one shell there, and one more for what comes after in any case.</summary>
internal sealed partial class GitLabScript(GitLabWhole whole, TranslationNotes notes)
{
    private const string Place = "CI_PROJECT_DIR";

    /// <summary>Variables that GitLab sets, and what they are here.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["CI_COMMIT_SHA"] = "${{ commit }}",
        ["CI_COMMIT_BRANCH"] = "${{ branch }}",
        ["CI_COMMIT_TAG"] = "${{ tag }}",
        ["CI_COMMIT_REF_NAME"] = "${{ branch || tag }}",
        ["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"] = "${{ source }}",
        ["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = "${{ target }}",
    };

    /// <summary>Variables that GitLab sets to what the file says of the job.</summary>
    private readonly Dictionary<string, string> own = new(StringComparer.Ordinal);

    /// <summary>Variables that tell a job which of several it is.</summary>
    public required IReadOnlyDictionary<string, string> Told { get; init; }

    /// <summary>The tasks, and variables that their scripts read.</summary>
    public (List<JobTask> Tasks, Dictionary<string, string> Env) Read(Node job, string name)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        own["CI_JOB_NAME"] = name;
        own["CI_JOB_STAGE"] = Foreign.Text(Foreign.Find(job, "stage")) ?? "test";
        var script = Lines(Foreign.Find(job, "script"));
        var before = Lines(whole.Of(job, "before_script"));
        before = Placed(before, script);
        List<JobTask> tasks = [new() { Name = name, Act = new Act.Script("bash", Text([.. before, .. script])) }];
        if (Foreign.Find(job, "script") is { } at)
        {
            notes.Mapped(
                at,
                "'script'",
                "A task that is always done: say its 'inputs', and it is not done again when they did not change."
            );
            Ask(at, [.. before, .. script], env);
        }
        if (whole.Of(job, "after_script") is { } after && Lines(after) is { Count: > 0 } said)
        {
            var lines = Placed([], said);
            lines = [.. lines, .. said];
            tasks.Add(
                new()
                {
                    Name = "after",
                    If = "always()",
                    MayFail = true,
                    Act = new Act.Script("bash", Text(lines)),
                }
            );
            notes.Mapped(after, "'after_script'", "A task that is done in any case, and may fail.");
            Ask(after, lines, env);
        }
        return (tasks, env);
    }

    /// <summary>GitLab says where the source is; here that is where a script begins.</summary>
    private static List<string> Placed(List<string> before, List<string> script) =>
        before
            .Concat(script)
            .Any(static line => Variable().Matches(line).Any(static one => one.Groups["name"].Value == Place))
            ? [$"export {Place}=\"$PWD\"", .. before]
            : before;

    public static bool Has(Node job) => Lines(Foreign.Find(job, "script")).Exists(static one => one.Trim().Length > 0);

    private void Ask(Node at, List<string> lines, Dictionary<string, string> env)
    {
        foreach (
            var name in lines
                .SelectMany(static line => Variable().Matches(line))
                .Select(static one => one.Groups["name"].Value)
                .Distinct(StringComparer.Ordinal)
        )
        {
            if (name == Place)
            {
                continue;
            }
            if (
                Known.TryGetValue(name, out var value)
                || own.TryGetValue(name, out value)
                || Told.TryGetValue(name, out value)
            )
            {
                env[name] = value;
            }
            else if (!whole.Variables.ContainsKey(name))
            {
                notes.LeftOut(
                    at,
                    $"Its script reads {name}.",
                    "GitLab sets it, and nobody does here: say it under 'env', or write what it stands for."
                );
            }
        }
    }

    private static string Text(List<string> lines)
    {
        var text = lines is [var only] ? only : string.Join('\n', lines.Select(static one => one.TrimEnd('\n'))) + "\n";
        // Nothing is filled in there, so it is a text here too.
        return text.Replace("${{", "${{ '${{' }}", StringComparison.Ordinal);
    }

    private static List<string> Lines(Node? node) =>
        node switch
        {
            Node.Scalar one => [one.Text],
            Node.Sequence list => [.. list.Items.SelectMany(Lines)],
            _ => [],
        };

    [GeneratedRegex(
        @"\$\{?(?<name>(CI|GITLAB)_[A-Z0-9_]+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Variable();
}
