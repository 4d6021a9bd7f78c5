using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Git;

/// <summary>
/// Puts a commit into a folder, and the commits of other repositories where it names them. Each of those has a mirror of its own; git's own way (<c>git submodule</c>) is not taken,
/// since it minds settings that whoever pushes can write, such as commands.
/// </summary>
/// <param name="mirrors">The folder of their mirrors.</param>
internal sealed class GitModules(GitOrder order, GitAccess git, string mirrors)
{
    internal const long TreeBytesMax = 2L << 30;
    private const int FilesMax = 200_000;
    private const int ModulesMax = 100;
    private const int DepthMax = 5;

    private readonly List<ModuleTree> trees = [];
    private (int Files, long Bytes, int Modules) taken;

    /// <summary>All that was put.</summary>
    public IReadOnlyList<ModuleTree> Trees => trees;

    /// <summary>What a commit holds; with all before, no more than is taken.</summary>
    /// <exception cref="ProblemException">It is too much, or there is no such commit.</exception>
    public async Task<IReadOnlyList<GitEntry>> EntriesAsync(string mirror, string commit, CancellationToken stop)
    {
        var answer = await git.HereAsync(
            order.Source,
            ["--git-dir", mirror, "ls-tree", "-r", "-l", "-z", commit, "--"],
            stop
        );
        if (answer.Code != 0)
        {
            throw new ProblemException(GitProblems.NoCommit(order.Source, commit));
        }
        var entries = GitEntry.Read(answer.Output);
        taken = (taken.Files + entries.Count, taken.Bytes + entries.Sum(static one => one.Bytes), taken.Modules);
        return taken.Files > FilesMax || taken.Bytes > TreeBytesMax
            ? throw new ProblemException(
                GitProblems.TooMuch(
                    order.Source,
                    $"The commit {commit[..12]} has {taken.Files} files with {taken.Bytes >> 20} MiB; {FilesMax} with {TreeBytesMax >> 20} MiB are taken"
                )
            )
            : entries;
    }

    /// <summary>A small repository in an empty folder that shares a mirror's objects, so that a commit costs no more than its files.</summary>
    public async Task PutAsync(string mirror, string folder, IReadOnlyList<string> checkout, CancellationToken stop)
    {
        await git.DoneAsync(order.Source, ["init", "--quiet", "--template=", folder], stop);
        var objects = Path.Combine(folder, ".git", "objects", "info");
        Directory.CreateDirectory(objects);
        await File.WriteAllTextAsync(Path.Combine(objects, "alternates"), Path.Combine(mirror, "objects") + "\n", stop);
        await git.DoneAsync(order.Source, ["-C", folder, "checkout", "--quiet", "--force", .. checkout, "--"], stop);
    }

    /// <summary>Puts what a tree names of other repositories into it, and what those name.</summary>
    /// <exception cref="ProblemException">An address may not be asked, or its commit is not there.</exception>
    public async Task FillAsync(ModuleTree tree, CancellationToken stop)
    {
        trees.Add(tree);
        var modules = tree.Entries.Where(static one => one.IsModule).ToList();
        if (modules.Count == 0)
        {
            return;
        }
        taken.Modules += modules.Count;
        if (taken.Modules > ModulesMax || tree.Depth >= DepthMax)
        {
            throw new ProblemException(
                GitProblems.TooMuch(
                    order.Source,
                    $"It has more than {ModulesMax} submodules, or they lie more than {DepthMax} deep"
                )
            );
        }
        var said = await git.HereAsync(
            order.Source,
            ["--git-dir", tree.Mirror, "config", "--blob", $"{tree.Commit}:.gitmodules", "-z", "--list"],
            stop
        );
        var urls = ModuleAddress.Read(said.Code == 0 ? said.Output : "");
        foreach (var module in modules)
        {
            var (url, why) = urls.TryGetValue(module.Path, out var written)
                ? ModuleAddress.Of(written, tree.Url, order)
                : (null, "its address is not in .gitmodules");
            if (url is null)
            {
                throw new ProblemException(GitProblems.NoModule(order.Source, module.Path, written, why));
            }
            var mirror = await MirrorAsync(url, module, stop);
            var folder = FolderOf(tree.Folder, module.Path);
            var entries = await EntriesAsync(mirror, module.Id, stop);
            await PutAsync(mirror, folder, ["--detach", module.Id], stop);
            await FillAsync(new(mirror, folder, url, module.Id, entries) { Depth = tree.Depth + 1 }, stop);
        }
    }

    // What git itself would not check out is not followed either; and no link is.
    private string FolderOf(string tree, string path)
    {
        var at = tree;
        foreach (var part in path.Split('/'))
        {
            at = Path.Combine(at, part);
            if (
                part is "" or "." or ".."
                || string.Equals(part.TrimEnd(' ', '.'), ".git", StringComparison.OrdinalIgnoreCase)
                || new DirectoryInfo(at).LinkTarget is not null
                || File.Exists(at)
            )
            {
                throw new ProblemException(
                    GitProblems.NoModule(order.Source, path, null, "its path leads to where no source is")
                );
            }
        }
        Directory.CreateDirectory(at);
        return at;
    }

    private async Task<string> MirrorAsync(string url, GitEntry module, CancellationToken stop)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..32];
        var mirror = Path.Combine(mirrors, $"{name}.git");
        if (!File.Exists(Path.Combine(mirror, "HEAD")))
        {
            GitAccess.Delete(mirror);
            Directory.CreateDirectory(mirror);
            await git.DoneAsync(order.Source, ["init", "--quiet", "--bare", "--template=", mirror], stop);
        }
        if (await HasAsync(mirror, module.Id, stop))
        {
            return mirror;
        }
        var there = order with
        {
            Url = url,
            Token = ModuleAddress.IsSame(new Uri(url), new Uri(order.Url)) ? order.Token : null,
            Changes = new Dictionary<int, string>(),
        };
        var env = await git.ReachingAsync(there, stop);
        var answer = await git.ReachAsync(
            there,
            (GitAccess.Fetching(mirror, url, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"), mirrors),
            env,
            stop
        );
        if (answer.Code != 0)
        {
            throw new ProblemException(GitProblems.NotFetched(order.Source, url, answer.Errors));
        }
        if (!await HasAsync(mirror, module.Id, stop))
        {
            // One that is in no branch any more is still given by those servers that give it.
            await git.ReachAsync(
                there,
                (GitAccess.Fetching(mirror, url, $"+{module.Id}:refs/pinned/{module.Id}"), mirrors),
                env,
                stop
            );
        }
        return await HasAsync(mirror, module.Id, stop)
            ? mirror
            : throw new ProblemException(
                GitProblems.NoModule(order.Source, module.Path, url, $"it has no commit {module.Id[..12]}")
            );
    }

    private async Task<bool> HasAsync(string mirror, string commit, CancellationToken stop) =>
        GitMirrors.IsCommit(commit)
        && (
            await git.HereAsync(order.Source, ["--git-dir", mirror, "cat-file", "-e", $"{commit}^{{commit}}"], stop)
        ).Code == 0;
}

/// <summary>A commit that was put into a folder.</summary>
/// <param name="Mirror">Where its objects are.</param>
/// <param name="Url">Of its repository.</param>
internal sealed record ModuleTree(
    string Mirror,
    string Folder,
    string Url,
    string Commit,
    IReadOnlyList<GitEntry> Entries
)
{
    /// <summary>In how many others it lies.</summary>
    public int Depth { get; init; }
}
