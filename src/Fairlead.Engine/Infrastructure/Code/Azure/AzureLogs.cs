using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Where logs are kept: one workspace for the app, in which lines say of which program they are.</summary>
internal static class AzureLogs
{
    public const string Workspace = "log-workspace";
    public const string Insights = "insights";
    private const string Part = AzureParts.Logs;
    private const int DaysMin = 30;
    private const int DaysMax = 730;

    public static void AddShared(AzureDraft draft)
    {
        var graph = draft.Graph;
        var days = graph.All<LogGroup>().Select(static one => one.Days).DefaultIfEmpty(0).Max();
        if (days == 0 && !AzureVault.IsNeeded(graph) && !graph.All<Cdn>().Any())
        {
            return;
        }
        var workspace = draft.Add(
            Part,
            AzureTypes.Logs,
            Workspace,
            [
                .. Head(draft.Called("logs", 63)),
                (
                    "properties",
                    Map(
                        ("sku", Map(("name", "PerGB2018"))),
                        ("retentionInDays", Math.Clamp(days, DaysMin, DaysMax)),
                        ("features", Map(("enableLogAccessUsingOnlyResourcePermissions", true)))
                    )
                ),
            ]
        );
        if (graph.All<Function>().Any())
        {
            draft.Add(
                Part,
                AzureTypes.Insights,
                Insights,
                [
                    .. Head(draft.Called("insights", 255)),
                    ("kind", "web"),
                    (
                        "properties",
                        Map(
                            ("Application_Type", "web"),
                            ("WorkspaceResourceId", workspace.At("id")),
                            // Whoever sends shows an identity; a key alone is not enough.
                            ("DisableLocalAuth", true)
                        )
                    ),
                ]
            );
        }
    }

    public static void Add(AzureDraft draft, LogGroup log)
    {
        if (log.Days is < DaysMin or > DaysMax)
        {
            draft.Note($"Azure keeps logs for {DaysMin} to {DaysMax} days, and not {log.Days} as the manifest says.");
        }
    }

    /// <summary>Sends what Azure writes of a resource to the workspace.</summary>
    public static void Watch(AzureDraft draft, BicepResource of, string category) =>
        draft.Add(
            new(
                of.Part,
                draft.Symbol(of.Symbol, "logs"),
                AzureTypes.Diagnostics,
                [
                    ("name", "logs"),
                    (
                        "properties",
                        Map(
                            ("workspaceId", draft.At(Workspace, "id")),
                            ("logs", List(Map(("categoryGroup", category), ("enabled", true))))
                        )
                    ),
                ]
            )
            {
                Scope = of.Symbol,
                Resource = of.Resource,
            }
        );
}
