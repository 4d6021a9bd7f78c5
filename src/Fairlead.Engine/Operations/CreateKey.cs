using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Makes a key with which a program may ask an app.</summary>
public static class CreateKey
{
    private const int NameLettersMax = 100;
    private const int KeysMax = 10_000;

    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Whose key it is, such as 'partner acme'.")]
        public required string Name { get; init; }

        [Description("Only this service; all of the app when left out.")]
        [Names("service")]
        public string? Service { get; init; }

        [Description("How long it is good, such as 90d; for ever when left out.")]
        public string? Expires { get; init; }

        [Description("What it may ask, such as 1000/1d; what the service's manifest says when left out.")]
        public string? Quota { get; init; }
    }

    /// <param name="Key">The key itself: shown now and never again.</param>
    public sealed record Output(string Id, string Name, string Key, DateTimeOffset? Expires, string Note);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "key.create",
            "Make an API key for an app; it is shown once.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead key create shop --name 'partner acme' --service api --quota 1000/1d"],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        var (expires, quota) = Check(input);
        if ((await engine.Server.Keys.KeysAsync(record.Site, stop)).Count >= KeysMax)
        {
            throw new ProblemException(
                Wrong("keys-full", $"{record.Site} takes no more keys.", $"It has {KeysMax}.", "fairlead key revoke ID")
            );
        }
        var (id, text) = ApiKey.New();
        var key = new ApiKey
        {
            Id = id,
            Name = input.Name.Trim(),
            Site = record.Site,
            Hash = ApiKey.HashOf(text),
            CreatedAt = engine.World.Now,
            ExpiresAt = engine.World.Now + expires,
            Quota = quota,
            Services = input.Service is { } service ? [service] : [],
        };
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries = [new NewEntry(record.Site, Deployment: null, "key", $"key {id} ({key.Name}) was made")],
                Writes = [new Write(KeyKeeper.Collection, KeyKeeper.KeyOf(record.Site, id), Records.Body(key), 0)],
            },
            stop
        );
        engine.Server.Keys.Ring();
        return new(id, key.Name, text, key.ExpiresAt, "Keep it now: only its hash is stored.");
    }

    private static (TimeSpan? Expires, Rate? Quota) Check(Input input)
    {
        var expires = input.Expires is { } time ? Units.TryParseDuration(time) : null;
        var quota = input.Quota is { } rate ? Rate.TryParse(rate) : null;
        Problem?[] problems =
        [
            input.Name.Trim().Length is > 0 and <= NameLettersMax && !input.Name.Any(char.IsControl)
                ? null
                : Wrong(
                    "name",
                    "The key has no good name.",
                    $"A name has 1 to {NameLettersMax} letters on one line.",
                    "Write for example: --name 'partner acme'"
                ),
            input.Expires is null || expires > TimeSpan.Zero
                ? null
                : Wrong(
                    "expires",
                    $"'{input.Expires}' is no time.",
                    "It takes a time such as 12h or 90d, at most 365d.",
                    "Write for example: --expires 90d"
                ),
            input.Quota is null || quota is not null
                ? null
                : Wrong(
                    "quota",
                    $"'{input.Quota}' is no quota.",
                    "It takes so many in so long a time, in 1s to 31d.",
                    "Write for example: --quota 1000/1d"
                ),
        ];
        Problem[] found = [.. problems.OfType<Problem>()];
        return found.Length == 0 ? (expires, quota) : throw new ProblemException(found);
    }

    private static Problem Wrong(string code, string what, string why, string fix) =>
        new($"key.{code}", what, why, fix) { Trouble = Trouble.WrongUse };
}
