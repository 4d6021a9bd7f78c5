using System.Collections.Concurrent;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Pipelines;

/// <summary>The cache of a team in memory.</summary>
internal sealed class Team : ISharedCache
{
    public ConcurrentDictionary<string, KeptTask> Kept { get; } = new(StringComparer.Ordinal);

    public ConcurrentBag<string> Brought { get; } = [];

    public int Asked { get; private set; }

    public bool IsBroken { get; set; }

    public Task<SharedTask?> FindAsync(TaskKey key, string scope, IReadOnlyList<string> globs, CancellationToken stop)
    {
        Asked++;
        return Task.FromResult(Kept.TryGetValue(key.Digest, out var entry) ? new SharedTask(entry, "", 0) : null);
    }

    public Task<bool> BringAsync(SharedTask found, CancellationToken stop)
    {
        Brought.Add(found.Task.Key.Digest);
        return Task.FromResult(!IsBroken);
    }

    public void Offer(KeptTask entry) => Kept[entry.Key.Digest] = entry;

    /// <summary>What is known of tests, by scope and name.</summary>
    public ConcurrentDictionary<string, PastTests> Tests { get; } = new(StringComparer.Ordinal);

    /// <summary>What is said of tests instead; null for what is known.</summary>
    public Func<string, PastTests?>? Says { get; set; }

    public Task<PastTests?> TestsAsync(string name, string scope, CancellationToken stop) =>
        Task.FromResult(Says is { } says ? says(name) : Tests.GetValueOrDefault($"{scope} {name}"));

    public void Offer(string name, string scope, PastTests tests) => Tests[$"{scope} {name}"] = tests;

    public void Dispose() { }

    public Task<IReadOnlyList<string>> SettleAsync(CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<string>>(["the team's cache was used"]);
}
