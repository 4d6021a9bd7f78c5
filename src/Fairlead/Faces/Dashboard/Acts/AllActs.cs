using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Dashboard.Acts;

/// <summary>Operations that pages may send forms for. Others exist, and are for the command line.</summary>
internal static class AllActs
{
    private static readonly Dictionary<string, Operation> ByName = new Operation[]
    {
        Abort.Operation,
        AcknowledgeIncident.Operation,
        AddSilence.Operation,
        Approve.Operation,
        IgnoreError.Operation,
        NoteIncident.Operation,
        OpenIncident.Operation,
        PauseMonitor.Operation,
        Promote.Operation,
        Reject.Operation,
        RemoveSilence.Operation,
        ReopenError.Operation,
        ReopenIncident.Operation,
        ResolveError.Operation,
        ResolveIncident.Operation,
        ResumeMonitor.Operation,
        Rollback.Operation,
        RollbackIncident.Operation,
        TestMonitor.Operation,
    }.ToDictionary(static one => one.Name, StringComparer.Ordinal);

    /// <summary>It takes a release from users: the app's name has to be typed.</summary>
    public static bool IsConfirmed(Operation operation) => operation.Name == "rollback";

    /// <summary>Null when no page has a form for it.</summary>
    public static Operation? Find(string name) => ByName.GetValueOrDefault(name);
}
