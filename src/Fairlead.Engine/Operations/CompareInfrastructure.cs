using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Infrastructure;
using Fairlead.Engine.Infrastructure.Code;

namespace Fairlead.Engine.Operations;

/// <summary>Says what each thing that an app needs is at each cloud; needs no server, no cloud and no tool.</summary>
public static class CompareInfrastructure
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }
    }

    /// <param name="Things">Each thing that the app needs, in the order in which they are made.</param>
    /// <param name="Differs">What is otherwise than the manifest says it, or is to be known, by cloud.</param>
    public sealed record Output(
        string App,
        string Environment,
        IReadOnlyList<Line> Things,
        IReadOnlyList<Difference> Differs
    );

    /// <param name="Google">Nothing writes code for it yet.</param>
    public sealed record Line(string Name, string Word, string Aws, string Azure, string Google);

    /// <param name="About">The thing that it is about; empty for all of it.</param>
    public sealed record Difference(string Cloud, string About, string What);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.compare",
            "Compare what the app's infrastructure is at AWS, Azure and Google.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead infra compare --env production"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var app = NetworkApps.Load(engine, input.Folder, input.Environment);
        var (rows, notes) = CloudComparison.Of(GraphMaker.Of(app));
        return Task.FromResult(
            new Output(
                app.Site.App,
                app.Site.Environment,
                [
                    .. rows.Select(static one => new Line(
                        one.Resource.Name,
                        one.Resource.Word,
                        one.Aws,
                        one.Azure,
                        one.Google
                    )),
                ],
                [.. notes.Select(static one => new Difference(one.Cloud, one.Note.Resource ?? "", one.Note.Sentence))]
            )
        );
    }
}
