using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Following;

/// <summary>Asks for a deployment's journal until it is over, also over a restart of the server.</summary>
internal sealed class Follower(IPlatform platform, World world)
{
    private const int WaitMilliseconds = 1_000;
    private static readonly TimeSpan AwayMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Pages up to the one in which the deployment is over.</summary>
    /// <exception cref="ProblemException">There is no such deployment, or the server stayed away for too long.</exception>
    public async IAsyncEnumerable<FollowPage> PagesAsync(string id, [EnumeratorCancellation] CancellationToken stop)
    {
        FollowPage? last = null;
        var after = 0L;
        DateTimeOffset? awaySince = null;
        while (last is not { IsAnswered: true, Deployment.IsOver: true })
        {
            FollowPage? page = null;
            try
            {
                page = await AskAsync(id, after, stop);
                awaySince = null;
            }
            catch (ProblemException caught) when (caught.Problem.Trouble == Trouble.Unreachable && last is not null)
            {
                awaySince ??= world.Now;
                if (world.Now - awaySince > AwayMax)
                {
                    throw;
                }
            }
            if (page is null)
            {
                yield return last! with
                {
                    Entries = [],
                    IsAnswered = false,
                };
                await Task.Delay(RetryDelay, world.Clock, stop);
                continue;
            }
            after = page.Entries.Select(entry => entry.Sequence).Append(after).Max();
            last = page;
            yield return page;
        }
    }

    private async Task<FollowPage> AskAsync(string id, long after, CancellationToken stop)
    {
        var input = new JsonObject
        {
            ["deployment"] = id,
            ["after"] = after,
            ["waitMilliseconds"] = WaitMilliseconds,
        };
        var answer = await platform.AskAsync(Presentations.Follow, input, stop);
        var entries = answer["entries"]!
            .AsArray()
            .Select(entry => new FollowEntry(
                entry!["sequence"]!.GetValue<long>(),
                entry["text"]!.GetValue<string>(),
                entry
            ));
        return new([.. entries], Payload.DeploymentOf(answer)!, answer["deployment"]!, IsAnswered: true);
    }
}
