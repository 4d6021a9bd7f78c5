using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Handoffs;
using Fairlead.Engine.Handoffs.Kinds;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>What Fairlead itself hands over, as people type it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OwnKind>))]
public enum OwnKind
{
    /// <summary>For whoever mends the last deployment.</summary>
    [JsonStringEnumMemberName("troubleshooting-brief")]
    TroubleshootingBrief,

    [JsonStringEnumMemberName("status-update")]
    StatusUpdate,

    [JsonStringEnumMemberName("incident-brief")]
    IncidentBrief,

    [JsonStringEnumMemberName("post-mortem")]
    PostMortem,
}

/// <summary>Makes a hand-off of what is known: a brief for whoever mends, how things stand, an incident, what was learned.</summary>
public static class WriteHandoff
{
    private const int LinesMax = 20;
    private const int TextLettersMax = 32_000;
    private static readonly TimeSpan NextUpdate = TimeSpan.FromMinutes(30);

    public sealed record Input
    {
        [Description("troubleshooting-brief, status-update, incident-brief or post-mortem.")]
        [Positional]
        public required OwnKind Kind { get; init; }

        [Description("App name.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Its environment.")]
        public string? Environment { get; init; }

        [Description("The incident, of a brief or a post-mortem.")]
        public int? Incident { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, HandoffView>(
            "handoff.write",
            "Hand over what Fairlead knows: a brief, a status, an incident or a post-mortem.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead handoff write troubleshooting-brief --app shop",
                "fairlead handoff write post-mortem --incident 3",
            ],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static async Task<HandoffView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (site, body, title) = input.Kind switch
        {
            OwnKind.TroubleshootingBrief => await TroubleAsync(input, engine, stop),
            OwnKind.StatusUpdate => await StatusAsync(input, engine, stop),
            _ => await IncidentAsync(input, engine, stop),
        };
        engine.Demand(Permission.Deploy, site);
        var plain = PlainText.Of(body, static text => Scrubber.Text(text) ?? "")!; // A body stays one.
        if (input.Kind is OwnKind.PostMortem)
        {
            // The only text that is meant to be long.
            plain["text"] = PlainText.Of(Scrubber.Text(Text(body, "text")) ?? "", TextLettersMax);
        }
        var name = JsonSerializer.SerializeToNode(input.Kind)!.GetValue<string>(); // An enum with names.
        var document = new JsonObject
        {
            ["kind"] = name,
            ["version"] = 1,
            ["app"] = site.App,
            ["environment"] = site.Environment,
            ["title"] = title,
            ["owner"] = input.Kind is OwnKind.TroubleshootingBrief ? "implementation" : "main",
            ["body"] = plain,
        };
        var handoff = HandoffReading.Read(document, $"{engine.Caller}", engine.World.Now);
        return HandoffView.Of(await HandoffDesk.Book(engine).OfferAsync(handoff, stop), engine.World.Now);
    }

    private static async Task<(Site Site, JsonNode Body, string Title)> TroubleAsync(
        Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var story = await Explain.Operation.RunAsync(Of(input), engine, stop);
        var view = story["deployment"]!; // It throws where there is none.
        var site = SiteOf(view);
        var errors = await ListErrors.Operation.RunAsync(
            new() { ["app"] = site.App, ["environment"] = site.Environment },
            engine,
            stop
        );
        var brief = new TroubleshootingBrief
        {
            Deployment = Text(view, "id"),
            Symptom = view["reason"] is { } reason
                ? $"{Text(reason, "what")} {Text(reason, "why")}"
                : $"It ended as {Text(view, "phase")}.",
            Suspect =
                $"release {view["release"]} of {site}, which took the place of release {view["replaces"]?.ToString() ?? "none"}",
            Evidence =
            [
                .. Lines(view["verdicts"], static one => $"{Text(one, "gate")}: {Text(one, "reason")}"),
                .. Lines(view["reason"]?["evidence"], static one => one.ToString()),
            ],
            Errors =
            [
                .. Lines(
                    errors["errors"],
                    static one => $"{Text(one, "id")}: {Text(one, "title")} at {Text(one, "where")}"
                ),
            ],
            Reproduce =
            [
                $"fairlead explain {site.App} --environment {site.Environment} --deployment {Text(view, "id")}",
                $"fairlead log search --app {site.App} --level error",
            ],
        };
        return (site, Body(brief), $"Release {view["release"]} of {site} ended as {Text(view, "phase")}");
    }

