using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Operations;

/// <summary>What operations on infrastructure have in common.</summary>
internal static class InfrastructureViews
{
    public const string ToolUsual = "terraform";

    /// <summary>An app with what it needs of a cloud, as code of a tool; of the usual one for its cloud where none is named.</summary>
    public static (LoadedApp App, ResourceGraph Graph, CodeFiles Code) Write(
        EngineContext engine,
        string folder,
        string? environment,
        string? tool,
        CodeSettings? settings = null
    )
    {
        var app = NetworkApps.Load(engine, folder, environment);
        var graph = Infrastructure.GraphMaker.Of(app);
        var format = FormatOf(tool, graph.Place.Cloud);
        return (app, graph, format.Write(graph, settings ?? new()));
    }

    /// <summary>Stops before a tool that cannot plan here, whatever code is written for it.</summary>
    /// <exception cref="ProblemException">It cannot.</exception>
    public static void Demand(InfrastructureDesk desk, string tool)
    {
        if (!desk.Tools.Contains(tool, StringComparer.Ordinal))
        {
            throw new ProblemException(
                AllCodeFormats.All.Any(one => one.Name == tool)
                    ? ApplyingProblems.OnlyWritten(tool, desk.Tools)
                    : ApplyingProblems.NoTool(tool, desk.Tools)
            );
        }
    }

    // Terraform's code is OpenTofu's as well.
    private static ICodeFormat FormatOf(string? tool, CloudKind cloud)
    {
        IReadOnlyList<string> here =
        [
            // Playbooks are for machines of one's own, so that they come last wherever there is something else.
            .. AllCodeFormats
                .All.Where(one => one.Clouds.Contains(cloud))
                .OrderBy(static one => (one.Clouds.Count > 1, one.Name != ToolUsual))
                .Select(static one => one.Name),
        ];
        var name =
            tool is null ? here[0]
            : tool == "opentofu" ? ToolUsual
            : tool;
        var format =
            AllCodeFormats.All.FirstOrDefault(one => one.Name == name)
            ?? throw new ProblemException(
                ApplyingProblems.NoTool(name, [.. AllCodeFormats.All.Select(static one => one.Name)])
            );
        return format.Clouds.Contains(cloud)
            ? format
            : throw Infrastructure.InfrastructureProblems.Wrong(
                "infra.wrong-cloud",
                $"{format.Name} does not write for {Word(cloud)}.",
                $"It writes for {string.Join(", ", format.Clouds.Select(Word))} alone; for {Word(cloud)} there are: {string.Join(", ", here)}.",
                $"Write code that a team applies itself: fairlead infra export --with {here[0]}"
            );
    }

    public static string Word(CloudKind cloud) => cloud.ToString().ToLowerInvariant();

    public static IReadOnlyList<ChangeView> Changes(IEnumerable<PlannedChange> changes) =>
        [
            .. PlanRisk
                .Ranked(changes)
                .Select(static one => new ChangeView(
                    PlanRisk.Word(one.Action),
                    one.Address,
                    PlanRisk.Of(one),
                    PlanRisk.Because(one)
                )),
        ];
}

/// <param name="Do">create, change, replace, remove, forget or take over.</param>
/// <param name="What">As the tool calls it.</param>
/// <param name="Why">What differs, or why it cannot be changed in place.</param>
public sealed record ChangeView(string Do, string What, PlanDanger Danger, string Why);
