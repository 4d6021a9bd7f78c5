using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Forgets a secret with all its values.</summary>
public static class RemoveSecret
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
    }

    public sealed record Output(string Secret, string Summary);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "secret.remove",
            "Remove a secret with all its values, when nothing uses it.",
            Effect.Destroys,
            RunAsync
        )
        {
            Examples = ["fairlead secret remove OLD_KEY --app shop"],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var site = await SecretSites.MeantAsync(engine.Server, input.App, input.Environment, stop);
        var record = await engine.Server.Vault.GetAsync(site, input.Name, stop);
        var users = (await SecretUsers.FindAsync(engine.Server.Store, site, stop))
            .Where(user => user.Use.Secret == input.Name)
            .ToList();
        if (users.Count > 0)
        {
            throw new ProblemException(InUse(record, users));
        }
        await engine.Server.Vault.RemoveAsync(record, engine.Caller.ToString(), stop);
        return new(record.Key, "It is gone, with all its values.");
    }

    private static Problem InUse(SecretRecord record, IReadOnlyList<SecretUser> users) =>
        new(
            "secret.in-use",
            What: $"{record.Key} was not removed.",
            Why: "These use it, and could not be started again without it: "
                + string.Join(
                    ", ",
                    users.Select(user => $"{user.Service} of release {user.Release} ({user.Standing})").Distinct()
                )
                + ".",
            Fix: "Take it out of 'secrets' in fairlead.yaml, deploy, and remove it when the release before is no longer kept warm."
        )
        {
            Trouble = Trouble.Conflict,
        };
}
