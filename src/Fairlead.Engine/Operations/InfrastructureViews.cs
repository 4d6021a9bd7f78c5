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

    /// <summary>An app with what it needs of a cloud, as code of a tool.</summary>
    public static (LoadedApp App, ResourceGraph Graph, CodeFiles Code) Write(
        EngineContext engine,
        string folder,
        string? environment,
        string tool,
        CodeSettings? settings = null
    )
    {
        var app = NetworkApps.Load(engine, folder, environment);
        var graph = Infrastructure.GraphMaker.Of(app);
        var format = FormatOf(tool, graph.Place.Cloud);
        return (app, graph, format.Write(graph, settings ?? new()));
    }

    // Terraform's code is OpenTofu's as well.
    private static ICodeFormat FormatOf(string tool, CloudKind cloud)
    {
        var name = tool == "opentofu" ? ToolUsual : tool;
        var format =
            AllCodeFormats.All.FirstOrDefault(one => one.Name == name)
            ?? throw new ProblemException(
                ApplyingProblems.NoTool(tool, [.. AllCodeFormats.All.Select(static one => one.Name)])
            );
        return format.Clouds.Contains(cloud)
            ? format
            : throw Infrastructure.InfrastructureProblems.Wrong(
                "infra.wrong-cloud",
                $"{format.Name} does not write for this cloud.",
                $"It writes for: {string.Join(", ", format.Clouds.Select(Word))}.",
                "Ask for another tool, such as: --with terraform"
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
