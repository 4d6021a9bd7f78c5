using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Who has which roles.</summary>
public static class ListGrants
{
    private const int ShownMax = 1_000;

    public sealed record Input
    {
        [Description("E-mail address or id of a person, or id of a token; all of them when left out.")]
        [Positional]
        public string? Who { get; init; }
    }

    public sealed record Output(IReadOnlyList<AddGrant.Output> Grants);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("grant.list", "List who has which roles.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead grant list", "fairlead grant list ana@example.com"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var asked = input.Who is { } who
            ? [await Grantee.FindAsync(engine, who, stop)]
            : await Grantee.AllAsync(engine, stop);
        return new([.. asked.Take(ShownMax).Select(AddGrant.Of)]);
    }
}
