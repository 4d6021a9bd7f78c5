using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Rules;

namespace Fairlead.Engine.Operations;

/// <summary>The rules as files of Prometheus.</summary>
public static class ExportRules
{
    public sealed record Input;

    /// <param name="Text">The file: what promtool, Prometheus and vmalert read.</param>
    public sealed record Output(int Groups, int Rules, string Text);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("rule.export", "Print all rules as a file for Prometheus.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead rule export"],
            Needs = Need.Of(Permission.Watch),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var server = engine.Server;
        var groups = server
            .Response.Rules.Watched.Select(static one => one.Watched)
            .Where(one =>
                one.Site is { } site ? server.Reach.Has(site) : one.Group.File == "fairlead" || server.Reach.IsAll
            )
            .Select(static one => one.Group with { Name = one.Key.Replace('/', '-'), Interval = one.Every })
            .ToList();
        return Task.FromResult(
            new Output(groups.Count, groups.Sum(static one => one.Rules.Count), RuleFileWriter.Write(groups))
        );
    }
}
