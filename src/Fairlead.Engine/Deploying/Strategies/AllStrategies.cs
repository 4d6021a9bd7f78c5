using System.Text.Json;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Strategies;

/// <summary>Every strategy. To add one: write its file in this folder, add its line here.</summary>
public static class AllStrategies
{
    public static IReadOnlyList<StrategyEntry> Entries { get; } =
    [
        StrategyEntry.Of<BlueGreen>(),
        StrategyEntry.Of<Canary>(),
        StrategyEntry.Of<Recreate>(),
        StrategyEntry.Of<Rolling>(),
    ];

    /// <summary>A strategy as a release keeps it.</summary>
    public static StrategyChoice Choice(IStrategy strategy)
    {
        var entry = Entries.First(one => one.Settings == strategy.GetType());
        return new(entry.Kind, JsonSerializer.SerializeToElement(strategy, entry.Settings, Records.Json));
    }

    /// <summary>The strategy that a release kept.</summary>
    public static IStrategy Open(StrategyChoice choice)
    {
        var entry = Entries.First(one => one.Kind == choice.Kind);
        return (IStrategy)choice.Settings.Deserialize(entry.Settings, Records.Json)!;
    }
}

/// <summary>One line of the catalog: how a manifest's <c>strategy: x</c> becomes a strategy.</summary>
/// <param name="Settings">The record whose properties are read from the manifest.</param>
public sealed record StrategyEntry(string Kind, Type Settings)
{
    public static StrategyEntry Of<T>()
        where T : IStrategy => new(T.Kind, typeof(T));
}
