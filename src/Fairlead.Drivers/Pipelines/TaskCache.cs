using System.Collections.Concurrent;
using System.Security.Cryptography;
using Fairlead.Drivers.Builds;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>
/// A cache in a folder: <c>files/ab/DIGEST</c> holds bytes, <c>entries/ab/KEY</c> what was made of what. Files are put into workspaces as
/// further names of the same bytes, which costs neither copying nor room; tasks' outputs are removed before a task runs, so it never writes
/// through such a name. What somebody writes by hand is found, since bytes are read before they are given.
/// </summary>
internal sealed class TaskCache(TaskCache.Settings settings, DigestMemory digests, World world) : ITaskCache
{
    /// <param name="Folder">Absolute.</param>
    /// <param name="MainBranch">Whose entries every branch may use.</param>
    public sealed record Settings(string Folder, byte[] Key, string MainBranch)
    {
        public long BytesMax { get; init; } = 10L << 30;
    }

    private long kept;

    public KeptTask? Find(TaskKey key, string branch)
    {
        foreach (var scope in branch == settings.MainBranch ? [branch] : new[] { branch, settings.MainBranch })
        {
            var path = EntryPath(key, scope);
            if (Read(path) is { } entry && entry.Key == key && entry.Scope == scope)
            {
                if (IsThere(entry.Outputs))
                {
                    return entry;
                }
                File.Delete(path);
            }
        }
        return null;
    }

    public void Keep(KeptTask entry, IWorkspace workspace)
    {
        try
        {
            foreach (var file in entry.Outputs)
            {
                if (file.IsLink)
                {
                    Confine(workspace, file);
                }
                else
                {
                    KeepFile(file, Path.Combine(workspace.Root, file.Path));
                }
            }
            Enter(entry);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(PipelineProblems.Unwritable(settings.Folder, caught.Message), caught);
        }
    }

    public bool Restore(KeptTask entry, IWorkspace workspace, IReadOnlyList<string> globs)
    {
        var spoiled = new ConcurrentBag<WorkFile>();
        SideBySide.For(
            entry.Outputs.Count,
            at =>
            {
                var one = entry.Outputs[at];
                if (!one.IsLink && !IsWhole(one.Digest))
                {
                    spoiled.Add(one);
                }
            }
        );
        if (!spoiled.IsEmpty)
        {
            foreach (var one in spoiled)
            {
                Drop(FilePath(one.Digest));
            }
            File.Delete(EntryPath(entry.Key, entry.Scope));
            return false;
        }
        workspace.Clear(globs);
        try
        {
            foreach (var folder in entry.Outputs.Select(static one => Path.GetDirectoryName(one.Path) ?? "").Distinct())
            {
                MakeFolder(workspace.Root, folder);
            }
            SideBySide.For(
                entry.Outputs.Count,
                at => Put(entry.Outputs[at], Path.Combine(workspace.Root, entry.Outputs[at].Path))
            );
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(PipelineProblems.Unwritable(workspace.Root, caught.Message), caught);
        }
        File.SetLastWriteTimeUtc(EntryPath(entry.Key, entry.Scope), world.Now.UtcDateTime);
        return true;
    }

