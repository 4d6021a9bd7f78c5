using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Data;

namespace Fairlead.Engine.Operations;

/// <summary>Says which databases Fairlead runs, and how they stand.</summary>
public static class ListDatabases
{
    public sealed record Input
    {
        [Description("Only this app's.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment's.")]
        public string? Environment { get; init; }
    }

    public sealed record Output(IReadOnlyList<DatabaseView> Databases);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "database.list",
            "List the databases that Fairlead runs, and how they stand.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead database list", "fairlead database list shop --env production"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var mine = (await Sites.AllAsync(engine.Server, stop)).Select(static one => one.Site).ToHashSet();
        return new([
            .. (await engine.Server.Databases.ListAsync(site: null, stop))
                .Where(one =>
                    mine.Contains(one.Database.Site)
                    && (input.App ?? one.Database.Site.App) == one.Database.Site.App
                    && (input.Environment ?? one.Database.Site.Environment) == one.Database.Site.Environment
                )
                .Select(static one => DatabaseView.Of(one.Database, one.State, one.Why)),
        ]);
    }
}

/// <summary>A database that Fairlead runs, as people are shown it.</summary>
/// <param name="Address">Without its password, which the secret has.</param>
/// <param name="Told">Why it does not answer, or when its data goes.</param>
public sealed record DatabaseView(
    string App,
    string Environment,
    string Database,
    DatabaseKind Kind,
    string? Version,
    string Address,
    string Secret,
    ServerState State,
    DateTimeOffset Since,
    string? Told
)
{
    internal static DatabaseView Of(ProvidedDatabase one, ServerState state, string? why) =>
        new(
            one.Site.App,
            one.Site.Environment,
            one.Name,
            one.Kind,
            one.Version,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"127.0.0.1:{one.Port}"),
            one.Url,
            state,
            one.MadeAt,
            one.RemovedAfter is { } after
                ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"its data goes after {after:u}")
                : why
        );
}
