namespace Fairlead.Engine.Operations;

/// <summary>Everything Fairlead can be asked to do. To add one: write its file in this folder, add its line here.</summary>
public static class AllOperations
{
    public static IReadOnlyList<Operation> Entries =>
        [
            Abort.Operation,
            ListCertificates.Operation,
            RenewCertificate.Operation,
            ShowLocalRoot.Operation,
            Check.Operation,
            Deploy.Operation,
            Explain.Operation,
            Follow.Operation,
            Init.Operation,
            JudgeAgain.Operation,
            VerifyJournal.Operation,
            CreateKey.Operation,
            ListKeys.Operation,
            RevokeKey.Operation,
            Logs.Operation,
            HashPassword.Operation,
            Plan.Operation,
            Promote.Operation,
            Releases.Operation,
            Rollback.Operation,
            Schema.Operation,
            GradeHeaders.Operation,
            Status.Operation,
        ];
}
