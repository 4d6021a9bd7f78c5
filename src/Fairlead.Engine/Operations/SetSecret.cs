using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Gives a secret a new value.</summary>
public static class SetSecret
{
    public sealed record Input
    {
        [Description("The secret's name, such as DATABASE_URL.")]
        [Positional]
        public required string Name { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("The value.")]
        [Confidential("from")]
        public Secret? Value { get; init; }

        [Description(
            "Read it from where else it is kept, such as vault:secret/data/shop#password, now and at each deployment."
        )]
        public string? From { get; init; }

        [Description("Deploy what is live anew, so that it has this version.")]
        public bool Redeploy { get; init; }
    }

    /// <param name="Users">Services that were started with an older version.</param>
    /// <param name="DeploymentId">The one that gives them this version; null when none was asked for.</param>
    public sealed record Output(
        string Secret,
        int Version,
        IReadOnlyList<string> Users,
        string? DeploymentId,
        string Note
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "secret.set",
            "Give a secret a value; it is read from standard input or a file.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead secret set DATABASE_URL --app shop --file database-url.txt --redeploy",
                "fairlead secret set DATABASE_URL --app shop --from vault:secret/data/shop#password",
            ],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        SecretSites.CheckName(input.Name);
        var server = engine.Server;
        var site = await SecretSites.MeantAsync(server, input.App, input.Environment, stop);
        var by = engine.Caller.ToString();
        var (value, origin) = input switch
        {
            { From: { } from, Value: null } => (await server.Vault.ReadElsewhereAsync(from, stop), $"read from {from}"),
            { From: null, Value: { } given } => (given, "set"),
            _ => throw new ProblemException(NotOne()),
        };
        var record = await server.Vault.AddAsync(
            (site, input.Name),
            value,
            (by, origin),
            same => same with { From = input.From },
            stop
        );
        var version = record.Newest!.Number; // It was added just now.
        var deployment = input.Redeploy ? await SecretSites.RedeployAsync(server, site, input.Name, stop) : null;
        var users = (await SecretUsers.FindAsync(server.Store, site, stop))
            .Where(user => user.Use.Secret == input.Name && user.Use.Version != version)
            .ToList();
        server.RingVault();
        return new(
            input.Name,
            version,
            [.. users.Select(user => $"{user.Service} of release {user.Release} ({user.Standing})").Distinct()],
            deployment?.Id,
            users.Count == 0 || deployment is not null
                ? "What starts next has it."
                : "What runs keeps the version it has; it gets this one with the next deployment: fairlead deploy"
        );
    }

    private static Problem NotOne() =>
        new(
            "secret.no-value",
            What: "Nothing says what the secret's value is.",
            Why: "It takes a value from standard input or a file, or a place where it is kept elsewhere, and not both.",
            Fix: "Write for example: fairlead secret set DATABASE_URL < FILE"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
