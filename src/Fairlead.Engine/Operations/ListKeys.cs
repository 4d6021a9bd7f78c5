using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>An app's keys, without what would let anybody use them.</summary>
public static class ListKeys
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }
    }

    public sealed record Output(IReadOnlyList<KeyView> Keys);

    /// <param name="State">good or expired.</param>
    public sealed record KeyView(
        string Id,
        string Name,
        string State,
        DateTimeOffset Created,
        DateTimeOffset? Expires,
        string? Quota,
        string? Services
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>("key.list", "List an app's API keys.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead key list shop"],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        return new([
            .. (await engine.Server.Keys.KeysAsync(record.Site, stop))
                .OrderBy(key => key.CreatedAt)
                .Select(key => new KeyView(
                    key.Id,
                    key.Name,
                    key.ExpiresAt <= engine.World.Now ? "expired" : "good",
                    key.CreatedAt,
                    key.ExpiresAt,
                    key.Quota?.ToString(),
                    key.Services.Count == 0 ? null : string.Join(", ", key.Services)
                )),
        ]);
    }
}
