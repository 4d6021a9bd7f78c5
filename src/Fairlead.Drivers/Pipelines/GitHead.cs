namespace Fairlead.Drivers.Pipelines;

/// <summary>What is checked out, read from <c>.git</c> itself: asking git takes longer than a run with nothing to do.</summary>
internal static class GitHead
{
    /// <returns>Both empty where there is no repository; the branch empty when none is checked out.</returns>
    public static (string Branch, string Commit) Read(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (Folder(Path.Combine(at.FullName, ".git")) is { } git)
            {
                return Of(git);
            }
        }
        return ("", "");
    }

    /// <summary>The branch that all others come from: what the remote says, else the one of the usual names that is there.</summary>
    public static string Main(string folder)
    {
        const string Link = "ref: refs/remotes/origin/";
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (Folder(Path.Combine(at.FullName, ".git")) is { } git)
            {
                var shared = Shared(git);
                var said = Text(Path.Combine(shared, "refs/remotes/origin/HEAD"));
                return said.StartsWith(Link, StringComparison.Ordinal) ? said[Link.Length..]
                    : File.Exists(Path.Combine(shared, "refs/heads/master")) ? "master"
                    : "main";
            }
        }
        return "main";
    }

    private static (string Branch, string Commit) Of(string git)
    {
        const string Link = "ref: ";
        const string Branches = "refs/heads/";
        var head = Text(Path.Combine(git, "HEAD"));
        if (!head.StartsWith(Link, StringComparison.Ordinal))
        {
            return ("", head);
        }
        var name = head[Link.Length..].Trim();
        var shared = Shared(git);
        var commit = Text(Path.Combine(shared, name));
        if (commit.Length == 0 && File.Exists(Path.Combine(shared, "packed-refs")))
        {
            commit =
                File.ReadLines(Path.Combine(shared, "packed-refs"))
                    .FirstOrDefault(line => line.EndsWith(" " + name, StringComparison.Ordinal))
                    ?.Split(' ')[0]
                ?? "";
        }
        return (name.StartsWith(Branches, StringComparison.Ordinal) ? name[Branches.Length..] : name, commit);
    }

    // A worktree has its own HEAD, and shares the branches.
    private static string Shared(string git) =>
        Text(Path.Combine(git, "commondir")) is { Length: > 0 } common
            ? Path.GetFullPath(Path.Combine(git, common))
            : git;

    // In a worktree or a submodule it is a file that says where.
    private static string? Folder(string path)
    {
        const string Link = "gitdir: ";
        return Directory.Exists(path) ? path
            : Text(path) is { Length: > 0 } text && text.StartsWith(Link, StringComparison.Ordinal)
                ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, text[Link.Length..]))
            : null;
    }

    private static string Text(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "";
}
