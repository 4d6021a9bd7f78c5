using Fairlead.Drivers.Builds;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>A copy of a folder's source, without what its ignore files name, for one job alone.</summary>
internal sealed class ApartFolder : IApartWorkspace
{
    private readonly WorkFolder folder;
    private readonly IWorkspace from;
    private readonly string place;

    /// <param name="place">Where it is made, absolute; nothing may be there.</param>
    /// <param name="more">Globs of what others made for it.</param>
    public ApartFolder(IWorkspace from, string place, IReadOnlyList<string> more, Func<string, WorkFolder> open)
    {
        (this.from, this.place) = (from, place);
        try
        {
            Directory.CreateDirectory(place);
            var (rules, prefix) = IgnoreRules.Of(from.Root);
            Copy("", rules, [.. prefix]);
            Copy(from, place, more);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(PipelineProblems.Unwritable(place, caught.Message), caught);
        }
        folder = open(place);
    }

    public string Root => folder.Root;

    public IReadOnlyList<WorkFile> Find(IReadOnlyList<string> globs) => folder.Find(globs);

    public void Clear(IReadOnlyList<string> globs) => folder.Clear(globs);

    public bool Fits(IReadOnlyList<string> globs, string path) => folder.Fits(globs, path);

    public IDisposable Lend(string name, string text) => folder.Lend(name, text);

    public void GiveBack(IReadOnlyList<string> globs)
    {
        if (globs.Count > 0)
        {
            Copy(folder, from.Root, globs);
        }
    }

    public void Dispose() => Directory.Delete(place, recursive: true);

    private static void Copy(IWorkspace source, string to, IReadOnlyList<string> globs)
    {
        foreach (var file in globs.Count == 0 ? [] : source.Find(globs))
        {
            CopyOne(source.Root, to, file.Path);
        }
    }

    private void Copy(string path, IgnoreRules rules, List<string> names)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path.Combine(from.Root, path)))
        {
            var name = Path.GetFileName(entry);
            if (Posix.Stat(entry) is not { } stat || stat.Kind == FileKind.Other || entry == place)
            {
                continue;
            }
            names.Add(name);
            var isFolder = stat.Kind == FileKind.Folder;
            var relative = path.Length == 0 ? name : $"{path}/{name}";
            var isIgnored =
                rules.Ignores(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(names), isFolder)
                || place.StartsWith(entry + "/", StringComparison.Ordinal);
            if (!isIgnored && isFolder)
            {
                Copy(relative, rules.Inside(entry), names);
            }
            else if (!isIgnored)
            {
                CopyOne(from.Root, place, relative);
            }
            names.RemoveAt(names.Count - 1);
        }
    }

    private static void CopyOne(string root, string to, string path)
    {
        var target = Path.Combine(to, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Delete(target);
        if (new FileInfo(Path.Combine(root, path)).LinkTarget is { } link)
        {
            File.CreateSymbolicLink(target, link);
        }
        else
        {
            File.Copy(Path.Combine(root, path), target);
        }
    }
}
