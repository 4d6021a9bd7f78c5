using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Git;

/// <summary>Mirrors below one folder of this machine, kept by the git that is installed on it.</summary>
/// <param name="root">Absolute; made when it is first needed.</param>
public sealed class GitMirrors(string root, World world) : IGitMirrors
{
    internal const long MirrorBytesMax = 4L << 30;
    internal const long TreeBytesMax = 2L << 30;
    private const int TreeFilesMax = 200_000;
    private const int ChangedMax = 100_000;
    private const int TitleLettersMax = 200;
    private static readonly TimeSpan FetchMax = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan HereMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SizePause = TimeSpan.FromSeconds(1);

    private readonly GitProgram git = new(world);

    public async Task<IReadOnlyDictionary<string, GitHead>> FetchAsync(GitOrder order, CancellationToken stop)
    {
        var mirror = await MirrorAsync(order.Source, stop);
        var env = GitSettings.Reaching(order, Home(), await AddressesAsync(order, stop));
        await FetchAsync(order, env, "+refs/heads/*:refs/heads/*", stop);
        foreach (var (number, from) in order.Changes)
        {
            var change = FormattableString.Invariant($"refs/changes/{number}");
            var answer = await ReachAsync(order, Fetching(mirror, order.Url, $"+{from}:{change}"), env, stop);
            // One that is gone there is gone here, so that nobody goes on with what was.
            if (answer.Code != 0)
            {
                await HereAsync(order.Source, ["--git-dir", mirror, "update-ref", "-d", change], stop);
            }
        }
        return await HeadsAsync(order.Source, mirror, stop);
    }

    public async Task<string> CheckOutAsync(string source, string branch, string commit, CancellationToken stop)
    {
        Commit(commit);
        var folder = Path.Combine(Trees(source), $"{commit}-{Short(branch)}");
        if (Directory.Exists(folder))
        {
            return folder;
        }
        var mirror = Mirror(source);
        await MeasureAsync(source, mirror, commit, stop);
        var unfinished = $"{folder}.{world.NewId()}";
        Directory.CreateDirectory(unfinished);
        try
        {
            await DoneAsync(source, ["init", "--quiet", "--template=", unfinished], stop);
            // Shares the mirror's objects, so that a commit costs no more than its files.
            var info = Path.Combine(unfinished, ".git", "objects", "info");
            Directory.CreateDirectory(info);
            await File.WriteAllTextAsync(
                Path.Combine(info, "alternates"),
                Path.Combine(mirror, "objects") + "\n",
                stop
            );
            // A change has no branch; what stands for one here holds a colon, which git takes in no name.
            var name = branch.Replace(':', '/');
            await DoneAsync(
                source,
                ["-C", unfinished, "checkout", "--quiet", "--force", "-B", name, commit, "--"],
                stop
            );
            Directory.Move(unfinished, folder);
            return folder;
        }
        finally
        {
            Delete(unfinished);
        }
    }

    public async Task<IReadOnlyList<string>?> ChangedAsync(
        string source,
        string from,
        string to,
        CancellationToken stop
    )
    {
        var answer = await HereAsync(
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
            await HereAsync(
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
        var count = await HereAsync(source, [.. range, "rev-list", "--count", commits, "--"], stop);
        if (count.Code != 0)
        {
            return null;
        }
        var log = await DoneAsync(
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
                Delete(folder);
            }
        }
    }

    public void Remove(string source) => Delete(Of(source));

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

    private static string[] Fetching(string mirror, string url, string references) =>
        [
            "--git-dir",
            mirror,
            "fetch",
            "--prune",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--quiet",
            "--",
            url,
            references,
        ];

    private async Task FetchAsync(
        GitOrder order,
        Dictionary<string, string> env,
        string references,
        CancellationToken stop
    )
    {
        var answer = await ReachAsync(order, Fetching(Mirror(order.Source), order.Url, references), env, stop);
        if (answer.Code != 0)
        {
            throw new ProblemException(GitProblems.NotFetched(order.Source, order.Url, answer.Errors));
        }
    }

    // Nothing tells how large a repository is before it is there, so it is measured while it comes.
    private async Task<GitAnswer> ReachAsync(
        GitOrder order,
        string[] words,
        Dictionary<string, string> env,
        CancellationToken stop
    )
    {
        using var limit = new CancellationTokenSource(FetchMax, world.Clock);
        using var full = new CancellationTokenSource();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token, full.Token);
        var running = git.RunAsync(new(order.Source, words, root, env), all.Token);
        try
        {
            while (await Task.WhenAny(running, Task.Delay(SizePause, world.Clock, CancellationToken.None)) != running)
            {
                if (SizeOf(Mirror(order.Source)) > MirrorBytesMax)
                {
                    await full.CancelAsync();
                }
            }
            return await running;
        }
        catch (OperationCanceledException caught) when (full.IsCancellationRequested)
        {
            Delete(Mirror(order.Source));
            throw new ProblemException(
                GitProblems.TooMuch(order.Source, $"It has more than {MirrorBytesMax >> 30} GiB"),
                caught
            );
        }
        catch (OperationCanceledException caught) when (limit.IsCancellationRequested)
        {
            throw new ProblemException(GitProblems.TooSlow(order.Source, FetchMax), caught);
        }
    }

