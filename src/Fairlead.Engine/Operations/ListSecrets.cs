using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Secrets;

namespace Fairlead.Engine.Operations;

/// <summary>Secrets by name, with who uses them; never a value.</summary>
public static class ListSecrets
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

    /// <param name="Live">Versions that have a value.</param>
    /// <param name="UsedBy">Services that can run now, with the version they have.</param>
    public sealed record Row(
        string Site,
        string Secret,
        string Live,
        DateTimeOffset? Since,
        string UsedBy,
        string Source
    );

    public sealed record Output(IReadOnlyList<Row> Secrets, string MasterKey);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "secret.list",
            "List secrets and who uses them, never a value.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead secret list", "fairlead secret list shop --env production"],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var vault = engine.Server.Vault;
        var users = await SecretUsers.FindAsync(engine.Server.Store, site: null, stop);
        var keys = await vault.KeysAsync(stop);
        return new(
            [
                .. (await vault.ListAsync(site: null, stop))
                    .Where(one =>
                        (input.App is null || one.Site.App == input.App)
                        && (input.Environment is null || one.Site.Environment == input.Environment)
                    )
                    .Select(one => RowOf(one, users)),
            ],
            keys.FirstOrDefault(one => one.IsCurrent) is { } current
                ? $"{current.Key.Id} ({current.Key.Kind}{(keys.Count > 1 ? $"; {keys.Count - 1} older being replaced" : "")})"
                : "made with the first secret"
        );
    }

    private static Row RowOf(SecretRecord record, IReadOnlyList<SecretUser> users) =>
        new(
            record.Site.ToString(),
            record.Name,
            string.Join(' ', record.Versions.Where(one => one.IsLive).Select(one => one.Number)),
            record.Newest?.At,
            string.Join(
                ", ",
                users
                    .Where(user => user.Site == record.Site && user.Use.Secret == record.Name)
                    .Select(user => $"{user.Service} v{user.Use.Version}")
                    .Distinct()
            ),
            record.From ?? (record.Rotation is { } rotation ? $"rotated by {rotation.With}" : "set")
        );
}
