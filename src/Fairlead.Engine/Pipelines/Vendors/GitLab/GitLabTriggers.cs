using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Reads what begins a pipeline of GitLab: the rules of its workflow, else every push, and proposed changes when a job asks for them.</summary>
internal sealed class GitLabTriggers(GitLabWhole whole, TranslationNotes notes)
{
    private static readonly string[] All = ["**"];

    public Triggers Read(Node? workflow, IReadOnlyList<(string Name, Node.Mapping Node)> jobs)
    {
        foreach (var entry in Foreign.Entries(workflow).Where(static one => one.Key is not ("rules" or "name")))
        {
            notes.LeftOut(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of the workflow",
                "Say it as 'concurrency', when newer runs shall end older ones."
            );
        }
        if (Foreign.Find(workflow, "rules") is not { } rules)
        {
            var asksChanges = jobs.Any(static one => Asks(one.Node));
            return new()
            {
                Push = All,
                Tag = All,
                Change = asksChanges ? All : [],
                Manual = true,
            };
        }
        var on = new Triggers();
        foreach (var rule in Foreign.Items(rules))
        {
            on = Rule(on, rule);
        }
        return on;
    }

    private Triggers Rule(Triggers on, Node rule)
    {
        var text = Foreign.Text(Foreign.Find(rule, "if")) ?? "";
        var when = Foreign.Text(Foreign.Find(rule, "when"));
        if (text.Length == 0 && when is null or "always")
        {
            notes.Mapped(rule, "A rule of the workflow that always holds", "on: all of it");
            return new()
            {
                Push = All,
                Tag = All,
                Change = All,
                Manual = true,
            };
        }
        var said = when is "never" ? null : Known(on, text);
        if (said is null)
        {
            notes.Approximated(
                rule,
                $"A rule of the workflow: {Shown.Line(text)}",
                "It cannot be said by branches, tags and events: check 'on'."
            );
            return on;
        }
        notes.Mapped(rule, "A rule of the workflow", "on");
        if (text.Contains("\"schedule\"", StringComparison.Ordinal))
        {
            notes.LeftOut(
                rule,
                "It begins at certain times.",
                "GitLab has these in the project, not in the file: write them as on: { schedule: \"0 4 * * *\" }."
            );
        }
        return said;
    }

    private Triggers? Known(Triggers on, string text)
    {
        var parts = text.Split("&&", StringSplitOptions.TrimEntries);
        var isPush = parts[0].Replace('\'', '"') == "$CI_PIPELINE_SOURCE == \"push\"";
        var isChange = parts[0].Replace('\'', '"') == "$CI_PIPELINE_SOURCE == \"merge_request_event\"";
        if (parts.Length == 1 && isPush)
        {
            return on with { Push = All, Tag = All };
        }
        if (parts.Length == 1 && (isChange || text is "$CI_MERGE_REQUEST_IID" or "$CI_MERGE_REQUEST_ID"))
        {
            return on with { Change = All };
        }
        if (parts.Length == 2 && (isPush || isChange))
        {
            parts = parts[1..];
        }
        if (parts.Length != 1)
        {
            return null;
        }
        if (parts[0].Replace('\'', '"') is "$CI_PIPELINE_SOURCE == \"schedule\"")
        {
            return on;
        }
        if (parts[0].Replace('\'', '"') is "$CI_PIPELINE_SOURCE == \"web\"")
        {
            return on with { Manual = true };
        }
        return Names(parts[0]) switch
        {
            ("CI_COMMIT_BRANCH", var name) when !isChange => on with { Push = [.. on.Push, name] },
            ("CI_COMMIT_TAG", var name) when !isChange => on with { Tag = [.. on.Tag, name] },
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", var name) when isChange => on with
            {
                Change = [.. on.Change, name],
            },
            _ => null,
        };
    }

    /// <summary>A variable and the names that it may have, as a pattern with stars.</summary>
    private (string Variable, string Pattern)? Names(string text)
    {
        var words = text.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        if (words is [['$', .. var alone]])
        {
            return (alone, "**");
        }
        if (words is not [['$', .. var variable], "==" or "=~", var value])
        {
            return null;
        }
        if (
            words[1] == "=="
            && value is ['"' or '\'', .. var name, '"' or '\'']
            && !name.Contains('$', StringComparison.Ordinal)
        )
        {
            return (variable, name);
        }
        if (words[1] == "==" && value == "$CI_DEFAULT_BRANCH" && !whole.Variables.ContainsKey("CI_DEFAULT_BRANCH"))
        {
            notes.Approximated(whole.Root.Find("workflow")!, "The default branch", "It is taken for 'main'.");
            return (variable, "main");
        }
        return words[1] == "=~" && value is ['/', .. var pattern, '/'] && Stars(pattern) is { } stars
            ? (variable, stars)
            : null;
    }

    /// <summary>A regular expression as a pattern with stars; null when it says more.</summary>
    private static string? Stars(string pattern)
    {
        const string Any = "\u0001";
        const string Part = "\u0002";
        var marked = pattern
            .Replace("[^\\/]*", Part, StringComparison.Ordinal)
            .Replace(".*", Any, StringComparison.Ordinal);
        var start = marked.StartsWith('^') ? "" : Any;
        var end = marked.EndsWith('$') ? "" : Any;
        var inner = start + marked.TrimStart('^').TrimEnd('$') + end;
        var letters = inner.Split(Any[0], Part[0]).Select(static one => GitLabRules.Literal($"^{one}$")?.Letters);
        if (letters.Contains(null))
        {
            return null;
        }
        return string.Concat(
            inner
                .Replace("\\", "", StringComparison.Ordinal)
                .Select(static letter =>
                    letter == Any[0] ? "**"
                    : letter == Part[0] ? "*"
                    : letter.ToString()
                )
        );
    }

    private static bool Asks(Node job) =>
        Foreign
            .Items(Foreign.Find(job, "rules"))
            .Any(static rule =>
                (Foreign.Text(Foreign.Find(rule, "if")) ?? "").Contains(
                    "merge_request",
                    StringComparison.OrdinalIgnoreCase
                )
            ) || Foreign.Texts(Foreign.Find(job, "only")).Contains("merge_requests", StringComparer.Ordinal);
}
