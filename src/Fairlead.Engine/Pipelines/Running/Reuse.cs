using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Uses what was made of the same before, here or on another machine of the team, and keeps what is made now.</summary>
internal sealed class Reuse(PipelineRun whole)
{
    /// <summary>How something is called that another machine made.</summary>
    public const string Remote = "cached (remote)";

    private PipelinePorts Ports => whole.Ports;

    private string Scope => whole.Settings.Occasion.Scope;

    /// <returns>Null when it must be made.</returns>
    public async Task<Reused?> TryAsync(TaskWork work, TaskKey key, CancellationToken stop)
    {
        if (Ports.Cache.Find(key, Scope) is { } entry)
        {
            var there = work.Workspace.Find(work.Task.Outputs);
            if (there.SequenceEqual(entry.Outputs))
            {
                whole.Past.Note(work, key, entry.Took);
                return new(TaskOutcome.UpToDate, "nothing changed", there);
            }
            if (TryRestore(work, entry, "") is { } restored)
            {
                return restored;
            }
        }
        // What another machine made is kept here first, and then used as what was made here.
        return await FindSharedAsync(work, key, stop) is { } found && await Ports.Shared!.BringAsync(found, stop)
            ? TryRestore(work, found.Task, $"{Remote}, ")
            : null;
    }

    /// <summary>What the team has of it, where that may be used.</summary>
    public async Task<SharedTask?> FindSharedAsync(TaskWork work, TaskKey key, CancellationToken stop) =>
        Ports.Shared is { } shared && IsShared(work)
            ? await shared.FindAsync(key, Scope, work.Task.Outputs, stop)
            : null;

    public void Keep(TaskWork work, TaskKey key, (IReadOnlyList<WorkFile> Files, TimeSpan Took) made)
    {
        var entry = new KeptTask(key, made.Files, made.Took, Ports.World.Now, Scope);
        Ports.Cache.Keep(entry, work.Workspace);
        if (Ports.Shared is { } shared && IsShared(work))
        {
            shared.Offer(entry);
        }
    }

    private Reused? TryRestore(TaskWork work, KeptTask entry, string from)
    {
        if (!Ports.Cache.Restore(entry, work.Workspace, work.Task.Outputs))
        {
            return null;
        }
        whole.Past.Note(work, entry.Key, entry.Took);
        return new(TaskOutcome.Restored, $"{from}made before in {Durations.Text(entry.Took)}", entry.Outputs);
    }

    // What a secret decides is a matter of this machine, whose salt hides it; what must not be done twice is not proven by files.
    internal static bool IsShared(TaskWork work) => work.Secrets.Count == 0 && !work.Task.IsOnce;
}

/// <summary>What became of a task that need not be done.</summary>
internal sealed record Reused(TaskOutcome Outcome, string Why, IReadOnlyList<WorkFile> Outputs);

/// <summary>What is known of a task before it is done.</summary>
/// <param name="Key">Null when its inputs are not said, or its image is not here.</param>
/// <param name="Entry">What was made of the same; null when that is not kept anywhere.</param>
/// <param name="IsThere">The workspace has it.</param>
/// <param name="IsRemote">Only the cache of the team has it.</param>
internal sealed record TaskSight(TaskKey? Key, KeptTask? Entry, bool IsThere, bool IsRemote);
