using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// What the cache of a team says of tests. It is a hint: how a run splits its tests is decided on one machine and once, whatever it says, and how others split the same is
/// taken over only when each of the tests that are here is in it exactly once.
/// </summary>
internal sealed class TeamTests(PipelineRun whole)
{
    private readonly Dictionary<string, PastTests> toSend = new(StringComparer.Ordinal);

    private string Scope => whole.Settings.Occasion.Scope;

    /// <summary>How another machine split the same tests of the same files, so that what it made of each part is of use here.</summary>
    /// <param name="of">Digest of what decides it; null when that is not known.</param>
    public async Task<PastSplit?> SplitAsync(
        TaskWork work,
        string? of,
        (IReadOnlyList<string> Tests, int Count) asked,
        CancellationToken stop
    )
    {
        if (
            of is null
            || !IsAsked(work)
            || await whole.Ports.Shared!.TestsAsync(SplitName(of), Scope, stop) is not { } found
        )
        {
            return null;
        }
        var split = found.Splits.FirstOrDefault(one => one.Of == of && one.Shards.Count == asked.Count);
        var tests = asked.Tests.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return
            split is not null
            && split.Shards.SelectMany(static one => one).Order(StringComparer.Ordinal).SequenceEqual(tests)
            ? new(
                of,
                [.. split.Shards.Select(static one => (IReadOnlyList<string>)[.. one.Order(StringComparer.Ordinal)])]
            )
            : null;
    }

    /// <summary>How long tests took wherever they ran.</summary>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> TimesAsync(
        TaskWork work,
        string name,
        CancellationToken stop
    ) =>
        IsAsked(work) && await whole.Ports.Shared!.TestsAsync(TimesName(name), Scope, stop) is { } found
            ? found.Times
            : PastTests.Nothing.Times;

    /// <summary>Sends at the end how tests were split.</summary>
    public void Note(TaskWork work, PastSplit split)
    {
        if (split.Of.Length > 0 && IsAsked(work))
        {
            toSend[SplitName(split.Of)] = new(PastTests.Nothing.Times, [split]);
        }
    }

    /// <summary>Sends at the end how long tests took.</summary>
    public void Note(TaskWork work, string name, IReadOnlyDictionary<string, TimeSpan> times)
    {
        if (work.Run.Job.Shards is { AreListed: true } && IsAsked(work))
        {
            toSend[TimesName(name)] = new(times, []);
        }
    }

    /// <summary>Sends what was noted. What others measured meanwhile, and this run did not, stays.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        foreach (var (name, tests) in toSend)
        {
            var sent = tests;
            if (tests.Times.Count > 0 && await whole.Ports.Shared!.TestsAsync(name, Scope, stop) is { } others)
            {
                sent = tests with { Times = TestTimes.Newest(others.Times, new(tests.Times, StringComparer.Ordinal)) };
            }
            whole.Ports.Shared!.Offer(name, Scope, sent);
        }
        toSend.Clear();
    }

    private bool IsAsked(TaskWork work) =>
        whole.Ports.Shared is not null && whole.Settings.UsesCache && Reuse.IsShared(work);

    private string TimesName(string name) => $"times {whole.Pipeline.Name}/{name}";

    private static string SplitName(string of) => $"split {of}";
}
