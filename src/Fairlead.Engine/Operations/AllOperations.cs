namespace Fairlead.Engine.Operations;

/// <summary>Everything Fairlead can be asked to do. To add one: write its file in this folder, add its line here.</summary>
public static class AllOperations
{
    public static IReadOnlyList<Operation> Entries =>
        [
            Abort.Operation,
            Deploy.Operation,
            Explain.Operation,
            Follow.Operation,
            VerifyJournal.Operation,
            Logs.Operation,
            Plan.Operation,
            Promote.Operation,
            Releases.Operation,
            Rollback.Operation,
            Status.Operation,
        ];
}
