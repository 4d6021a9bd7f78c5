using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Operations;

/// <summary>Work that was announced.</summary>
public static class ListMaintenance
{
    public sealed record Input
    {
        [Description("What is over, too.")]
        public bool All { get; init; }
    }

    public sealed record Output(IReadOnlyList<MaintenanceView> Maintenance);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("maintenance.list", "List work that was announced.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead maintenance list", "fairlead maintenance list --all"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        return new([
            .. (await engine.Server.Store.ListAsync(Maintenance.Collection, "", stop))
                .Select(Records.Read<Maintenance>)
                .Where(one => input.All || one.To > now)
                .OrderBy(one => one.From)
                .Select(one => MaintenanceView.Of(one, now)),
        ]);
    }
}
