using System.Text;
using System.Text.RegularExpressions;
using Fairlead.Drivers.Builds;
using Fairlead.Drivers.Shell;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Checking;

/// <summary>Files as commits have them, from the git that is installed.</summary>
public sealed partial class GitRevisions(string folder, World world) : IRevisions
{
    private const int BytesMax = 32 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<byte[]?> ReadAsync(string revision, string path, CancellationToken stop)
    {
        if (
            !Name().IsMatch(revision)
            || revision.Contains("..", StringComparison.Ordinal)
            || path.Contains("..", StringComparison.Ordinal)
            || Path.IsPathRooted(path)
        )
        {
            throw Missing(
                revision,
                "It is no name of a branch, a tag or a commit, or the file lies outside of the folder."
            );
        }
        var (isThere, said) = await AskAsync(["rev-parse", "--verify", $"{revision}^{{commit}}"], stop);
        if (!isThere)
        {
            throw Missing(revision, Encoding.UTF8.GetString(said).Trim().Split('\n')[0]);
        }
        var (isFile, bytes) = await AskAsync(["show", $"{revision}:./{path}"], stop);
        return isFile ? bytes : null;
    }

    private async Task<(bool Ended, byte[] Said)> AskAsync(IReadOnlyList<string> words, CancellationToken stop)
    {
        var place = Directory.CreateTempSubdirectory("fairlead-git-");
        var log = Path.Combine(place.FullName, "said");
        var pid = 0;
        try
        {
            var env = BuildEnv.Read(Environment.GetEnvironmentVariables());
            pid = Spawner.Start(
                new(["git", "--no-pager", .. words], folder, env, log, Descriptors: null, CgroupProcs: [])
            );
            using var limit = new CancellationTokenSource(Patience, world.Clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            var ending = await Child.WaitAsync(pid, world, both.Token);
            pid = 0;
            return new FileInfo(log).Length > BytesMax
                ? throw Missing(words[^1], $"It is larger than {BytesMax} bytes.")
                : (ending.Code == 0, await File.ReadAllBytesAsync(log, stop));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Missing(words[^1], $"git did not answer within {Patience.TotalSeconds:0} s.");
        }
        finally
        {
            _ = Child.SignalGroup(pid, Signal.Kill);
            place.Delete(recursive: true);
        }
    }

    private ProblemException Missing(string revision, string why) =>
        new(
            new Problem(
                "check.no-revision",
                What: $"There is no {revision} to compare with in {folder}.",
                Why: why,
                Fix: $"Fetch it first: git fetch origin {revision.Split('/')[^1]}. CI systems bring one commit alone unless they are told otherwise (fetch-depth: 0)."
            )
            {
                Trouble = Trouble.NotFound,
            }
        );

    // Never an option, and never a range.
    [GeneratedRegex(@"^[A-Za-z0-9_@][A-Za-z0-9_./@^~+-]{0,199}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
