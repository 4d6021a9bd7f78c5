using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Sources;

/// <summary>What a preview stands on: secrets of its own, and data that a command made.</summary>
internal sealed class PreviewGround(GitSource source, EngineContext engine)
{
    private const string CopiedFrom = "copied from ";

    /// <summary>A line of the command that makes a secret of the preview: <c>::secret DATABASE_URL=postgres://...</c>.</summary>
    private const string SecretMark = "::secret ";

    private static readonly TimeSpan CommandMax = 10.Minutes;
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(200);

    public async Task PrepareAsync(Preview preview, PreviewRules rules, string folder, CancellationToken stop)
    {
        await CopySecretsAsync(preview, rules, stop);
        if (preview.IsPrepared || rules.Data.Prepare.Count == 0)
        {
            return;
        }
        var view = await RunAsync(rules.Data.Prepare, preview, rules, folder, stop);
        if (view.ExitCode != 0)
        {
            throw new ProblemException(
                view.Problem
                    ?? SourceProblems.DataFailed(string.Join(' ', rules.Data.Prepare), view.ExitCode, Safe(view.Lines))
            );
        }
        foreach (var line in view.Lines.Where(static one => one.StartsWith(SecretMark, StringComparison.Ordinal)))
        {
            var (name, value) = line[SecretMark.Length..].Split('=', 2) is [var left, var right]
                ? (left, right)
                : ("", "");
            if (SecretVersion.IsName(name) && Secret.FaultOf(value) is null)
            {
                await engine.Server.Vault.AddAsync(
                    (preview.Site, name),
                    new Secret(value),
                    ($"source {source.Name}", "made by the command for its data"),
                    change: null,
                    stop
                );
            }
        }
    }

    /// <summary>Takes away what was made for it. What fails is said, and holds up nothing.</summary>
    public async Task<Problem?> CleanUpAsync(
        Preview preview,
        PreviewRules? rules,
        string folder,
        CancellationToken stop
    )
    {
        Problem? trouble = null;
        if (rules is { Data.CleanUp.Count: > 0 } && preview.IsPrepared)
        {
            var view = await RunAsync(rules.Data.CleanUp, preview, rules, folder, stop);
            trouble =
                view.ExitCode == 0
                    ? null
                    : view.Problem
                        ?? SourceProblems.DataFailed(
                            string.Join(' ', rules.Data.CleanUp),
                            view.ExitCode,
                            Safe(view.Lines)
                        );
        }
        foreach (var record in await engine.Server.Vault.ListAsync(preview.Site, stop))
        {
            await engine.Server.Vault.RemoveAsync(record, $"source {source.Name}", stop);
        }
        return trouble;
    }

    // Those of the environment for previews, never of the one that the branch is deployed to. What somebody set for this preview stays.
    private async Task CopySecretsAsync(Preview preview, PreviewRules rules, CancellationToken stop)
    {
        var vault = engine.Server.Vault;
        var like = new Site(source.App, rules.Like);
        var own = await SourceSecrets.OwnAsync(engine.Server.Sources.Book, like, stop);
        var theirs = engine.Server.RunsDatabases
            ? (await engine.Server.Databases.ListAsync(like, stop)).Select(static one => one.Database.Url).ToHashSet()
            : [];
        foreach (var record in await vault.ListAsync(like, stop))
        {
            // A database that Fairlead runs there is theirs: the preview has one of its own, which is empty.
            if (record.Newest is not { } newest || own.Contains(record.Name) || theirs.Contains(record.Name))
            {
                continue;
            }
            var there = await vault.FindAsync(preview.Site, record.Name, stop);
            if (there?.Newest is { } set && !set.Origin.StartsWith(CopiedFrom, StringComparison.Ordinal))
            {
                continue;
            }
            var value = await vault.OpenAsync(record, newest, stop);
            if (there?.Newest is { } copy && (await vault.OpenAsync(there, copy, stop)).SameAs(value))
            {
                continue;
            }
            await vault.AddAsync(
                (preview.Site, record.Name),
                value,
                ($"source {source.Name}", CopiedFrom + like),
                change: null,
                stop
            );
        }
    }

    private async Task<CommandView> RunAsync(
        IReadOnlyList<string> words,
        Preview preview,
        PreviewRules rules,
        string folder,
        CancellationToken stop
    )
    {
        var commands = engine.Server.Conductor.Ports.Commands;
        var env = new Dictionary<string, string>
        {
            ["FAIRLEAD_APP"] = preview.Site.App,
            ["FAIRLEAD_ENVIRONMENT"] = preview.Site.Environment,
            ["FAIRLEAD_BRANCH"] = preview.Branch,
            ["FAIRLEAD_DATA"] = rules.Data.Kind is PreviewDataKind.Copy ? "copy" : "empty",
            ["FAIRLEAD_DATA_FROM"] = rules.Data.From ?? "",
        };
        var key = $"preview/{preview.Key}/{engine.World.NewId()}";
        await commands.StartAsync(new(key, words, folder, env, CommandMax), stop);
        while (true)
        {
            if (
                await commands.ObserveAsync(key, stop) is { } view
                && (view.ExitCode ?? (view.Problem is null ? null : -1)) is not null
            )
            {
                return view;
            }
            await Task.Delay(LookPause, engine.World.Clock, stop);
        }
    }

    private static string[] Safe(IReadOnlyList<string> lines) =>
        [.. lines.Where(static one => !one.StartsWith(SecretMark, StringComparison.Ordinal))];
}
