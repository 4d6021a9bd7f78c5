using Fairlead.Engine.Handoffs.Kinds;
using Fairlead.Model.Agents;

namespace Fairlead.Engine.Handoffs;

/// <summary>A kind of hand-off: who gives it to whom, and the record that its body is.</summary>
/// <param name="Name">In documents; never renamed once shipped.</param>
public sealed record HandoffKind(string Name, HandoffRole From, HandoffRole To, Type Body)
{
    internal static HandoffKind Of<T>(string name, HandoffRole from, HandoffRole to = HandoffRole.Deployment)
        where T : HandoffBody => new(name, from, to, typeof(T));
}

/// <summary>Every kind of hand-off. To add one: write its record in Kinds, add its line here, and its row in docs/guides/handoffs.md.</summary>
public static class AllHandoffKinds
{
    public static IReadOnlyList<HandoffKind> Entries { get; } =
    [
        HandoffKind.Of<DeploymentPlanBody>("deployment-plan", HandoffRole.Main),
        HandoffKind.Of<DeploymentRequirements>("deployment-requirements", HandoffRole.Implementation),
        HandoffKind.Of<EnvironmentContract>("environment-contract", HandoffRole.Implementation),
        HandoffKind.Of<GateResult>("gate-result", HandoffRole.Quality),
        HandoffKind.Of<GeoPlan>("geo-plan", HandoffRole.Design),
        HandoffKind.Of<GrowthForecast>("growth-forecast", HandoffRole.Design),
        HandoffKind.Of<IncidentBrief>("incident-brief", HandoffRole.Deployment, HandoffRole.Main),
        HandoffKind.Of<MigrationPlan>("migration-plan", HandoffRole.Implementation),
        HandoffKind.Of<MonitoringWishes>("monitoring-wishes", HandoffRole.Design),
        HandoffKind.Of<PerformanceBudget>("performance-budget", HandoffRole.Design),
        HandoffKind.Of<PerformanceValidation>("performance-validation", HandoffRole.Quality),
        HandoffKind.Of<PostMortem>("post-mortem", HandoffRole.Deployment, HandoffRole.Main),
        HandoffKind.Of<ProductionTestPlan>("production-test-plan", HandoffRole.Quality),
        HandoffKind.Of<QualityGate>("quality-gate", HandoffRole.Quality),
        HandoffKind.Of<RiskAssessment>("risk-assessment", HandoffRole.Main),
        HandoffKind.Of<SecurityFinding>("security-finding", HandoffRole.Quality),
        HandoffKind.Of<StatusUpdate>("status-update", HandoffRole.Deployment, HandoffRole.Main),
        HandoffKind.Of<TroubleshootingBrief>(
            "troubleshooting-brief",
            HandoffRole.Deployment,
            HandoffRole.Implementation
        ),
    ];
}
