using Fairlead.Engine.Manifests;
using Fairlead.Model.Apps;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure;

/// <summary>
/// Makes of an app what it needs of a cloud, as somebody would who has done it often: programs and data in private subnets, nothing
/// open that nobody asks for, an identity for each service that may do just what it has to. Pure.
/// </summary>
public static class GraphMaker
{
    /// <exception cref="Model.Problems.ProblemException">The manifest says nothing of a cloud, or a service cannot run there.</exception>
    public static ResourceGraph Of(LoadedApp app)
    {
        if (app.Infrastructure is not { Cloud: { } cloud, Region: { } region } needs)
        {
            throw InfrastructureProblems.NothingNeeded(app.Site);
        }
        var draft = new GraphDraft(app, needs);
        var running = app.Services.Where(static one => !one.Service.IsStatic).ToList();
        var data = DataMaker.Of(draft, running);
        var placed = WorkloadMaker.Of(draft, running, data);
        var fronts = FrontMaker.Of(draft, placed);
        return new(
            app.Site,
            new(cloud, region),
            ResourceGraph.Ordered([
                .. fronts,
                .. data.All,
                .. placed.Resources,
                .. AlarmMaker.Of(draft, placed, data, fronts.OfType<LoadBalancer>().FirstOrDefault()),
            ])
        )
        {
            Tags = new SortedDictionary<string, string>(
                (needs.Tags ?? new Dictionary<string, string>()).ToDictionary(),
                StringComparer.Ordinal
            ),
            Budget = needs.Budget,
        };
    }

    /// <summary>A word of the manifest as the beginning of a variable's name.</summary>
    internal static string Variable(string name) => name.Replace('-', '_').ToUpperInvariant();

    /// <summary>What a size means for a program.</summary>
    internal static MachineSize OfProgram(SizeEntry? size, Limits limits) =>
        size switch
        {
            { Word: SizeWord.Small } => MachineSize.SmallProgram,
            { Word: SizeWord.Medium } => new(1, 2L << 30),
            { Word: SizeWord.Large } => new(4, 8L << 30),
            { Cpu: { } cores, Memory: { } memory } => new(cores, memory.Bytes),
            _ => new(limits.Cpu ?? MachineSize.SmallProgram.Cores, limits.Memory ?? MachineSize.SmallProgram.Memory),
        };

    /// <summary>What a size means for a machine.</summary>
    internal static MachineSize OfMachine(SizeEntry? size) =>
        size switch
        {
            { Word: SizeWord.Medium } => MachineSize.MediumMachine,
            { Word: SizeWord.Large } => MachineSize.LargeMachine,
            { Cpu: { } cores, Memory: { } memory } => new(cores, memory.Bytes),
            _ => MachineSize.SmallMachine,
        };
}
