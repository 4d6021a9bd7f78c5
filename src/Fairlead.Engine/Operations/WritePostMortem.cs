using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Reporting;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Drafts what was learned of an incident.</summary>
public static class WritePostMortem
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description(
            "markdown, whose pictures are files beside it, or html with pictures in it; markdown when left out."
        )]
        public PostMortemFormat Format { get; init; }

        [Description("Only this picture of it, as SVG: errors, latency, traffic or budget.")]
        public string? Picture { get; init; }
    }

    /// <param name="Text">The draft, or the picture that was asked for.</param>
    public sealed record Output(string Text);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "incident.postmortem",
            "Draft the post-mortem of an incident, in Markdown or as a page, with graphs.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead incident postmortem 7 > incident-7.md",
                "fairlead incident postmortem 7 --picture errors > incident-7-errors.svg",
                "fairlead incident postmortem 7 --format html > incident-7.html",
            ],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var incident = await engine.Server.Incidents.FindAsync(input.Incident, stop);
        var graphs = await IncidentGraphDesk.ReadAsync(engine.Server, incident, engine.World.Now, stop);
        if (input.Picture is { } name)
        {
            return new(GraphSvg.Of(graphs.FirstOrDefault(one => one.Name == name) ?? throw Missing(input, graphs)));
        }
        return new(
            input.Format is PostMortemFormat.Html
                ? PostMortemPage.Of(incident, graphs, engine.World.Now)
                : PostMortem.Of(incident, engine.World.Now, graphs)
        );
    }

    private static ProblemException Missing(Input input, IReadOnlyList<Graph> graphs) =>
        new(
            new Problem(
                "incident.no-picture",
                What: $"Incident {input.Incident} has no picture '{input.Picture}'.",
                Why: graphs.Count == 0
                    ? "There are no numbers of its app in that time."
                    : $"It has {string.Join(", ", graphs.Select(static one => one.Name))}.",
                Fix: $"See the draft: fairlead incident postmortem {input.Incident}"
            )
            {
                Trouble = Trouble.NotFound,
            }
        );
}

/// <summary>How a post-mortem is written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PostMortemFormat>))]
public enum PostMortemFormat
{
    [JsonStringEnumMemberName("markdown")]
    Markdown,

    [JsonStringEnumMemberName("html")]
    Html,
}
