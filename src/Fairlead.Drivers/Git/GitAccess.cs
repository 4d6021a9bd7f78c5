using System.Net;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Git;

/// <summary>Calls of git for mirrors: here, in folders of our own, and out to where repositories are.</summary>
/// <param name="root">Below which all mirrors are.</param>
internal sealed class GitAccess(string root, World world)
{
    private static readonly TimeSpan FetchMax = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan HereMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SizePause = TimeSpan.FromSeconds(1);

    private readonly GitProgram git = new(world);

    public string Home { get; } = Path.Combine(root, ".home");

    /// <summary>The words that bring references of a repository into a bare one.</summary>
    public static string[] Fetching(string mirror, string url, params string[] references) =>
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
            .. references,
        ];

    /// <summary>The environment in which git may reach a repository, and nothing else.</summary>
    /// <exception cref="ProblemException">Its host is where this source may not lead, or nowhere.</exception>
    public async Task<Dictionary<string, string>> ReachingAsync(GitOrder order, CancellationToken stop) =>
        GitSettings.Reaching(order, Home, await AddressesAsync(order, stop));

    // Nothing tells how large a repository is before it is there, so it is measured while it comes.
    public async Task<GitAnswer> ReachAsync(
        GitOrder order,
        (string[] Words, string Into) call,
        Dictionary<string, string> env,
        CancellationToken stop
    )
    {
        using var limit = new CancellationTokenSource(FetchMax, world.Clock);
        using var full = new CancellationTokenSource();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token, full.Token);
        var running = git.RunAsync(new(order.Source, call.Words, root, env), all.Token);
        try
        {
            while (await Task.WhenAny(running, Task.Delay(SizePause, world.Clock, CancellationToken.None)) != running)
            {
                if (SizeOf(call.Into) > GitMirrors.MirrorBytesMax)
                {
                    await full.CancelAsync();
                }
            }
            return await running;
        }
        catch (OperationCanceledException caught) when (full.IsCancellationRequested)
        {
            Delete(call.Into);
            throw new ProblemException(
                GitProblems.TooMuch(order.Source, $"It has more than {GitMirrors.MirrorBytesMax >> 30} GiB"),
                caught
            );
        }
        catch (OperationCanceledException caught) when (limit.IsCancellationRequested)
        {
            throw new ProblemException(GitProblems.TooSlow(order.Source, FetchMax), caught);
        }
    }

    public async Task<GitAnswer> DoneAsync(string source, IReadOnlyList<string> words, CancellationToken stop) =>
        await HereAsync(source, words, stop) is var answer && answer.Code == 0
            ? answer
            : throw new ProblemException(
                GitProblems.Failed(
                    source,
                    $"git {words.First(static one => !one.StartsWith('-') && !one.StartsWith('/'))} failed",
                    answer.Errors
                )
            );

    public async Task<GitAnswer> HereAsync(string source, IReadOnlyList<string> words, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(HereMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            Directory.CreateDirectory(root);
            return await git.RunAsync(new(source, words, root, GitSettings.Here(Home)), both.Token);
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

    public static long SizeOf(string folder) =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder)
                .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
                .Sum(static file => file.Exists ? file.Length : 0)
            : 0;

    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