    private async Task<Dictionary<string, GitHead>> HeadsAsync(string source, string mirror, CancellationToken stop) =>
        ReadHeads(
            (
                await DoneAsync(
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

    private async Task MeasureAsync(string source, string mirror, string commit, CancellationToken stop)
    {
        var answer = await HereAsync(source, ["--git-dir", mirror, "ls-tree", "-r", "-l", "-z", commit, "--"], stop);
        if (answer.Code != 0)
        {
            throw new ProblemException(GitProblems.NoCommit(source, commit));
        }
        var (files, bytes) = MeasureOf(answer.Output);
        if (files > TreeFilesMax || bytes > TreeBytesMax)
        {
            throw new ProblemException(
                GitProblems.TooMuch(
                    source,
                    $"The commit {commit[..12]} has {files} files with {bytes >> 20} MiB; {TreeFilesMax} with {TreeBytesMax >> 20} MiB are taken"
                )
            );
        }
    }

    /// <summary>Reads <c>git ls-tree -r -l -z</c>.</summary>
    internal static (int Files, long Bytes) MeasureOf(string output)
    {
        var (files, bytes) = (0, 0L);
        foreach (var entry in output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = entry.Split('\t')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            files++;
            bytes +=
                words.Length == 4
                && long.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                    ? size
                    : 0;
        }
        return (files, bytes);
    }

    private async Task<string> MirrorAsync(string source, CancellationToken stop)
    {
        var mirror = Mirror(source);
        Directory.CreateDirectory(Home());
        if (!File.Exists(Path.Combine(mirror, "HEAD")))
        {
            Delete(mirror);
            Directory.CreateDirectory(mirror);
            await DoneAsync(source, ["init", "--quiet", "--bare", "--template=", mirror], stop);
        }
        // What a kill left half-written, nobody writes any more.
        foreach (var left in Directory.EnumerateFiles(mirror, "*.lock", SearchOption.TopDirectoryOnly))
        {
            File.Delete(left);
        }
        return mirror;
    }

    private async Task<GitAnswer> DoneAsync(string source, IReadOnlyList<string> words, CancellationToken stop) =>
        await HereAsync(source, words, stop) is var answer && answer.Code == 0
            ? answer
            : throw new ProblemException(
                GitProblems.Failed(
                    source,
                    $"git {words.First(static one => !one.StartsWith('-') && !one.StartsWith('/'))} failed",
                    answer.Errors
                )
            );

    private async Task<GitAnswer> HereAsync(string source, IReadOnlyList<string> words, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(HereMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            Directory.CreateDirectory(root);
            return await git.RunAsync(new(source, words, root, GitSettings.Here(Home())), both.Token);
        }
        catch (OperationCanceledException caught) when (limit.IsCancellationRequested)
        {
            throw new ProblemException(GitProblems.TooSlow(source, HereMax), caught);
        }
    }

    // The same rules as for every address that somebody chose, though git connects and not we.
    private static async Task<IReadOnlyList<IPAddress>> AddressesAsync(GitOrder order, CancellationToken stop)
    {
        var url = new Uri(order.Url);
        if (url.IsFile)
        {
            return [];
        }
        var most = order.IsInside ? AddressKind.Inside : AddressKind.Public;
        try
        {
            var all = IPAddress.TryParse(url.IdnHost, out var literal)
                ? [literal]
                : await System.Net.Dns.GetHostAddressesAsync(url.IdnHost, stop);
            IPAddress[] good = [.. all.Where(one => AddressKinds.Of(one) <= most)];
            return good.Length == 0
                    ? throw new ProblemException(
                        GitProblems.NotThere(
                            order.Source,
                            url.IdnHost,
                            all.Length == 0
                                ? "it has no address."
                                : $"it is {all[0]}, where Fairlead is not sent by this setting."
                        )
                    )
                : literal is null ? good
                : [];
        }
        catch (System.Net.Sockets.SocketException caught)
        {
            throw new ProblemException(GitProblems.NotThere(order.Source, url.IdnHost, caught.Message), caught);
        }
    }

    private string Of(string source) =>
        Site.IsName(source)
            ? Path.Combine(root, source)
            : throw new ArgumentException($"Not a name that a path can be made of: {source}.", nameof(source));

    private string Mirror(string source) => Path.Combine(Of(source), "mirror.git");

    private string Trees(string source) => Path.Combine(Of(source), "trees");

    private string Home() => Path.Combine(root, ".home");

    private static string Commit(string text) =>
        IsCommit(text) ? text : throw new ArgumentException($"Not a commit: {text}.", nameof(text));

    internal static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    private static string Short(string branch) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(branch)))[..8];

    private static string Plain(string text) =>
        string.Concat(text.Where(static letter => !char.IsControl(letter)).Take(TitleLettersMax));

    private static long SizeOf(string folder) =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder)
                .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
                .Sum(static file => file.Exists ? file.Length : 0)
            : 0;

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
