namespace Fairlead.Model.Pipelines;

/// <summary>What earlier runs say of the tests of one task.</summary>
/// <param name="Times">How long they took last time: by <c>file PATH</c> and <c>class NAME</c>, as reports name them.</param>
/// <param name="Splits">How they were split over shards, newest first.</param>
public sealed record PastTests(IReadOnlyDictionary<string, TimeSpan> Times, IReadOnlyList<PastSplit> Splits)
{
    public static PastTests Nothing { get; } = new(new Dictionary<string, TimeSpan>(), []);
}

/// <summary>How tests were split once.</summary>
/// <param name="Of">Digest of what decided it: the same is split the same again, so that what is up to date stays so.</param>
/// <param name="Shards">The tests of each shard, sorted; each test is in exactly one.</param>
public sealed record PastSplit(string Of, IReadOnlyList<IReadOnlyList<string>> Shards);
