using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Ports;

namespace Fairlead.Faces.Cli.Following;

/// <summary>Shows a deployment to its end: as a picture on a terminal, as lines in a pipe, as NDJSON for programs.</summary>
internal sealed class Watch(Reply reply, IPlatform platform, World world)
{
    // What a shell reports for a program that Ctrl-C ended.
    private const int Interrupted = 130;

    /// <param name="started">The output that began the deployment; null when it is only watched.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string id, JsonNode? started, DeploymentPhase goal, CancellationToken stop)
    {
        FollowPage last;
        try
        {
            last = await LastAsync(id, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Detached(id, Payload.DeploymentOf(started)?.App);
        }
        var data = started is null ? last.Raw : Payload.With(started, last.Raw);
        var problem = Ending.Problem(last.Deployment, goal);
        if (!reply.Globals.Json)
        {
            foreach (var line in Ending.Lines(last.Deployment))
            {
                reply.Note(line);
            }
        }
        return problem is null ? reply.Done(data, last.Deployment.Urls) : reply.Failed([problem], data);
    }

    private async Task<FollowPage> LastAsync(string id, CancellationToken stop)
    {
        var pages = new Follower(platform, world).PagesAsync(id, stop);
        var globals = reply.Globals;
        if (!globals.Json && !globals.Quiet && reply.Terminal.IsLive(globals.NoColor))
        {
            return (await LiveProgress.ShowAsync(reply.Terminal, world, pages, stop))!;
        }
        var lines = new PlainProgress(world, reply.Note);
        FollowPage? last = null;
        await foreach (var page in pages.WithCancellation(stop))
        {
            last = page;
            if (!globals.Json)
            {
                lines.Show(page);
                continue;
            }
            foreach (var entry in page.Entries)
            {
                reply.Event("entry", entry.Raw);
            }
        }
        return last!;
    }

    private int Detached(string id, string? app)
    {
        var problem = Ending.Detached(id, app ?? "APP");
        if (reply.Globals.Json)
        {
            reply.Failed([problem]);
        }
        else
        {
            reply.Terminal.Error.WriteLine();
            reply.Terminal.Error.WriteLine($"{problem.What} {problem.Fix}");
        }
        return Interrupted;
    }
}
