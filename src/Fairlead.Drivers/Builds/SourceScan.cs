using System.Runtime.InteropServices;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Builds;

/// <summary>
/// Finds what a service is built from: its folder, its recipe's inputs, and the <see cref="RootFiles"/>; without
/// <see cref="Caches"/> and what the ignore files say.
/// </summary>
/// <param name="stateRoot">Fairlead's own folder, which may lie in the source and is never a part of it.</param>
internal sealed class SourceScan(BuildOrder order, string stateRoot, CancellationToken stop)
{
    public const int FilesMax = 100_000;
    public const long BytesMax = 2L * 1024 * 1024 * 1024;

    private const int DepthMax = 100;

    private readonly string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(order.Source));
    private readonly List<SourceFile> found = [];
    private readonly List<string> scopes = [];
    private List<string> path = [];
    private long bytes;

    /// <summary>Files and links, sorted by path.</summary>
    /// <exception cref="ProblemException">Something is missing, cannot be read, leads outside, or there is too much of it.</exception>
    public IReadOnlyList<SourceFile> Run()
    {
        scopes.Add(Inside(order.Service.Path, $"services.{order.Service.Name}.path"));
        scopes.AddRange(order.Service.Recipe.Inputs.Select(input => Inside(input, "inputs")));
        foreach (var scope in scopes)
        {
            CheckPresent(scope);
        }
        var (rules, prefix) = IgnoreRules.Of(root);
        path = [.. prefix];
        Walk("", rules);
        found.Sort((one, two) => string.CompareOrdinal(one.Path, two.Path));
        foreach (var link in found.Where(file => file.Link is not null))
        {
            CheckLink(link);
        }
        return found;
    }

    private void Walk(string folder, IgnoreRules rules)
    {
        stop.ThrowIfCancellationRequested();
        var full = Path.Combine(root, folder);
        var names = Names(full);
        foreach (var name in names)
        {
            var relative = folder.Length == 0 ? name : $"{folder}/{name}";
            // What the manifest names is wanted, whatever an ignore file says of it.
            var isNamed = scopes.Exists(scope =>
                scope == relative || scope.StartsWith(relative + "/", StringComparison.Ordinal)
            );
            var isInside = scopes.Exists(scope =>
                scope.Length == 0 || relative.StartsWith(scope + "/", StringComparison.Ordinal)
            );
            if (!isNamed && !isInside && (folder.Length > 0 || !RootFiles.Has(name)))
            {
                continue;
            }
            if (relative == RootFiles.Manifest || Path.Combine(full, name) == stateRoot)
            {
                continue;
            }
            path.Add(name);
            Take(relative, names, (isNamed, rules));
            path.RemoveAt(path.Count - 1);
        }
    }

    private void Take(string relative, IReadOnlyList<string> siblings, (bool IsNamed, IgnoreRules Rules) how)
    {
        var full = Path.Combine(root, relative);
        if (Posix.Stat(full) is not { } stat)
        {
            CheckVanished(full);
            return;
        }
        if (stat.Kind == FileKind.Other)
        {
            return;
        }
        var isFolder = stat.Kind == FileKind.Folder;
        var folder = Path.GetDirectoryName(relative) ?? "";
        if (
            !how.IsNamed
            && (Caches.Has(folder, path[^1], siblings) || how.Rules.Ignores(CollectionsMarshal.AsSpan(path), isFolder))
        )
        {
            return;
        }
        if (!isFolder)
        {
            Add(new(relative, stat, stat.Kind == FileKind.Link ? new FileInfo(full).LinkTarget : null));
            return;
        }
        if (path.Count > DepthMax)
        {
            throw new ProblemException(
                BuildProblems.TooLarge(order, $"Its folders are nested more than {DepthMax} deep: {relative}")
            );
        }
        Walk(relative, how.Rules.Inside(full));
    }

    private void Add(SourceFile file)
    {
        found.Add(file);
        bytes += file.Stat.Size;
        if (found.Count > FilesMax || bytes > BytesMax)
        {
            throw new ProblemException(BuildProblems.TooLarge(order, BuildProblems.Sizes(found)));
        }
    }

    // An editor's temporary file may go while we look; what stays and cannot be seen must not be left out silently.
    private static void CheckVanished(string full)
    {
        if (Names(Path.GetDirectoryName(full)!).Contains(Path.GetFileName(full)))
        {
            throw new ProblemException(
                BuildProblems.Unreadable(full, "Its folder does not let Fairlead's user look at it.")
            );
        }
    }

    private static IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry))];
        }
        catch (UnauthorizedAccessException caught)
        {
            throw new ProblemException(BuildProblems.Unreadable(folder, caught.Message), caught);
        }
    }

    private string Inside(string part, string key)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(root, part)));
        return full == root ? ""
            : full.StartsWith(root + "/", StringComparison.Ordinal) ? full[(root.Length + 1)..]
            : throw new ProblemException(BuildProblems.Outside(part, key));
    }

    // A link on the way would lead the walk, and later the build, somewhere else than the name says.
    private void CheckPresent(string scope)
    {
        var full = root;
        if (!Directory.Exists(root))
        {
            throw new ProblemException(BuildProblems.NoSource(order, root));
        }
        foreach (var part in scope.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            full = Path.Combine(full, part);
            switch (Posix.Stat(full)?.Kind)
            {
                case null:
                    throw new ProblemException(BuildProblems.NoSource(order, full));
                case FileKind.Link:
                    throw new ProblemException(
                        BuildProblems.LinkLeadsOutside(full[(root.Length + 1)..], new FileInfo(full).LinkTarget)
                    );
            }
        }
    }

    private void CheckLink(SourceFile link)
    {
        var target = Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(link.Path) ?? "", link.Link!));
        var isInside =
            !Path.IsPathRooted(link.Link) && scopes.Exists(scope => IsAtOrBelow(target, Path.Combine(root, scope)));
        if (!isInside)
        {
            throw new ProblemException(BuildProblems.LinkLeadsOutside(link.Path, link.Link));
        }
    }

    private static bool IsAtOrBelow(string path, string folder) =>
        path == folder.TrimEnd('/') || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}

/// <summary>A file or link that a service is built from.</summary>
/// <param name="Path">From the manifest's folder, with <c>/</c>.</param>
/// <param name="Link">What a link points to; null for a file.</param>
internal sealed record SourceFile(string Path, FileStat Stat, string? Link);
