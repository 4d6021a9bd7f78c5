using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>Reads what begins a workflow.</summary>
internal sealed class GitHubTriggers(TranslationNotes notes)
{
    private static readonly string[] All = ["**"];

    public Triggers Read(Node? node)
    {
        var on = new Triggers();
        foreach (var (name, at, said) in Events(node))
        {
            on = name switch
            {
                "push" => Push(on, at, said),
                "pull_request" => Change(on, at, said),
                "schedule" => Scheduled(on, at, said),
                "workflow_dispatch" => Manual(on, at, said),
                _ => Other(on, at, name),
            };
        }
        return on;
    }

    private static IEnumerable<(string Name, Node At, Node? Said)> Events(Node? node) =>
        node switch
        {
            Node.Scalar one => [(one.Text, one, null)],
            Node.Sequence list => list
                .Items.OfType<Node.Scalar>()
                .Select(static one => (one.Text, (Node)one, (Node?)null)),
            Node.Mapping group => group.Entries.Select(static one =>
                (one.Key, (Node)new Node.Scalar(one.Spot, one.Value.Path, one.Key, IsPlain: true), (Node?)one.Value)
            ),
            _ => [],
        };

    private Triggers Push(Triggers on, Node at, Node? said)
    {
        Filters(said, ["branches", "tags"]);
        var branches = Foreign.Find(said, "branches");
        var tags = Foreign.Find(said, "tags");
        notes.Mapped(at, "'push'", "on: push, tag");
        // Without filters, tags begin it too; a filter of one kind keeps the other out.
        return branches is null && tags is null
            ? on with
            {
                Push = All,
                Tag = All,
            }
            : on with
            {
                Push = Foreign.Texts(branches),
                Tag = Foreign.Texts(tags),
            };
    }

    private Triggers Change(Triggers on, Node at, Node? said)
    {
        Filters(said, ["branches"]);
        notes.Mapped(at, "'pull_request'", "on: change");
        return on with { Change = Foreign.Find(said, "branches") is { } branches ? Foreign.Texts(branches) : All };
    }

    private Triggers Scheduled(Triggers on, Node at, Node? said)
    {
        List<string> times = [];
        foreach (var one in Foreign.Items(said))
        {
            if (Foreign.Text(Foreign.Find(one, "cron")) is { } cron)
            {
                times.Add(cron);
            }
            Filters(one, ["cron"]);
        }
        notes.Mapped(at, "'schedule'", "on: schedule");
        return on with { Schedule = times };
    }

    private Triggers Manual(Triggers on, Node at, Node? said)
    {
        if (Foreign.Find(said, "inputs") is { } inputs)
        {
            notes.Approximated(
                inputs,
                "'inputs' of 'workflow_dispatch'",
                "A pipeline is begun by hand without questions: each is what its default says."
            );
        }
        notes.Mapped(at, "'workflow_dispatch'", "on: manual");
        return on with { Manual = true };
    }

    private Triggers Other(Triggers on, Node at, string name)
    {
        notes.LeftOut(
            at,
            $"'{Shown.Line(name)}' begins it.",
            name switch
            {
                "pull_request_target" =>
                    "It gives proposed changes the rights of the branch that they are for; nothing does that here.",
                "workflow_call" => "Pipelines are not called by others here.",
                _ => "Pushes, tags, proposed changes, times and people begin a pipeline here; this does not.",
            }
        );
        return on;
    }

    private void Filters(Node? said, string[] known)
    {
        foreach (var entry in Foreign.Entries(said).Where(entry => !known.Contains(entry.Key, StringComparer.Ordinal)))
        {
            var what = $"'{Shown.Line(entry.Key)}' of what begins it";
            if (
                entry.Key is "types"
                && Foreign.Texts(entry.Value).All(static one => one is "opened" or "synchronize" or "reopened")
            )
            {
                notes.Mapped(entry.Value, what, "It is what GitHub takes by itself.");
            }
            else if (entry.Key is "paths" or "paths-ignore")
            {
                notes.Approximated(
                    entry.Value,
                    what,
                    "It begins whatever changed; say 'inputs' at tasks, and what did not change is not done again."
                );
            }
            else
            {
                notes.LeftOut(entry.Value, what, "It begins in more cases than before.");
            }
        }
    }
}
