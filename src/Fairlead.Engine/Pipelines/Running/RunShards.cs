using System.Collections.Concurrent;
using Fairlead.Engine.Pipelines.Reports;
using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// Which tests each shard of a run does, and how long tests took. How they are split is decided once in a run, by the times that were known before it, here or to the team; and when nothing
/// that a task reads changed, it is split as it was, since otherwise newer times alone would make every shard be done again.
/// </summary>
internal sealed class RunShards(PipelineRun whole)
{
    private const int SplitsMax = 5;
    private const int TestsMax = 20_000;

    // Where a task in a container finds the workspace.
    private const string InRoom = "/work";

    private readonly TeamTests team = new(whole);
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PastTests> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PastSplit> splits = new(StringComparer.Ordinal);
    private readonly HashSet<string> isNew = new(StringComparer.Ordinal);

    /// <summary>The tests of one shard.</summary>
    /// <param name="key">Of the task without its tests; null when its inputs are not said.</param>
    /// <param name="listAsync">Asks which tests there are, where a command says it; null when that is not asked now.</param>
    /// <returns>Null when a task is not parted by a list, or when <paramref name="listAsync"/> is null and would be needed.</returns>
    /// <exception cref="ProblemException">There are no tests, or too many.</exception>
    public async Task<IReadOnlyList<string>?> OfAsync(
        TaskWork work,
        TaskKey? key,
        Func<CancellationToken, Task<IReadOnlyList<string>>>? listAsync,
        CancellationToken stop
    )
    {
        if (
            work.Run.Job.Shards is not { AreListed: true } shards
            || ShardNames.Number(work.Run.Job, work.Run.Values) is not { } number
        )
        {
            return null;
        }
        // One asks; the others find its answer.
        var name = NameOf(work);
        var turn = turns.GetOrAdd(name, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(stop);
        try
        {
            if (!splits.TryGetValue(name, out var split))
            {
                if (await SplitAsync(work, (key, shards), listAsync, stop) is not { } made)
                {
                    return null;
                }
                splits[name] = split = made;
            }
            return split.Shards[number - 1];
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Digests of the reports that lie there before a task runs; what is the same afterwards is not its own.</summary>
    public static IReadOnlySet<WorkFile> Before(TaskWork work) =>
        work.Task.Reports.Count == 0 ? new HashSet<WorkFile>() : work.Workspace.Find(work.Task.Reports).ToHashSet();

    /// <summary>Takes from the reports that a task wrote how long its tests took.</summary>
    public void Learn(TaskWork work, IReadOnlySet<WorkFile> before)
    {
        if (work.Task.Reports.Count == 0)
        {
            return;
        }
        List<WorkFile> files =
        [
            .. work.Workspace.Find(work.Task.Reports).Where(one => !one.IsLink && !before.Contains(one)),
        ];
        if (TestReports.Of(whole.Ports.Open(work.Workspace.Root), files) is not { Times.Count: > 0 } read)
        {
            return;
        }
        var newer = TestTimes.Of(read.Times, [work.Workspace.Root, InRoom]);
        lock (gate)
        {
            var name = NameOf(work);
            var past = PastOf(name);
            known[name] = past with { Times = TestTimes.Newest(past.Times, newer) };
            isNew.Add(name);
            team.Note(work, name, known[name].Times);
        }
    }

    /// <summary>Keeps it for the next run, here and at the team's cache.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        Keep();
        try
        {
            await team.SettleAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Whoever stops the run does not wait for others' sake.
        }
    }

    private void Keep()
    {
        lock (gate)
        {
            foreach (var name in isNew)
            {
                whole.Ports.Shelf.Remember(whole.Pipeline.Name, name, known[name]);
            }
            isNew.Clear();
        }
    }

    private async Task<PastSplit?> SplitAsync(
        TaskWork work,
        (TaskKey? Key, Shards Shards) asked,
        Func<CancellationToken, Task<IReadOnlyList<string>>>? listAsync,
        CancellationToken stop
    )
    {
        var (key, shards) = asked;
        IReadOnlyList<string>? tests =
            shards.Files.Count == 0
                ? null
                :
                [
                    .. work
                        .Workspace.Find(shards.Files)
                        .Where(static one => !one.IsLink)
                        .Select(static one => one.Path),
                ];
        var of = key is null ? null : Deciding(key, tests, shards);
        var name = NameOf(work);
        PastTests past;
        lock (gate)
        {
            past = PastOf(name);
        }
        if (of is not null && past.Splits.FirstOrDefault(one => one.Of == of) is { } before)
        {
            return before;
        }
        if (tests is null && listAsync is null)
        {
            return null;
        }
        tests ??= await listAsync!(stop);
        if (tests.Count is 0 or > TestsMax)
        {
            throw new ProblemException(ShardProblems.Tests(work, tests.Count, TestsMax));
        }
        if (tests.FirstOrDefault(static one => one.Any(char.IsControl)) is { } odd)
        {
            throw new ProblemException(ShardProblems.Name(work, odd));
        }
        var split = await team.SplitAsync(work, of, (tests, shards.Count), stop);
        split ??= new(of ?? "", await PartAsync(work, tests, past, stop));
        if (of is not null)
        {
            lock (gate)
            {
                past = PastOf(name);
                known[name] = past with { Splits = [split, .. past.Splits.Take(SplitsMax - 1)] };
                isNew.Add(name);
                team.Note(work, split);
            }
        }
        return split;
    }

    // What this machine measured is nearest to how long they will take here; one that knows nothing asks the team.
    private async Task<IReadOnlyList<IReadOnlyList<string>>> PartAsync(
        TaskWork work,
        IReadOnlyList<string> tests,
        PastTests past,
        CancellationToken stop
    )
    {
        var times = new TestTimes(past.Times.Count > 0 ? past.Times : await team.TimesAsync(work, NameOf(work), stop));
        var took = tests
            .Distinct(StringComparer.Ordinal)
            .Select(test => KeyValuePair.Create(test, times.Took(test)))
            .Where(static one => one.Value is not null)
            .ToDictionary(static one => one.Key, static one => one.Value!.Value, StringComparer.Ordinal);
        return ShardPlan.Of(tests, took, work.Run.Job.Shards!.Count);
    }

    // What all shards have in common. Variables and commands may hold the number of one.
    private static string Deciding(TaskKey key, IReadOnlyList<string>? tests, Shards shards) =>
        new TaskKey([
            .. key.Parts.Where(static one =>
                one.Name != "command" && !one.Name.StartsWith("env ", StringComparison.Ordinal)
            ),
            new("shards", ShardNames.Text(shards.Count)),
            new("list", string.Join('\n', shards.List)),
            .. (tests ?? []).Select(static one => new KeyPart($"test {one}", "")),
        ]).Digest;

    private PastTests PastOf(string name) =>
        known.TryGetValue(name, out var past) ? past : known[name] = whole.Ports.Shelf.Tests(whole.Pipeline.Name, name);

    private static string NameOf(TaskWork work) =>
        $"{Graph.IdOf(work.Run.Job, ShardNames.Without(work.Run.Values, work.Run.Job))}/{work.Task.Name}";
}
