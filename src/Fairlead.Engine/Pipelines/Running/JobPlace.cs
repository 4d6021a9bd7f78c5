using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// Where the tasks of one job run: on the machine itself, or in a container of its image, with its servers beside it. None of them begins
/// before a task really runs, so a job that is up to date costs no container.
/// </summary>
internal sealed class JobPlace(JobRun run, PipelineRun whole, IWorkspace workspace) : IAsyncDisposable
{
    private IJobRoom? room;

    public IWorkspace Workspace => workspace;

    private Job Job => run.Job;

    /// <summary>What decides of the images what its tasks make: their digests, since a name means another image tomorrow.</summary>
    /// <param name="fetches">Whether an image that is missing is fetched.</param>
    /// <returns>Null when an image is not here.</returns>
    public async Task<IReadOnlyList<KeyPart>?> PartsAsync(bool fetches, CancellationToken stop)
    {
        var parts = new List<KeyPart>();
        if (Job.Image is { } image)
        {
            if (await whole.Asked.ImageAsync(image, fetches, stop) is not { } digest)
            {
                return null;
            }
            parts.Add(new("digest of the image", digest));
        }
        foreach (var server in Job.Services)
        {
            if (await whole.Asked.ImageAsync(server.Image, fetches, stop) is not { } digest)
            {
                return null;
            }
            parts.Add(new($"digest of the image of {server.Name}", digest));
            if (server.Env.Count > 0)
            {
                parts.Add(new($"variables of {server.Name}", Digest(server.Env)));
            }
        }
        return parts;
    }

    /// <summary>Has all there that a task needs.</summary>
    /// <exception cref="ProblemException">An image cannot be had, a server does not come up, or a tool is another one.</exception>
    public async Task OpenAsync(JobTask task, JobScope scope, CancellationToken stop)
    {
        if (!IsIn(task))
        {
            return;
        }
        room ??= await whole.Ports.Rooms.OpenAsync(await OrderAsync(stop), stop);
        if (Job.Image is { } image)
        {
            _ = await whole.Asked.ToolsAsync(Job, scope, ($"{image} ", room.VersionAsync), stop);
        }
    }

    /// <summary>Runs a task for which it was opened.</summary>
    public Task<TaskEnd> RunAsync(JobTask task, TaskOrder order, Action<string> line, CancellationToken stop)
    {
        if (room is null || !IsIn(task))
        {
            return whole.Ports.Runner.RunAsync(order, line, stop);
        }
        // What the pipeline says itself goes before.
        var env = new Dictionary<string, string>(room.Env, StringComparer.Ordinal);
        foreach (var (name, value) in order.Env)
        {
            env[name] = value;
        }
        order = order with { Env = env };
        return Job.Image is null ? whole.Ports.Runner.RunAsync(order, line, stop) : room.RunAsync(order, line, stop);
    }

    public ValueTask DisposeAsync() => room?.DisposeAsync() ?? ValueTask.CompletedTask;

    // Who deploys and checks is Fairlead itself, which is in no image of theirs.
    private bool IsIn(JobTask task) => Job.HasRoom && task.Act is not (Act.Deploy or Act.Command(["fairlead", ..]));

    private async Task<RoomOrder> OrderAsync(CancellationToken stop)
    {
        var image = Job.Image is { } name ? new RoomImage(name, await FetchedAsync(name, stop)) : null;
        var servers = new List<RoomServer>();
        foreach (var server in Job.Services)
        {
            servers.Add(new(server, await FetchedAsync(server.Image, stop)));
        }
        return new(run.Id, workspace.Root, image, servers);
    }

    // It is there: it was fetched, or that was refused.
    private async Task<string> FetchedAsync(string image, CancellationToken stop) =>
        (await whole.Asked.ImageAsync(image, fetches: true, stop))!;

    private static string Digest(IReadOnlyDictionary<string, string> env)
    {
        using var hash = new CanonicalHash();
        hash.Add(env.Count);
        foreach (var (name, value) in env.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            hash.Add(name).Add(value);
        }
        return hash.Finish();
    }
}
