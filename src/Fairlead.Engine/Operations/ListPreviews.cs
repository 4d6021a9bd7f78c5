using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Git;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Environments of branches and changes.</summary>
public static class ListPreviews
{
    public sealed record Input
    {
        [Description("App name; all apps when left out.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }
    }

    public sealed record Output(IReadOnlyList<View> Previews);

    /// <param name="State">waiting, live, failed, refused or ending, or how its deployment stands.</param>
    /// <param name="Ends">When it ends if no commit comes.</param>
    public sealed record View(
        string Source,
        string App,
        string Branch,
        string Environment,
        string Url,
        string State,
        string? Commit,
        DateTimeOffset Ends,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Problem? Trouble
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "preview.list",
            "List the environments of branches and changes.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead preview list shop"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = engine.Server.Sources.Book;
        var views = new List<View>();
        foreach (var source in await book.AllAsync(stop))
        {
            foreach (var one in await book.PreviewsAsync(source.Name, stop))
            {
                if (!one.IsOver && (input.App is null || source.App == input.App) && engine.Server.Reach.Has(one.Site))
                {
                    views.Add(await ViewAsync(one, source, engine.Server, stop));
                }
            }
        }
        return new(views);
    }

    private static async Task<View> ViewAsync(Preview one, GitSource source, ServerSide server, CancellationToken stop)
    {
        var deployment =
            one.Deployment is { } key && await server.Store.ReadAsync(Records.Deployments, key, stop) is { } document
                ? Records.Read<Deployment>(document)
                : null;
        return new(
            one.Source,
            one.Site.App,
            one.Branch,
            one.Site.Environment,
            DeploymentViews.UrlOf(server.PublicUrl, one.Host),
            StateOf(one, deployment),
            one.Commit?[..12],
            one.At + (source.Previews?.Ttl ?? TimeSpan.Zero),
            one.Trouble
        );
    }

    private static string StateOf(Preview one, Deployment? deployment) =>
        one.Ending is not null ? $"ending: {one.Ending}"
        : one.Trouble is not null ? "refused"
        : deployment is null ? "waiting"
        : deployment.Phase is DeploymentPhase.Promoted ? "live"
        : deployment.Phase.IsOver ? "failed"
        : "on its way";
}
