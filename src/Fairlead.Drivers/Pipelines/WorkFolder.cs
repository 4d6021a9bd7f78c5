using Fairlead.Drivers.Builds;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>A folder of this machine in which tasks work.</summary>
internal sealed class WorkFolder(string root, DigestMemory digests, string stateRoot) : IWorkspace
{
    private const int FilesMax = 200_000;
    private const int DepthMax = 100;

    private readonly LentFiles lent = new(Path.Combine(Path.GetFullPath(root), IWorkspace.LentFolder));

    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    public IReadOnlyList<WorkFile> Find(IReadOnlyList<string> globs)
    {
        var found = new List<Found>();
        var patterns = new Globs(globs);
        Walk("", patterns, patterns.Top, found);
        found.Sort(static (one, two) => string.CompareOrdinal(one.Path, two.Path));
        var files = new WorkFile[found.Count];
        SideBySide.For(found.Count, at => files[at] = Read(found[at].Path, found[at].Stat));
        return files;
    }

    public bool Fits(IReadOnlyList<string> globs, string path) => new Globs(globs).Fit(path);

    public void Clear(IReadOnlyList<string> globs)
    {
        var found = new List<Found>();
        var patterns = new Globs(globs);
        Walk("", patterns, patterns.Top, found);
        foreach (var one in found)
        {
            File.Delete(Path.Combine(Root, one.Path));
        }
    }

    public IDisposable Lend(string name, string text) => lent.Add(name, text);

    private WorkFile Read(string path, FileStat stat)
    {
        var full = Path.Combine(Root, path);
        try
        {
            return stat.Kind == FileKind.Link
                ? new(path, new FileInfo(full).LinkTarget ?? "", 0, IsExecutable: false, IsLink: true)
                : new(path, digests.Of(full, stat), stat.Size, stat.IsExecutable, IsLink: false);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(PipelineProblems.Unreadable(full, caught.Message), caught);
        }
    }

    private void Walk(string folder, Globs globs, Globs.Place place, List<Found> found)
    {
        foreach (var name in Names(Path.Combine(Root, folder)))
        {
            if (name == ".git" || folder.Length == 0 && name == IWorkspace.LentFolder)
            {
                continue;
            }
            var here = globs.Step(place, name);
            if (!globs.Leads(here))
            {
                continue;
            }
            var path = folder.Length == 0 ? name : $"{folder}/{name}";
            var full = Path.Combine(Root, path);
            if (full == stateRoot || Posix.Stat(full) is not { } stat)
            {
                continue;
            }
            if (stat.Kind == FileKind.Folder && path.Count(static letter => letter == '/') < DepthMax)
            {
                Walk(path, globs, here, found);
            }
            else if (stat.Kind is FileKind.File or FileKind.Link && globs.IsWanted(here))
            {
                found.Add(new(path, stat));
                if (found.Count > FilesMax)
                {
                    throw new ProblemException(PipelineProblems.TooMany(Root, FilesMax));
                }
            }
        }
    }

    private static IEnumerable<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Select(static one => Path.GetFileName(one))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(PipelineProblems.Unreadable(folder, caught.Message), caught);
        }
    }

    private sealed record Found(string Path, FileStat Stat);
}
