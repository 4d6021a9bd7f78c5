using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Reads what begins a pipeline of Azure: pushes and proposed changes where nothing is said.</summary>
internal sealed class AzureTriggers(TranslationNotes notes)
{
    public Triggers Read(Node.Mapping root)
    {
        var trigger = root.Find("trigger");
        var (push, tag) = Push(trigger, root);
        return new()
        {
            Push = push,
            Tag = tag,
            Change = Change(root.Find("pr"), root),
            Schedule = Schedule(root.Find("schedules")),
            // Everybody with the right to may, whatever the file says.
            Manual = true,
        };
    }

    private (IReadOnlyList<string> Push, IReadOnlyList<string> Tag) Push(Node? node, Node root)
    {
        if (node is null)
        {
            notes.Approximated(root, "It says no 'trigger'.", "Each push of any branch begins it, as at Azure.");
            return (["**"], []);
        }
        if (Foreign.Text(node) == "none")
        {
            notes.Mapped(node, "'trigger'", "No push begins it.");
            return ([], []);
        }
        Others(node, ["branches", "tags"]);
        notes.Mapped(node, "'trigger'", "on: push and tag");
        if (node is not Node.Mapping group)
        {
            return Parted(Patterns(node));
        }
        var branches = group.Find("branches");
        var tags = Patterns(Included(group.Find("tags"), group));
        if (branches is null && group.Find("tags") is not null)
        {
            return ([], tags);
        }
        var (push, more) = branches is null ? (["**"], []) : Parted(Patterns(Included(branches, group)));
        return (push, [.. tags, .. more]);
    }

    private List<string> Change(Node? node, Node root)
    {
        if (node is null)
        {
            notes.Approximated(
                root,
                "It says no 'pr'.",
                "Each proposed change begins it, as for repositories at GitHub; at Azure a branch's policy says it."
            );
            return ["**"];
        }
        if (Foreign.Text(node) == "none")
        {
            notes.Mapped(node, "'pr'", "No proposed change begins it.");
            return [];
        }
        Others(node, ["branches"]);
        notes.Mapped(node, "'pr'", "on: change");
        return node is Node.Mapping group
            ? group.Find("branches") is { } branches
                ? Patterns(Included(branches, group))
                : ["**"]
            : Patterns(node);
    }

    private List<string> Schedule(Node? node)
    {
        List<string> times = [];
        foreach (var one in Foreign.Items(node))
        {
            if (Foreign.Text(Foreign.Find(one, "cron")) is not { } cron)
            {
                continue;
            }
            times.Add(cron);
            notes.Mapped(one, $"It begins at {Shown.Line(cron)}.", "on: schedule");
            if (!Foreign.IsTrue(Foreign.Find(one, "always")))
            {
                notes.Approximated(
                    one,
                    "It begins only when something changed.",
                    "It begins in any case here, and what did not change is not done again where 'inputs' are said."
                );
            }
            if (
                Foreign.Find(one, "branches") is { } branches
                && Foreign.Texts(Foreign.Find(branches, "include")) is not [_]
            )
            {
                notes.Approximated(branches, "It begins for several branches.", "It begins for the main one here.");
            }
        }
        return times;
    }

    /// <summary>Branches may be named as tags.</summary>
    private static (IReadOnlyList<string> Push, IReadOnlyList<string> Tag) Parted(IReadOnlyList<string> patterns) =>
        (
            [
                .. patterns
                    .Where(static one => !one.StartsWith(AzureConditions.Tags, StringComparison.Ordinal))
                    .Select(static one =>
                        one.StartsWith(AzureConditions.Heads, StringComparison.Ordinal)
                            ? one[AzureConditions.Heads.Length..]
                            : one
                    ),
            ],
            [
                .. patterns
                    .Where(static one => one.StartsWith(AzureConditions.Tags, StringComparison.Ordinal))
                    .Select(static one => one[AzureConditions.Tags.Length..]),
            ]
        );

    private Node? Included(Node? filter, Node whole)
    {
        if (Foreign.Find(filter, "exclude") is { } exclude)
        {
            var isAll = Foreign.Texts(exclude) is ["*"];
            if (!isAll)
            {
                notes.LeftOut(exclude, "'exclude' of what begins it", "It begins in more cases than before.");
            }
            if (Foreign.Find(filter, "include") is null)
            {
                // All but these.
                return isAll ? null : new Node.Scalar(whole.Spot, "", "*", IsPlain: false);
            }
        }
        return filter is Node.Mapping ? Foreign.Find(filter, "include") : filter;
    }

    /// <summary>A star is any part of a name there, with slashes too.</summary>
    private static List<string> Patterns(Node? node) =>
        [
            .. Foreign
                .Texts(node)
                .Where(static one => one.Length > 0 && !one.Contains("${{", StringComparison.Ordinal))
                .Select(static one =>
                    one.Replace("**", "*", StringComparison.Ordinal).Replace("*", "**", StringComparison.Ordinal)
                ),
        ];

    private void Others(Node node, string[] known)
    {
        foreach (var entry in Foreign.Entries(node).Where(one => !known.Contains(one.Key, StringComparer.Ordinal)))
        {
            var what = $"'{Shown.Line(entry.Key)}' of what begins it";
            switch (entry.Key)
            {
                case "paths":
                    notes.Approximated(
                        entry.Value,
                        what,
                        "It begins whatever changed; say 'inputs' at tasks, and what did not change is not done again."
                    );
                    break;
                case "batch":
                    notes.LeftOut(
                        entry.Value,
                        what,
                        "Each push begins it. Say that runs wait for each other: concurrency: { group: ci }."
                    );
                    break;
                default:
                    notes.LeftOut(entry.Value, what, "It begins in more cases than before.");
                    break;
            }
        }
    }
}