    private static async Task<(Site Site, JsonNode Body, string Title)> StatusAsync(
        Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var record = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop);
        var site = record.Site;
        var status = await Status.Operation.RunAsync(
            new() { ["app"] = site.App, ["environment"] = site.Environment },
            engine,
            stop
        );
        var view = status["apps"]![0]!; // It was found just now.
        var update = new StatusUpdate
        {
            Live = record.Live,
            Parts =
            [
                .. Lines(view["parts"], static one => $"{Text(one, "part")}: {one["ready"]} of {one["wanted"]} ready"),
            ],
            UnderWay =
                view["deployment"] is { } under && under["isOver"]?.GetValue<bool>() is false
                    ? [$"{Text(under, "id")}: release {under["release"]} is {Text(under, "phase")}"]
                    : [],
            Warnings = [.. Lines(view["warnings"], static one => one.ToString())],
        };
        return (site, Body(update), $"{site} at {engine.World.Now:u}");
    }

    private static async Task<(Site Site, JsonNode Body, string Title)> IncidentAsync(
        Input input,
        EngineContext engine,
        CancellationToken stop
    )
    {
        if (input.Incident is not { } number)
        {
            throw new ProblemException(HandoffProblems.Wrong("It needs the number of an incident."));
        }
        var asked = new JsonObject { ["incident"] = number };
        var view = await ShowIncident.Operation.RunAsync(asked.DeepClone().AsObject(), engine, stop);
        var site =
            Site.TryParse(Text(view, "site"))
            ?? throw new ProblemException(HandoffProblems.Wrong("The incident is about no app."));
        if (input.Kind is OwnKind.PostMortem)
        {
            var draft = await WritePostMortem.Operation.RunAsync(asked, engine, stop);
            var learned = new PostMortem
            {
                Incident = number,
                Text = Text(draft, "text"),
                FollowUps = [.. Lines(view["followUps"], static one => $"{Text(one, "text")} ({Text(one, "owner")})")],
            };
            return (site, Body(learned), $"Post-mortem of incident {number}");
        }
        var brief = new IncidentBrief
        {
            Incident = number,
            Impact =
                $"{Text(view, "severity")}, {Text(view, "state")}: {view["failedRequests"]?.ToString() ?? "no"} of {view["requests"]?.ToString() ?? "no"} requests failed",
            Timeline = [.. Lines(view["timeline"], static one => $"{Text(one, "at")} {Text(one, "text")}")],
            Hypothesis = view["suspects"] is JsonArray { Count: > 0 } suspects
                ? $"{Text(suspects[0]!, "what")}: {Text(suspects[0]!, "why")}"
                : null,
            NextUpdate = engine.World.Now + NextUpdate,
        };
        return (site, Body(brief), $"Incident {number}");
    }

    private static JsonObject Of(Input input)
    {
        var asked = new JsonObject();
        if (input.App is { } app)
        {
            asked["app"] = app;
        }
        if (input.Environment is { } environment)
        {
            asked["environment"] = environment;
        }
        return asked;
    }

    private static Site SiteOf(JsonNode view) => new(Text(view, "app"), Text(view, "environment"));

    private static JsonNode Body(OwnBody body) => JsonSerializer.SerializeToNode(body, body.GetType(), Schemas.Json)!;

    private static IEnumerable<string> Lines(JsonNode? list, Func<JsonNode, string> line) =>
        (list as JsonArray ?? []).OfType<JsonNode>().TakeLast(LinesMax).Select(line);

    private static string Text(JsonNode from, string name) =>
        from is JsonObject && from[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
