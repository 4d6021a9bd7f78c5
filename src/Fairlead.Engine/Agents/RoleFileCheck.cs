using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Agents;

/// <summary>Checks a file that describes an agent: its program ignores a key that it does not know, and nobody is told.</summary>
public static class RoleFileCheck
{
    // Of Claude Code's subagents, as documented in 2026.
    private static readonly string[] Keys =
    [
        "background",
        "color",
        "description",
        "disallowedTools",
        "effort",
        "hooks",
        "initialPrompt",
        "isolation",
        "maxTurns",
        "mcpServers",
        "memory",
        "model",
        "name",
        "permissionMode",
        "skills",
        "tools",
    ];

    private static readonly string[] Colors = ["red", "blue", "green", "yellow", "purple", "orange", "pink", "cyan"];
    private static readonly string[] Modes = ["default", "acceptEdits", "auto", "bypassPermissions", "dontAsk", "plan"];
    private const int NodesMax = 1_000;

    /// <summary>All that is wrong with it; empty when nothing is.</summary>
    /// <param name="path">As it was named, for messages.</param>
    public static IReadOnlyList<Problem> Check(string path, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var end = lines is ["---", ..] ? Array.IndexOf(lines, "---", 1) : -1;
        if (end < 0)
        {
            return
            [
                Found(
                    path,
                    1,
                    "It does not begin with a front matter between two lines of '---'.",
                    "Write it anew: fairlead agent export claude-code --print"
                ),
            ];
        }
        var findings = new Findings(path);
        var front = YamlReader.ReadForeign(string.Join('\n', lines[1..end]), findings, NodesMax);
        if (front is not Node.Mapping mapping || !findings.IsEmpty)
        {
            return
            [
                Found(
                    path,
                    1,
                    "Its front matter is no group of keys.",
                    "Put text with colons or brackets into quotes."
                ),
            ];
        }
        List<Problem> found = [.. Strange(mapping, path)];
        foreach (var needed in (string[])["name", "description"])
        {
            if (mapping.Find(needed) is not Node.Scalar { Text.Length: > 0 })
            {
                found.Add(Found(path, 1, $"It has no '{needed}'.", $"Add it: {needed}: ..."));
            }
        }
        Values(mapping, (path, found), "color", Colors);
        Values(mapping, (path, found), "permissionMode", Modes);
        if (mapping.Find("permissionMode") is Node.Scalar { Text: "bypassPermissions" } bypass)
        {
            found.Add(Found(path, bypass.Spot.Line + 1, "It asks nobody for anything.", "Leave 'permissionMode' out."));
        }
        if (lines[(end + 1)..].All(string.IsNullOrWhiteSpace))
        {
            found.Add(
                Found(path, end + 1, "It says nothing to the agent.", "Write what it does below the second '---'.")
            );
        }
        return found;
    }

    private static IEnumerable<Problem> Strange(Node.Mapping mapping, string path)
    {
        foreach (var entry in mapping.Entries.Where(static one => !Keys.Contains(one.Key)))
        {
            var near = Nearest.To(entry.Key, Keys);
            yield return Found(
                path,
                entry.Spot.Line + 1,
                $"There is no key '{Shown.Line(entry.Key)}'; it would be ignored.",
                near is null ? $"There are: {string.Join(", ", Keys)}." : $"Write '{near}'."
            );
        }
    }

    private static void Values(Node.Mapping mapping, (string Path, List<Problem> Found) to, string key, string[] values)
    {
        if (mapping.Find(key) is Node.Scalar scalar && !values.Contains(scalar.Text))
        {
            to.Found.Add(
                Found(
                    to.Path,
                    scalar.Spot.Line + 1,
                    $"'{key}' is '{Shown.Line(scalar.Text)}'.",
                    Nearest.To(scalar.Text, values) is { } near
                        ? $"Write '{near}'."
                        : $"It is one of {string.Join(", ", values)}."
                )
            );
        }
    }

    private static Problem Found(string path, long line, string why, string fix) =>
        new("agent.role-file", What: $"{path} does not say what it seems to.", Why: why, Fix: fix)
        {
            Where = $"{path}:{line}",
            Trouble = Trouble.WrongUse,
        };
}
