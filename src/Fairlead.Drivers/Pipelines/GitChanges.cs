using System.Text.RegularExpressions;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>What changed in a folder, from the git that is installed. It is only read: the index is not refreshed, and no setting of the repository starts a program.</summary>
internal sealed partial class GitChanges(string folder, World world) : IChanges
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Mains =
    [
        "refs/remotes/origin/HEAD",
        "refs/remotes/origin/main",
        "refs/remotes/origin/master",
        "refs/heads/main",
        "refs/heads/master",
    ];

    public async Task<ChangedFiles> SinceAsync(string? reference, CancellationToken stop)
    {
        var inside = await AskAsync(["rev-parse", "--is-inside-work-tree"], stop);
        if (inside.Code != 0 || inside.Output.Trim() != "true")
        {
            throw Problem(
                "no-repository",
                $"{folder} is in no working tree of git.",
                First(inside.Errors),
                "Run all jobs, without --affected, or run it in a clone."
            );
        }
        var (name, other) = await FindAsync(reference, stop);
        var common = await AskAsync(["merge-base", other, "HEAD"], stop);
        if (common.Code != 0 || common.Output.Trim().Split('\n')[0] is not { Length: > 0 } commit)
        {
            throw Problem(
                "no-common-commit",
                $"{name} and what is checked out have no commit in common.",
                First(common.Errors) is { Length: > 0 } said
                    ? said
                    : "The clone is shallow, or the histories are different.",
                "Fetch the history: git fetch --unshallow. CI systems bring one commit alone unless they are told otherwise (fetch-depth: 0)."
            );
        }
        var differs = await AskAsync(
            ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative", commit, "--"],
            stop
        );
        var added = await AskAsync(["ls-files", "--others", "--exclude-standard", "-z"], stop);
        if (differs.Code != 0 || added.Code != 0)
        {
            throw Problem(
                "no-repository",
                $"git did not say what changed in {folder}.",
                First(differs.Errors + added.Errors),
                "See what it says to: git status"
            );
        }
        var paths = differs
            .Output.Split('\0')
            .Concat(added.Output.Split('\0'))
            .Where(static one => one.Length > 0)
            .ToHashSet(StringComparer.Ordinal);
        return new(name, [.. paths.Order(StringComparer.Ordinal)]);
    }

    private async Task<(string Name, string Commit)> FindAsync(string? reference, CancellationToken stop)
    {
        foreach (var name in reference is null ? Mains : [reference])
        {
            if (!Name().IsMatch(name) || name.Contains("..", StringComparison.Ordinal))
            {
                continue;
            }
            var found = await AskAsync(["rev-parse", "--verify", "--quiet", $"{name}^{{commit}}"], stop);
            if (found.Code == 0 && found.Output.Trim() is { Length: > 0 } commit)
            {
                return (Plain(name), commit);
            }
        }
        throw reference is null
            ? Problem(
                "no-such-commit",
                "Nothing says since when changes count.",
                "There is no main or master branch here, and no remote that names one.",
                "Say it: --since BRANCH"
            )
            : Problem(
                "no-such-commit",
                $"There is no branch, tag or commit '{reference}' here.",
                "It says since when changes count.",
                $"Fetch it first: git fetch origin {reference.Split('/')[^1]}"
            );
    }

    private async Task<GitAnswer> AskAsync(IReadOnlyList<string> words, CancellationToken stop)
    {
        var env = BuildEnv.Read(Environment.GetEnvironmentVariables());
        (env["GIT_OPTIONAL_LOCKS"], env["LC_ALL"]) = ("0", "C");
        env["PATH"] = env.GetValueOrDefault("PATH") ?? "/usr/local/bin:/usr/bin:/bin";
        if (!Tools.IsThere("git", folder, env["PATH"]))
        {
            throw Problem(
                "no-repository",
                "Nobody can say what changed.",
                "There is no git here.",
                "Install Git: apt-get install git. Or run all jobs, without --affected."
            );
        }
        using var limit = new CancellationTokenSource(Patience, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await new GitProgram(world).RunAsync(
                new("affected", ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", .. words], folder, env),
                both.Token
            );
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Problem(
                "no-repository",
                $"git did not say what changed in {folder}.",
                $"It had {Patience.TotalSeconds:0} s.",
                "See what keeps it: git status"
            );
        }
    }

    private static string Plain(string name) =>
        name.Replace("refs/remotes/", "", StringComparison.Ordinal)
            .Replace("refs/heads/", "", StringComparison.Ordinal);

    private static string First(string text) => text.Trim().Split('\n')[0];

    private static ProblemException Problem(string code, string what, string why, string fix) =>
        new(
            new Problem($"pipeline.{code}", what, why.Length > 0 ? why : "git says nothing more.", fix)
            {
                Trouble = Trouble.WrongUse,
            }
        );

    // Never an option, and never a range.
    [GeneratedRegex(@"^[A-Za-z0-9_@][A-Za-z0-9_./@^~+-]{0,199}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
