using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Lets a tool look after something that is at the cloud already.</summary>
public static class TakeOverInfrastructure
{
    public sealed record Input
    {
        [Description("What it is in the code, such as aws_s3_bucket.uploads_bucket.")]
        [Positional]
        public required string Address { get; init; }

        [Description("What the cloud calls it, such as the bucket's name.")]
        public required string Id { get; init; }

        [Description("Folder with the fairlead.yaml.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("Tool that looks after it: terraform or opentofu.")]
        public string With { get; init; } = InfrastructureViews.ToolUsual;
    }

    public sealed record Output(string App, string Environment, string Tool, string What, string Id);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.import",
            "Let the tool look after something that is at the cloud already.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead infra import aws_s3_bucket.uploads_bucket --id acme-uploads"],
            Needs = Need.Of(Permission.Operate),
            AnswerMax = TimeSpan.FromMinutes(40),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        InfrastructureViews.Demand(engine.Server.Infrastructure, input.With);
        var (app, graph, code) = InfrastructureViews.Write(engine, input.Folder, input.Environment, input.With);
        engine.Demand(Permission.Operate, app.Site);
        await engine.Server.Infrastructure.ImportAsync(
            (app.Site, graph.Place, code),
            input.With,
            (input.Address, input.Id),
            engine.Caller.Name,
            stop
        );
        return new(app.Site.App, app.Site.Environment, input.With, input.Address, input.Id);
    }
}
