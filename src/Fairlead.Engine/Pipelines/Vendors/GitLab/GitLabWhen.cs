using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>Reads when a job of GitLab runs: its rules, or <c>only</c> and <c>except</c>, as one condition.</summary>
internal sealed class GitLabWhen(GitLabWhole whole, Triggers on, TranslationNotes notes)
{
    private const string True = "true";
    private const string False = "false";

    /// <summary>Whether somebody begins it by hand.</summary>
    public bool IsManual { get; private set; }

    /// <summary>Whether the pipeline ends well without it.</summary>
    public bool MayFail { get; private set; }

    /// <summary>Why no neutral words say when it runs; null when they do.</summary>
    public (Node At, string What)? Barrier { get; private set; }

    /// <summary>The condition; null when it runs always that all before it ended well.</summary>
    public string? Read(Node job)
    {
        var when = Foreign.Text(Foreign.Find(job, "when"));
        var condition =
            Foreign.Find(job, "rules") is { } rules ? Rules(rules)
            : (Foreign.Find(job, "only") ?? Foreign.Find(job, "except")) is not null ? OnlyAndExcept(job)
            : on.Change.Count > 0 && !whole.HasWorkflow ? "event != 'change'"
            : True;
        if (when is "manual")
        {
            IsManual = true;
            // By itself, what is begun by hand may be left undone.
            MayFail = Foreign.Text(Foreign.Find(job, "allow_failure")) != "false";
        }
        condition = when switch
        {
            "on_failure" => And("failure()", condition),
            "always" => And("always()", condition),
            "never" => False,
            _ => condition,
        };
        if (when is "delayed")
        {
            notes.Approximated(Foreign.Find(job, "when")!, "It begins after a while.", "It begins at once here.");
        }
        return condition == True ? null : ExpressionText.Of(Expression.Parse(condition).Expression!);
    }

    private string Rules(Node rules)
    {
        var all = Foreign.Items(rules).ToList();
        var condition = False;
        // The first that holds decides, so they are laid over each other from the end.
        foreach (var rule in all.AsEnumerable().Reverse())
        {
            var said = Asked(rule);
            var then = Foreign.Text(Foreign.Find(rule, "when")) switch
            {
                "never" => False,
                "on_failure" => "failure()",
                "always" => "always()",
                _ => True,
            };
            condition =
                then == False
                    ? And(Not(said), condition)
                    : Or(And(said, then), then == True ? condition : And(Not(said), condition));
        }
        foreach (var rule in all)
        {
            SayOthers(rule);
        }
        var manual = all.Where(static one => Foreign.Text(Foreign.Find(one, "when")) is "manual").ToList();
        if (manual.Count > 0)
        {
            IsManual = true;
            if (all.Exists(static one => Foreign.Text(Foreign.Find(one, "when")) is not ("manual" or "never")))
            {
                notes.Approximated(
                    manual[0],
                    "Only some of its rules let it begin by hand.",
                    "It begins by hand always here."
                );
            }
        }
        return condition;
    }

    private string Asked(Node rule)
    {
        if (Foreign.Find(rule, "if") is not { } node)
        {
            return True;
        }
        var text = Foreign.Text(node) ?? "";
        var (condition, asksDefault) = GitLabRules.Read(text, whole.Variables);
        if (condition is null)
        {
            Barrier ??= (node, $"a rule of it asks for what only GitLab knows: {Shown.Line(text)}");
            return False;
        }
        if (asksDefault)
        {
            notes.Approximated(node, "The default branch", "It is taken for 'main'.");
        }
        else
        {
            notes.Mapped(node, $"The rule {Shown.Line(text)}", $"if: {Shown.Line(condition)}");
        }
        return condition;
    }

    private void SayOthers(Node rule)
    {
        foreach (var entry in Foreign.Entries(rule))
        {
            if (entry.Key is "changes" or "exists")
            {
                notes.Approximated(
                    entry.Value,
                    $"'{entry.Key}' of a rule",
                    "It counts as true; say 'inputs' at tasks, and what did not change is not done again."
                );
            }
            else if (entry.Key == "allow_failure")
            {
                MayFail |= Foreign.IsTrue(entry.Value);
            }
            else if (entry.Key is not ("if" or "when"))
            {
                notes.LeftOut(
                    entry.Value,
                    $"'{Shown.Line(entry.Key)}' of a rule",
                    "A rule says whether a job runs here, and nothing more."
                );
            }
        }
    }

    private string OnlyAndExcept(Node job)
    {
        var only = Foreign.Find(job, "only") is { } said ? Refs(said) : Or("branch != ''", "tag != ''");
        return Foreign.Find(job, "except") is { } except ? And(only, Not(Refs(except))) : only;
    }

    private string Refs(Node node)
    {
        foreach (var entry in Foreign.Entries(node).Where(static one => one.Key != "refs"))
        {
            notes.Approximated(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of 'only' or 'except'",
                "It is not asked here."
            );
        }
        var condition = False;
        foreach (var one in Foreign.Texts(node is Node.Mapping ? Foreign.Find(node, "refs") : node))
        {
            condition = Or(condition, Ref(one, node));
        }
        notes.Mapped(node, "'only' or 'except'", "if");
        return condition;
    }

    private string Ref(string one, Node node)
    {
        switch (one)
        {
            case "branches":
                return "branch != ''";
            case "tags":
                return "tag != ''";
            case "merge_requests":
                return "event == 'change'";
            case "schedules":
                return "event == 'schedule'";
            case "web":
                return "event == 'manual'";
            case "pushes":
                return "(event == 'push' || event == 'tag')";
            default:
                break;
        }
        if (
            one is not ['/', ..]
            && one.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '/' or '.')
        )
        {
            return $"(branch == {GitLabRules.Quoted(one)} || tag == {GitLabRules.Quoted(one)})";
        }
        var (branch, _) = GitLabRules.Read($"$CI_COMMIT_BRANCH =~ {one} || $CI_COMMIT_TAG =~ {one}", whole.Variables);
        if (branch is null)
        {
            Barrier ??= (node, $"it asks for refs that fit {Shown.Line(one)}.");
        }
        return branch ?? False;
    }

    private static string And(string one, string other) =>
        one == True ? other
        : other == True ? one
        : one == False || other == False ? False
        : $"({one}) && ({other})";

    private static string Or(string one, string other) =>
        one == False ? other
        : other == False ? one
        : one == True || other == True ? True
        : $"({one}) || ({other})";

    private static string Not(string one) =>
        one == True ? False
        : one == False ? True
        : $"!({one})";
}
