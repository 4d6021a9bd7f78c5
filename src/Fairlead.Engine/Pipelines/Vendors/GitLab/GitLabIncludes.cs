using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.GitLab;

/// <summary>
/// Lays the files of the repository that a file includes below it: groups are joined, and what the file itself says holds, as
/// https://docs.gitlab.com/ci/yaml/#include has it. Files of other projects, of servers and GitLab's own are said in words.
/// </summary>
internal sealed class GitLabIncludes(Func<string, string?> other, Findings findings, TranslationNotes notes)
{
    private const int FilesMax = 150;
    private const int DepthMax = 20;

    // Of all files together: each could be small, and name the next ones a hundred times.
    private const int NodesMax = 100_000;

    private int files;
    private int nodes;

    public Node.Mapping Whole(Node.Mapping root) => Whole(root, []);

    private Node.Mapping Whole(Node.Mapping root, List<string> path)
    {
        if (root.Find("include") is not { } include)
        {
            return root;
        }
        Node.Mapping whole = new(root.Spot, root.Path, []);
        foreach (var one in include is Node.Sequence list ? list.Items : [include])
        {
            if (Read(one, path) is { } found)
            {
                whole = GitLabExtending.Joined(whole, found);
            }
        }
        return GitLabExtending.Joined(whole, root);
    }

    /// <summary>Null, with a note, when it is not a file that is there.</summary>
    private Node.Mapping? Read(Node include, List<string> path)
    {
        var name = Local(include);
        if (name is null)
        {
            notes.LeftOut(
                include,
                "'include'",
                "It is of another project, of a server, or GitLab's own: copy into this file what it says, and import it again."
            );
            return null;
        }
        if (path.Contains(name, StringComparer.Ordinal))
        {
            return null;
        }
        if (name.Contains('*', StringComparison.Ordinal) || name.Contains('$', StringComparison.Ordinal))
        {
            notes.LeftOut(include, $"'include' of {Shown.Line(name)}", "Its name is worked out: name each file.");
            return null;
        }
        if (++files > FilesMax || path.Count >= DepthMax)
        {
            notes.LeftOut(
                include,
                $"'include' of {Shown.Line(name)}",
                $"At most {FilesMax} files are read, {DepthMax} deep."
            );
            return null;
        }
        if (other(name) is not { } text)
        {
            notes.LeftOut(
                include,
                $"'include' of {Shown.Line(name)}",
                "There is no such file in the repository, or it is no text of at most 1 MiB."
            );
            return null;
        }
        foreach (var entry in Foreign.Entries(include).Where(static one => one.Key is not "local"))
        {
            notes.Approximated(
                entry.Value,
                $"'{Shown.Line(entry.Key)}' of an 'include'",
                "The file is taken in any case, as it stands."
            );
        }
        if (YamlReader.ReadForeign(text, findings, NodesMax - nodes) is not Node.Mapping read)
        {
            findings.ThrowIfAny();
            notes.LeftOut(include, $"'include' of {Shown.Line(name)}", "It holds nothing.");
            return null;
        }
        findings.ThrowIfAny();
        notes.Mapped(include, $"'include' of {Shown.Line(name)}", "What it says is taken from there.");
        return Whole((Node.Mapping)Marked(read, name.TrimStart('/')), [.. path, name]);
    }

    /// <summary>A file's path from the repository's folder, with / before it; null when it is of somewhere else.</summary>
    private static string? Local(Node include) =>
        (Foreign.Text(include) ?? Foreign.Text(Foreign.Find(include, "local"))) is { Length: > 0 } name
        && !name.Contains("://", StringComparison.Ordinal)
            ? $"/{name.TrimStart('/')}"
            : null;

    /// <summary>With the file in which it stands, for notes; counts what it holds.</summary>
    private Node Marked(Node node, string file)
    {
        nodes++;
        return node switch
        {
            Node.Mapping group => group with
            {
                Spot = group.Spot with { File = file },
                Entries =
                [
                    .. group.Entries.Select(one =>
                        one with
                        {
                            Spot = one.Spot with { File = file },
                            Value = Marked(one.Value, file),
                        }
                    ),
                ],
            },
            Node.Sequence list => list with
            {
                Spot = list.Spot with { File = file },
                Items = [.. list.Items.Select(one => Marked(one, file))],
            },
            _ => node with { Spot = node.Spot with { File = file } },
        };
    }
}