    public void Mourn(TaskKey key)
    {
        var path = FailedPath(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
    }

    public bool HasFailed(TaskKey key) => File.Exists(FailedPath(key));

    public void Settle()
    {
        digests.Save();
        if (kept > 0)
        {
            Prune();
        }
    }

    /// <summary>Where it is, absolute.</summary>
    internal string Folder => settings.Folder;

    /// <summary>Whether there are bytes with a digest.</summary>
    internal bool Has(string digest) => File.Exists(FilePath(digest));

    /// <exception cref="IOException">They are not there any more.</exception>
    internal Stream OpenBytes(string digest) => File.OpenRead(FilePath(digest));

    /// <summary>Takes a file that was proven to have a digest.</summary>
    internal void Adopt(string path, WorkFile file)
    {
        var target = FilePath(file.Digest);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(path, target, overwrite: true);
        Interlocked.Add(ref kept, file.Size);
    }

    /// <summary>Writes an entry down, all of whose bytes are there.</summary>
    internal void Enter(KeptTask entry)
    {
        var path = EntryPath(entry.Key, entry.Scope);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(Beside(path), EntryText.Write(entry, settings.Key));
        File.Move(Beside(path), path, overwrite: true);
    }

    private bool IsThere(IReadOnlyList<WorkFile> files)
    {
        var missing = 0;
        SideBySide.For(
            files.Count,
            at =>
            {
                if (!files[at].IsLink && Posix.Stat(FilePath(files[at].Digest)) is not { Kind: FileKind.File })
                {
                    Interlocked.Increment(ref missing);
                }
            }
        );
        return missing == 0;
    }

    // Another run may have made room meanwhile.
    private bool IsWhole(string digest)
    {
        try
        {
            return DigestMemory.Hash(FilePath(digest)) == digest;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Drop(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // It went with its folder.
        }
    }

    // A folder that a task or somebody else made a link would lead the files somewhere else.
    private static void MakeFolder(string root, string folder)
    {
        var path = root;
        foreach (var name in folder.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Combine(path, name);
            if (Posix.Stat(path) is { Kind: not FileKind.Folder })
            {
                File.Delete(path);
            }
            Directory.CreateDirectory(path);
        }
    }

    private void KeepFile(WorkFile file, string full)
    {
        var path = FilePath(file.Digest);
        if (File.Exists(path))
        {
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A name more where the file system can, else a copy.
        if (Posix.Link(full, path) != 0 && !File.Exists(path))
        {
            File.Copy(full, Beside(path), overwrite: true);
            File.Move(Beside(path), path, overwrite: true);
        }
        else
        {
            // A name more is a change of the file, though not of its bytes.
            digests.Know(full, file.Digest);
        }
        Interlocked.Add(ref kept, file.Size);
    }

    private void Put(WorkFile file, string full)
    {
        if (file.IsLink)
        {
            File.CreateSymbolicLink(full, file.Digest);
            return;
        }
        var path = FilePath(file.Digest);
        // One file has one mode: the same bytes under the other mode need a file of their own.
        if (Posix.Stat(path) is not { } stat || stat.IsExecutable != file.IsExecutable || Posix.Link(path, full) != 0)
        {
            File.Copy(path, full, overwrite: true);
            var mode = File.GetUnixFileMode(full);
            File.SetUnixFileMode(
                full,
                file.IsExecutable ? mode | UnixFileMode.UserExecute : mode & ~UnixFileMode.UserExecute
            );
        }
        digests.Know(full, file.Digest);
    }

    private static void Confine(IWorkspace workspace, WorkFile link)
    {
        var target = Path.GetFullPath(
            Path.Combine(workspace.Root, Path.GetDirectoryName(link.Path) ?? "", link.Digest)
        );
        if (Path.IsPathRooted(link.Digest) || !$"{target}/".StartsWith($"{workspace.Root}/", StringComparison.Ordinal))
        {
            throw new ProblemException(PipelineProblems.OutputLeadsOut(link.Path, link.Digest));
        }
    }

    // What was not used for longest goes first; then bytes that no entry names.
    private void Prune()
    {
        var files = new DirectoryInfo(Path.Combine(settings.Folder, "files"));
        var all = files.Exists
            ? files.EnumerateFiles("*", SearchOption.AllDirectories).Sum(static one => one.Length)
            : 0;
        if (all <= settings.BytesMax)
        {
            return;
        }
        var entries = new DirectoryInfo(Path.Combine(settings.Folder, "entries"))
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .OrderByDescending(static one => one.LastWriteTimeUtc)
            .ToList();
        var (wanted, size) = (new HashSet<string>(StringComparer.Ordinal), 0L);
        foreach (var one in entries)
        {
            var outputs = Read(one.FullName)?.Outputs ?? [];
            var more = outputs.Where(of => !of.IsLink && !wanted.Contains(of.Digest)).ToList();
            if (size + more.Sum(static of => of.Size) > settings.BytesMax * 9 / 10)
            {
                one.Delete();
                continue;
            }
            size += more.Sum(static of => of.Size);
            wanted.UnionWith(more.Select(static of => of.Digest));
        }
        foreach (
            var file in files.EnumerateFiles("*", SearchOption.AllDirectories).Where(one => !wanted.Contains(one.Name))
        )
        {
            file.Delete();
        }
    }

    private KeptTask? Read(string path)
    {
        try
        {
            return EntryText.Read(File.ReadAllText(path), settings.Key);
        }
        catch (Exception caught) when (caught is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string Beside(string path) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.new");

    private string FilePath(string digest) => Path.Combine(settings.Folder, "files", digest[..2], digest);

    private string FailedPath(TaskKey key) => Path.Combine(settings.Folder, "failed", key.Digest[..2], key.Digest);

    // Each branch has its own, so that none can take the place of another's.
    private string EntryPath(TaskKey key, string scope) =>
        Path.Combine(
            settings.Folder,
            "entries",
            Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(scope)))[..16],
            key.Digest[..2],
            key.Digest
        );
}
