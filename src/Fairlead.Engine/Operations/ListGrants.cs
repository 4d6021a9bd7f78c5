using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Who was given which roles here.</summary>
public static class ListGrants
{
    private const int ShownMax = 1_000;

    public sealed record Input
    {
        [Description("Id of a person or token; all of them when left out.")]
        [Positional]
        public string? Principal { get; init; }
    }

    public sealed record Output(IReadOnlyList<AddGrant.Output> Grants);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("grant.list", "List who was given which roles.", Effect.Reads, RunAsync)
        {
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new([
            .. (await engine.Server.Store.ListAsync(AccessBook.Grants, "", stop))
                .Select(Records.Read<Granted>)
                .Where(one => one.Grants.Count > 0 && (input.Principal ?? one.Principal) == one.Principal)
                .Take(ShownMax)
                .Select(AddGrant.Of),
        ]);
}
