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
            ShowHost.Operation,
            ListForwardings.Operation,
            RemoveForwarding.Operation,
            SetForwarding.Operation,
            Init.Operation,
            JudgeAgain.Operation,
            VerifyJournal.Operation,
            CreateKey.Operation,
            ListKeys.Operation,
            RevokeKey.Operation,
            CountLogs.Operation,
            SearchLogs.Operation,
            TailLogs.Operation,
            Logs.Operation,
            ListMetrics.Operation,
            QueryMetrics.Operation,
            HashPassword.Operation,
            Plan.Operation,
            RunProbe.Operation,
            Promote.Operation,
            Releases.Operation,
            Rollback.Operation,
            Schema.Operation,
            AddScrape.Operation,
            ListScrapes.Operation,
            RemoveScrape.Operation,
            GradeHeaders.Operation,
            Status.Operation,
            ShowSourceKey.Operation,
            TestQueries.Operation,
            TestRules.Operation,
        ];
}
