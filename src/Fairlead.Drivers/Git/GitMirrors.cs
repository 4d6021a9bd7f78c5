using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Git;

/// <summary>Mirrors below one folder of this machine, kept by the git that is installed on it.</summary>
/// <param name="root">Absolute; made when it is first needed.</param>
public sealed class GitMirrors(string root, World world) : IGitMirrors
{
    internal const long MirrorBytesMax = 4L << 30;
    private const int ChangedMax = 100_000;
    private const int TitleLettersMax = 200;

    private readonly GitAccess git = new(root, world);

    public async Task<IReadOnlyDictionary<string, GitHead>> FetchAsync(GitOrder order, CancellationToken stop)
    {
        var mirror = await MirrorAsync(order.Source, stop);
        var env = await git.ReachingAsync(order, stop);
        await FetchAsync(order, env, "+refs/heads/*:refs/heads/*", stop);
        foreach (var (number, from) in order.Changes)
        {
            var change = FormattableString.Invariant($"refs/changes/{number}");
            var answer = await git.ReachAsync(
                order,
                (GitAccess.Fetching(mirror, order.Url, $"+{from}:{change}"), mirror),
                env,
                stop
            );
            // One that is gone there is gone here, so that nobody goes on with what was.
            if (answer.Code != 0)
            {
                await git.HereAsync(order.Source, ["--git-dir", mirror, "update-ref", "-d", change], stop);
            }
        }
        return await HeadsAsync(order.Source, mirror, stop);
    }

    public async Task<string> CheckOutAsync(GitOrder order, string branch, string commit, CancellationToken stop)
    {
        Commit(commit);
        var source = order.Source;
        var folder = Path.Combine(Trees(source), $"{commit}-{Short(branch)}");
        if (Directory.Exists(folder))
        {
            return folder;
        }
        var mirror = Mirror(source);
        var unfinished = $"{folder}.{world.NewId()}";
        Directory.CreateDirectory(unfinished);
        try
        {
            var modules = new GitModules(order, git, Path.Combine(Of(source), "modules"));
            var entries = await modules.EntriesAsync(mirror, commit, stop);
            // A change has no branch; what stands for one here holds a colon, which git takes in no name.
            await modules.PutAsync(mirror, unfinished, ["-B", branch.Replace(':', '/'), commit], stop);
            await modules.FillAsync(new(mirror, unfinished, order.Url, commit, entries), stop);
            await new GitPointers(order, git, Path.Combine(Of(source), "lfs")).FillAsync(
                unfinished,
                modules.Trees,
                stop
            );
            Directory.Move(unfinished, folder);
            return folder;
        }
        finally
        {
            GitAccess.Delete(unfinished);
        }
    }

    public async Task<IReadOnlyList<string>?> ChangedAsync(
        string source,
        string from,
        string to,
        CancellationToken stop
    )
    {
        var answer = await git.HereAsync(
            source,
            ["--git-dir", Mirror(source), "diff", "--name-only", "--no-renames", "-z", Commit(from), Commit(to), "--"],
            stop
        );
        return answer.Code == 0
            ? [.. answer.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Take(ChangedMax)]
            : null;
    }

    public async Task<bool> IsWithinAsync(string source, string older, string newer, CancellationToken stop) =>
        (
            await git.HereAsync(
                source,
                ["--git-dir", Mirror(source), "merge-base", "--is-ancestor", Commit(older), Commit(newer)],
                stop
            )
        ).Code == 0;

