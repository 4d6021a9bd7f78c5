using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Says in what two environments of an app differ.</summary>
public static class DiffEnvironments
{
    private const int CommitsMax = 50;

    public sealed record Input
    {
        [Description("One environment, such as staging.")]
        [Positional]
        public required string From { get; init; }

        [Description("The other, such as production.")]
        [Positional]
        public required string To { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }
    }

    /// <param name="Commits">What the first has and the other has not; null where no source knows both commits.</param>
    /// <param name="Differences">Of secrets only whether they differ is told, and only to who may see to secrets in both.</param>
    public sealed record Output(
        string App,
        Side From,
        Side To,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CommitsView? Commits,
        IReadOnlyList<EnvironmentDifference> Differences
    );

    public sealed record Side(string Environment, int Release, DateTimeOffset At, string? Commit);

    /// <param name="Ahead">How many commits the first has and the other has not.</param>
    /// <param name="Behind">How many the other has and the first has not.</param>
    /// <param name="Titles">Of those ahead, newest first, at most 50.</param>
    public sealed record CommitsView(int Ahead, int Behind, IReadOnlyList<string> Titles);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "env.diff",
            "Show in what two environments of an app differ: releases, commits, configuration, scale, hosts.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead env diff staging production --app shop"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var left = await LiveReleases.OfAsync(engine, input.App, input.From, release: null, stop);
        var right = await LiveReleases.OfAsync(engine, input.App ?? left.Site.App, input.To, release: null, stop);
        var secrets = await SecretsAsync(engine, left, right, stop);
        return new(
            left.Site.App,
            SideOf(left),
            SideOf(right),
            await CommitsAsync(engine, left, right, stop),
            EnvironmentDiff.Of(left, right, name => secrets.TryGetValue(name, out var isSame) ? isSame : null)
        );
    }

    private static Side SideOf(Release release) =>
        new(
            release.Site.Environment,
            release.Number,
            release.At,
            release.Commit?[..Math.Min(12, release.Commit.Length)]
        );

    // Whether two values are the same tells something of them.
    private static async Task<Dictionary<string, bool>> SecretsAsync(
        EngineContext engine,
        Release left,
        Release right,
        CancellationToken stop
    )
    {
        var same = new Dictionary<string, bool>(StringComparer.Ordinal);
        if (!MaySee(engine, left.Site) || !MaySee(engine, right.Site))
        {
            return same;
        }
        var vault = engine.Server.Vault;
        var names = left.Services.SelectMany(static one => one.Service.Secrets ?? []).Select(static use => use.Secret);
        foreach (var name in names.Distinct())
        {
            var (one, other) = (
                await vault.FindAsync(left.Site, name, stop),
                await vault.FindAsync(right.Site, name, stop)
            );
            if (one?.Newest is { } here && other?.Newest is { } there)
            {
                same[name] = (await vault.OpenAsync(one, here, stop)).SameAs(await vault.OpenAsync(other, there, stop));
            }
        }
        return same;
    }

    private static bool MaySee(EngineContext engine, Site site) =>
        engine.Standing is null || engine.Standing.May(Permission.Secure, site);

    private static async Task<CommitsView?> CommitsAsync(
        EngineContext engine,
        Release left,
        Release right,
        CancellationToken stop
    )
    {
        if (left.Commit is not { } here || right.Commit is not { } there)
        {
            return null;
        }
        var parts = engine.Server.Sources;
        foreach (var source in (await parts.Book.AllAsync(stop)).Where(one => one.App == left.Site.App))
        {
            if (
                await parts.Mirrors.LogAsync(source.Name, (there, here), CommitsMax, stop) is { } ahead
                && await parts.Mirrors.LogAsync(source.Name, (here, there), max: 1, stop) is { } behind
            )
            {
                return new(ahead.Count, behind.Count, [.. ahead.Newest.Select(Title)]);
            }
        }
        return null;
    }

    private static string Title(GitCommit commit) => $"{commit.Id[..12]} {commit.Title} ({commit.Author})";
}
