namespace Fairlead.Engine.Deploying.Strategies;

/// <summary>Every strategy. To add one: write its file in this folder, add its line here.</summary>
public static class AllStrategies
{
    public static IReadOnlyList<StrategyEntry> Entries =>
        [
            StrategyEntry.Of<BlueGreen>(),
            StrategyEntry.Of<Canary>(),
            StrategyEntry.Of<Recreate>(),
            StrategyEntry.Of<Rolling>(),
        ];
}

/// <summary>One line of the catalog: how a manifest's <c>strategy: x</c> becomes a strategy.</summary>
/// <param name="Settings">The record whose properties are read from the manifest.</param>
public sealed record StrategyEntry(string Kind, Type Settings)
{
    public static StrategyEntry Of<T>()
        where T : IStrategy => new(T.Kind, typeof(T));
}