    public async Task<GitLog?> LogAsync(
        string source,
        (string Without, string With) between,
        int max,
        CancellationToken stop
    )
    {
        string[] range = ["--git-dir", Mirror(source)];
        var commits = $"{Commit(between.Without)}..{Commit(between.With)}";
        var count = await git.HereAsync(source, [.. range, "rev-list", "--count", commits, "--"], stop);
        if (count.Code != 0)
        {
            return null;
        }
        var log = await git.DoneAsync(
            source,
            [
                .. range,
                "log",
                FormattableString.Invariant($"--max-count={max}"),
                "--format=%H%x00%an%x00%ct%x00%s",
                commits,
                "--",
            ],
            stop
        );
        return new(
            int.Parse(count.Output.Trim(), CultureInfo.InvariantCulture),
            [.. log.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ReadCommit).OfType<GitCommit>()]
        );
    }

    public string Inside(string source, string tree, string folder)
    {
        var at = tree;
        foreach (var part in folder.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Combine(at, part);
            var why =
                part is "." or ".." or ".git" ? "It leads to where no source is."
                : !Directory.Exists(at) ? "There is none in this commit."
                : new DirectoryInfo(at).LinkTarget is not null ? $"'{part}' is a link, which could lead anywhere."
                : null;
            if (why is not null)
            {
                throw new ProblemException(GitProblems.NoFolder(source, folder, why));
            }
        }
        return at;
    }

    public void Prune(string source, IReadOnlySet<string> used)
    {
        if (!Directory.Exists(Trees(source)))
        {
            return;
        }
        foreach (var folder in Directory.EnumerateDirectories(Trees(source)))
        {
            if (!used.Any(path => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)))
            {
                GitAccess.Delete(folder);
            }
        }
    }

    public void Remove(string source) => GitAccess.Delete(Of(source));

    internal static GitCommit? ReadCommit(string line) =>
        line.Split('\0') is [var id, var author, var at, var title] && TimeOf(at) is { } time
            ? new(id, Plain(author), time, Plain(title))
            : null;

    private static DateTimeOffset? TimeOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Reads <c>git for-each-ref</c>: branches by their names, changes as <c>change/12</c>.</summary>
    internal static Dictionary<string, GitHead> ReadHeads(string output)
    {
        const string Branches = "refs/heads/";
        const string Changes = "refs/changes/";
        var heads = new Dictionary<string, GitHead>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (
                line.Split(' ', 3) is not [var commit, var at, var name]
                || !IsCommit(commit)
                || TimeOf(at) is not { } time
            )
            {
                continue;
            }
            if (name.StartsWith(Branches, StringComparison.Ordinal))
            {
                heads[name[Branches.Length..]] = new(commit, time);
            }
            else if (name.StartsWith(Changes, StringComparison.Ordinal))
            {
                // No branch can be called so: its name would hold a colon.
                heads[$"change:{name[Changes.Length..]}"] = new(commit, time);
            }
        }
        return heads;
    }

    private async Task FetchAsync(
        GitOrder order,
        Dictionary<string, string> env,
        string references,
        CancellationToken stop
    )
    {
        var mirror = Mirror(order.Source);
        var answer = await git.ReachAsync(
            order,
            (GitAccess.Fetching(mirror, order.Url, references), mirror),
            env,
            stop
        );
        if (answer.Code != 0)
        {
            throw new ProblemException(GitProblems.NotFetched(order.Source, order.Url, answer.Errors));
        }
    }

    private async Task<Dictionary<string, GitHead>> HeadsAsync(string source, string mirror, CancellationToken stop) =>
        ReadHeads(
            (
                await git.DoneAsync(
                    source,
                    [
                        "--git-dir",
                        mirror,
                        "for-each-ref",
                        "--count=20000",
                        "--format=%(objectname) %(committerdate:unix) %(refname)",
                        "refs/heads",
                        "refs/changes",
                    ],
                    stop
                )
            ).Output
        );

    private async Task<string> MirrorAsync(string source, CancellationToken stop)
    {
        var mirror = Mirror(source);
        Directory.CreateDirectory(git.Home);
        if (!File.Exists(Path.Combine(mirror, "HEAD")))
        {
            GitAccess.Delete(mirror);
            Directory.CreateDirectory(mirror);
            await git.DoneAsync(source, ["init", "--quiet", "--bare", "--template=", mirror], stop);
        }
        // What a kill left half-written, nobody writes any more.
        foreach (var left in Directory.EnumerateFiles(mirror, "*.lock", SearchOption.TopDirectoryOnly))
        {
            File.Delete(left);
        }
        return mirror;
    }

    private string Of(string source) =>
        Site.IsName(source)
            ? Path.Combine(root, source)
            : throw new ArgumentException($"Not a name that a path can be made of: {source}.", nameof(source));

    private string Mirror(string source) => Path.Combine(Of(source), "mirror.git");

    private string Trees(string source) => Path.Combine(Of(source), "trees");

    private static string Commit(string text) =>
        IsCommit(text) ? text : throw new ArgumentException($"Not a commit: {text}.", nameof(text));

    internal static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    private static string Short(string branch) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(branch)))[..8];

    private static string Plain(string text) =>
        string.Concat(text.Where(static letter => !char.IsControl(letter)).Take(TitleLettersMax));
}
