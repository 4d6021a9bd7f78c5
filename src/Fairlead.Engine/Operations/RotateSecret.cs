using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Makes a secret's next value and gives it to all who use it, while the one before is still good.</summary>
public static class RotateSecret
{
    public sealed record Input
    {
        [Description("The secret's name.")]
        [Positional]
        public required string Name { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description(
            "What makes the value: random, postgres or aws-key; as the last time when left out, and random the first time."
        )]
        public string? With { get; init; }

        [Description("A setting of the rotator, such as length=48, admin=DB_ADMIN or user=deployer.")]
        public IReadOnlyList<string> Set { get; init; } = [];

        [Description("Only make the value; what is live gets it with its next deployment.")]
        public bool Later { get; init; }
    }

    public sealed record Output(string Secret, int Version, string Live, string? DeploymentId, string Note);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "secret.rotate",
            "Make a secret's next value and deploy its users with it; both are good meanwhile.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead secret rotate SESSION_KEY --app shop --with random --set length=48",
                "fairlead secret rotate DATABASE_PASSWORD --app shop --with postgres --later",
            ],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var site = await SecretSites.MeantAsync(server, input.App, input.Environment, stop);
        var record = await server.Vault.GetAsync(site, input.Name, stop);
        if (record.From is { } from)
        {
            throw new ProblemException(KeptElsewhere(record, from));
        }
        var settings = Settings.Read(input.Set);
        var rotation =
            input.With is { } with ? new SecretRotation(with, settings)
            : record.Rotation is { } known ? known with { Settings = settings.Count > 0 ? settings : known.Settings }
            : new SecretRotation("random", settings);
        record = await SettledAsync(server, record, rotation, stop);
        var next = await server.Vault.RotateAsync(record, rotation, engine.Caller.ToString(), stop);
        var deployment = input.Later ? null : await SecretSites.RedeployAsync(server, site, input.Name, stop);
        server.RingVault();
        return new(
            next.Key,
            next.Newest!.Number, // It was added just now.
            string.Join(' ', next.Versions.Where(one => one.IsLive).Select(one => one.Number)),
            deployment?.Id,
            deployment is null
                ? "Nothing that is live was started anew."
                : "The one before is retired when no release that is live or kept warm has it."
        );
    }

    // A rotator turns between two users or keys: a third value would be made of what the oldest release still runs with.
    private static async Task<SecretRecord> SettledAsync(
        ServerSide server,
        SecretRecord record,
        SecretRotation rotation,
        CancellationToken stop
    )
    {
        var users = (await SecretUsers.FindAsync(server.Store, record.Site, stop))
            .Where(user => user.Use.Secret == record.Name)
            .ToList();
        foreach (var spent in SecretLife.Spent(record, users.Select(user => user.Use.Version).ToHashSet()))
        {
            await server.Vault.RetireAsync(record, spent, stop);
        }
        var settled = await server.Vault.GetAsync(record.Site, record.Name, stop);
        return rotation.With == "random" || settled.Versions.Count(one => one.IsLive) < 2
            ? settled
            : throw new ProblemException(Turning(settled, users));
    }

    private static Problem Turning(SecretRecord record, IReadOnlyList<SecretUser> users) =>
        new(
            "secret.turning",
            What: $"{record.Key} was not rotated again.",
            Why: "Two versions are live already, and the older one is still in use: "
                + string.Join(
                    ", ",
                    users
                        .Where(user => user.Use.Version != record.Newest?.Number)
                        .Select(user => $"{user.Service} of release {user.Release} ({user.Standing})")
                        .Distinct()
                )
                + ".",
            Fix: $"Deploy what uses it, and wait until the release before is no longer kept warm: fairlead secret list {record.Site.App}"
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static Problem KeptElsewhere(SecretRecord record, string from) =>
        new(
            "secret.kept-elsewhere",
            What: $"{record.Key} is not rotated here.",
            Why: $"Its value is kept at {from}, which is only read.",
            Fix: "Change it there, then: fairlead deploy"
        )
        {
            Trouble = Trouble.Conflict,
        };
}

/// <summary>Settings typed as <c>name=value</c>.</summary>
internal static class Settings
{
    /// <exception cref="ProblemException">One is not of that shape.</exception>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyList<string> texts)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == text.Length - 1)
            {
                throw new ProblemException(
                    new Problem(
                        "secret.wrong-setting",
                        What: $"--set cannot be read: {text.Split('=')[0]}",
                        Why: "It has to be of the form name=value.",
                        Fix: "Write for example: --set length=48"
                    )
                    {
                        Trouble = Trouble.WrongUse,
                    }
                );
            }
            settings[text[..equals]] = text[(equals + 1)..];
        }
        return settings;
    }
}
