using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.Agents;
using Fairlead.Engine.Operations.Handoffs;

namespace Fairlead.Faces.Dashboard.Acts;

/// <summary>Operations that pages may send forms for. Others exist, and are for the command line.</summary>
internal static class AllActs
{
    private static readonly Dictionary<string, Operation> ByName = new Operation[]
    {
        Abort.Operation,
        AcceptHandoff.Operation,
        AcknowledgeIncident.Operation,
        AddSilence.Operation,
        ApplyPlan.Operation,
        Approve.Operation,
        ApprovePlan.Operation,
        DrillBackup.Operation,
        FreezeAgents.Operation,
        FulfilHandoff.Operation,
        HoldDeployment.Operation,
        IgnoreError.Operation,
        NoteIncident.Operation,
        OpenIncident.Operation,
        PauseMonitor.Operation,
        Promote.Operation,
        Reject.Operation,
        RejectHandoff.Operation,
        RejectPlan.Operation,
        RemoveSilence.Operation,
        ReopenError.Operation,
        ReopenIncident.Operation,
        ResolveError.Operation,
        ResolveIncident.Operation,
        ResumeDeployment.Operation,
        ResumeMonitor.Operation,
        Rollback.Operation,
        RollbackIncident.Operation,
        RunBackup.Operation,
        RunDrill.Operation,
        TestMonitor.Operation,
        ThawAgents.Operation,
    }.ToDictionary(static one => one.Name, StringComparer.Ordinal);

    /// <summary>Their operations' names.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>It takes a release from users: the app's name has to be typed.</summary>
    public static bool IsConfirmed(Operation operation) => operation.Name == "rollback";

    /// <summary>Null when no page has a form for it.</summary>
    public static Operation? Find(string name) => ByName.GetValueOrDefault(name);
}
