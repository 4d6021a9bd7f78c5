using Fairlead.Drivers.Infrastructure.CloudFormation;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Tests.Drivers.Infrastructure.CloudFormation;

public sealed class CloudFormationProvisionerTests
{
    private const string Gone = "Stack with id shop-production does not exist";
    private readonly PlayedStacks aws = new();
    private readonly HastyClock clock = new(new(2026, 11, 28, 4, 0, 0, TimeSpan.Zero));
    private readonly List<string> said = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_is_a_change_set_that_is_waited_for_and_told_change_by_change()
    {
        aws.Says("DescribeStacks", Stack("UPDATE_COMPLETE"))
            .Says(
                "ListChangeSets",
                "<Summaries><member><ChangeSetName>fairlead-old</ChangeSetName><ChangeSetId>arn:old</ChangeSetId></member></Summaries>"
            )
            .Says(
                "GetTemplateSummary",
                "<Parameters><member><ParameterKey>ApiImage</ParameterKey><DefaultValue></DefaultValue></member></Parameters>"
            )
            .Says(
                "DescribeChangeSet",
                "<Status>CREATE_IN_PROGRESS</Status>",
                "<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>",
                $"<Changes>{Change("Add", "Queue", "AWS::SQS::Queue")}{Change("Remove", "Uploads", "AWS::S3::Bucket", "<PolicyAction>Retain</PolicyAction>")}</Changes><NextToken>two</NextToken>",
                $"<Changes>{Change("Modify", "Main", "AWS::RDS::DBInstance", "<Replacement>True</Replacement><PolicyAction>ReplaceAndSnapshot</PolicyAction><Details><member><Target><Attribute>Properties</Attribute><Name>DBName</Name><RequiresRecreation>Always</RequiresRecreation></Target></member></Details>")}{Change("Modify", "Api", "AWS::ECS::Service", "<Replacement>False</Replacement><Details><member><Target><Attribute>Properties</Attribute><Name>DesiredCount</Name><RequiresRecreation>Never</RequiresRecreation></Target></member></Details>")}</Changes>"
            );

        var plan = await Open().PlanAsync(Work(), ProvisionAim.Apply, Stop);

        Assert.Equal(
            [
                "Queue Create [] [] ",
                "Uploads Forget [] [] it stays, and belongs to no stack any more",
                "Main Replace [DBName] [DBName] a new one is made, and a snapshot of the old one stays",
                "Api Update [DesiredCount] [] ",
            ],
            plan.Changes.Select(static one =>
                $"{one.Address} {one.Action} [{string.Join(' ', one.Differs)}] [{string.Join(' ', one.Forced)}] {one.Reason}"
            )
        );
        Assert.Equal(
            [
                "DescribeStacks",
                "ListChangeSets",
                "DeleteChangeSet",
                "GetTemplateSummary",
                "CreateChangeSet",
                "DescribeChangeSet",
                "DescribeChangeSet",
                "DescribeChangeSet",
                "DescribeChangeSet",
            ],
            aws.Asked.Select(static one => one.Split(' ')[0])
        );
        Assert.Equal(
            $"Action=CreateChangeSet&Version=2010-05-15&StackName=shop-production&ChangeSetName=fairlead-{plan.Id}&ChangeSetType=UPDATE&Capabilities.member.1=CAPABILITY_IAM&Description=Planned%20by%20Fairlead&TemplateBody=Resources%3A%20%7B%7D%0A&Parameters.member.1.ParameterKey=ApiImage&Parameters.member.1.UsePreviousValue=true&Tags.member.1.Key=app&Tags.member.1.Value=shop",
            aws.Bodies[4]
        );
    }

    [Fact]
    public async Task A_stack_that_is_not_there_is_made_and_that_is_said()
    {
        aws.Refuses("DescribeStacks", "ValidationError", Gone)
            .Says("DescribeChangeSet", "<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>");

        await Open().PlanAsync(Work(), ProvisionAim.Apply, Stop);

        Assert.Contains("&ChangeSetType=CREATE&", aws.Bodies[^3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_set_that_failed_because_nothing_differs_is_an_empty_plan()
    {
        aws.Says("DescribeStacks", Stack("CREATE_COMPLETE"))
            .Says(
                "DescribeChangeSet",
                "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes. Submit different information to create a change set.</StatusReason>"
            );

        Assert.True((await Open().PlanAsync(Work(), ProvisionAim.Apply, Stop)).IsEmpty);
    }

    [Fact]
    public async Task A_change_set_that_never_gets_ready_is_not_waited_for_forever()
    {
        aws.Says("DescribeStacks", Stack("CREATE_COMPLETE"))
            .Says("DescribeChangeSet", "<Status>CREATE_IN_PROGRESS</Status>");
        var planning = Open().PlanAsync(Work(), ProvisionAim.Apply, Stop);
        // A minute for each pause: time that passes by itself would be over before the second one on a machine with much to do.
        for (var paused = 0; !planning.IsCompleted; await Task.Yield())
        {
            if (clock.Pauses.Count > paused)
            {
                paused++;
                clock.Pass(TimeSpan.FromMinutes(1));
            }
        }

        Assert.Equal("infra.timed-out", (await RefusedAsync(() => planning)).Code);
        Assert.Equal([1, 2, 4, 8, 10], clock.Pauses.Take(5).Select(static one => one.TotalSeconds));
    }

    [Theory]
    [InlineData("ROLLBACK_COMPLETE", "infra.stack-broken", "fairlead infra plan --with cloudformation --destroy")]
    [InlineData("DELETE_FAILED", "infra.stack-broken", "delete-stack")]
    [InlineData("UPDATE_ROLLBACK_FAILED", "infra.stack-broken", "continue-update-rollback")]
    [InlineData("UPDATE_IN_PROGRESS", "infra.busy", "describe-stack-events")]
    public async Task A_stack_that_cannot_be_changed_says_what_to_do(string status, string code, string fix)
    {
        aws.Says("DescribeStacks", Stack(status));

        var refused = await RefusedAsync(() => Open().PlanAsync(Work(), ProvisionAim.Apply, Stop));

        Assert.Equal(code, refused.Code);
        Assert.Contains(status, refused.Why, StringComparison.Ordinal);
        Assert.Contains(fix, refused.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_nobody_said_is_named()
    {
        aws.Refuses("DescribeStacks", "ValidationError", Gone)
            .Says(
                "GetTemplateSummary",
                "<Parameters><member><ParameterKey>ReportCodeBucket</ParameterKey></member></Parameters>"
            );

        var refused = await RefusedAsync(() => Open().PlanAsync(Work(), ProvisionAim.Apply, Stop));

        Assert.Equal("infra.parameter-missing", refused.Code);
        Assert.Contains("ReportCodeBucket", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_first_is_why_and_not_what_was_cancelled_for_it()
    {
        aws.Says("DescribeStacks", Stack("REVIEW_IN_PROGRESS"), Stack("CREATE_IN_PROGRESS"), Stack("ROLLBACK_COMPLETE"))
            .Says("DescribeChangeSet", "<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>")
            .Says(
                "DescribeStackEvents",
                "<StackEvents/>",
                Events(
                    ("2", "Bucket", "CREATE_FAILED", "Resource creation cancelled"),
                    ("1", "Queue", "CREATE_FAILED", "Access denied")
                ),
                Events(
                    ("3", "shop-production", "ROLLBACK_COMPLETE", ""),
                    ("2", "Bucket", "CREATE_FAILED", "Resource creation cancelled")
                )
            );

        var refused = await RefusedAsync(() => Open().ApplyAsync(Work(), "0123456789abcdef", Stop));

        Assert.Equal("infra.failed", refused.Code);
        Assert.Equal("The stack shop-production ended as ROLLBACK_COMPLETE.", refused.What);
        Assert.Equal("Queue (AWS::X::Y) CREATE_FAILED: Access denied", refused.Why);
        Assert.Equal(
            [
                "Queue (AWS::X::Y) CREATE_FAILED: Access denied",
                "Bucket (AWS::X::Y) CREATE_FAILED: Resource creation cancelled",
                "shop-production (AWS::X::Y) ROLLBACK_COMPLETE",
            ],
            said
        );
    }

    [Fact]
    public async Task The_policy_that_protects_data_is_lifted_for_a_plan_that_was_shown_and_put_back()
    {
        aws.Says("DescribeStacks", Stack("UPDATE_COMPLETE"))
            .Says(
                "DescribeChangeSet",
                $"<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus><Changes>{Change("Remove", "Uploads", "AWS::S3::Bucket")}</Changes>"
            );

        await Open().ApplyAsync(Work(), "0123456789abcdef", Stop);

        Assert.Equal(
            [
                "SetStackPolicy",
                "DescribeStackEvents",
                "ExecuteChangeSet",
                "DescribeStacks",
                "DescribeStackEvents",
                "SetStackPolicy",
            ],
            aws.Asked.Select(static one => one.Split(' ')[0]).Skip(3)
        );
        Assert.Contains(Uri.EscapeDataString("\"Deny\""), aws.Bodies[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OBSOLETE", "infra.stale-plan")]
    [InlineData("EXECUTE_COMPLETE", "infra.stale-plan")]
    public async Task A_plan_is_done_once_and_only_while_it_is_true(string execution, string code)
    {
        aws.Says("DescribeStacks", Stack("UPDATE_COMPLETE"))
            .Says(
                "DescribeChangeSet",
                $"<Status>CREATE_COMPLETE</Status><ExecutionStatus>{execution}</ExecutionStatus>"
            );

        Assert.Equal(code, (await RefusedAsync(() => Open().ApplyAsync(Work(), "0123456789abcdef", Stop))).Code);
    }

    [Fact]
    public async Task A_plan_that_nobody_made_is_refused_and_nothing_is_deleted()
    {
        aws.Says("DescribeStacks", Stack("UPDATE_COMPLETE"))
            .Refuses("DescribeChangeSet", "ChangeSetNotFound", "ChangeSet [x] does not exist");

        var refused = await RefusedAsync(() => Open().ApplyAsync(Work(), "0123456789abcdef", Stop));

        Assert.Equal("infra.no-plan", refused.Code);
        Assert.DoesNotContain("DeleteStack eu-central-1", aws.Asked);
    }

    [Fact]
    public async Task What_stays_when_all_is_removed_is_said_before()
    {
        aws.Says("DescribeStacks", Stack("UPDATE_COMPLETE"))
            .Refuses("DescribeChangeSet", "ChangeSetNotFound", "ChangeSet [x] does not exist")
            .Says("GetTemplate", "<TemplateBody>x</TemplateBody>")
            .Says(
                "ListStackResources",
                $"<StackResourceSummaries>{string.Concat(new[] { "Uploads", "Main", "Api" }.Select(static id => $"<member><LogicalResourceId>{id}</LogicalResourceId><ResourceType>AWS::X::Y</ResourceType><PhysicalResourceId>{id}-1</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>"))}</StackResourceSummaries>"
            );

        var plan = await Open().PlanAsync(Work(), ProvisionAim.Destroy, Stop);
        var refused = await RefusedAsync(() => Open().ApplyAsync(Work(), "0123456789abcdef", Stop));

        Assert.Equal(
            [
                "Api Delete ",
                "Main Delete a snapshot of it stays",
                "Uploads Forget it stays, and belongs to no stack any more (Uploads-1)",
            ],
            plan.Changes.Select(static one => $"{one.Address} {one.Action} {one.Reason}")
        );
        Assert.Equal("infra.no-plan", refused.Code);
    }

    [Fact]
    public async Task What_others_changed_is_told_with_what_differs()
    {
        aws.Says("DescribeStacks", Stack("UPDATE_COMPLETE"))
            .Says("DetectStackDrift", "<StackDriftDetectionId>d-1</StackDriftDetectionId>")
            .Says(
                "DescribeStackDriftDetectionStatus",
                "<DetectionStatus>DETECTION_IN_PROGRESS</DetectionStatus>",
                "<DetectionStatus>DETECTION_COMPLETE</DetectionStatus>"
            )
            .Says(
                "DescribeStackResourceDrifts",
                """<StackResourceDrifts><member><LogicalResourceId>Queue</LogicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType><StackResourceDriftStatus>MODIFIED</StackResourceDriftStatus><ExpectedProperties>{"VisibilityTimeout":30}</ExpectedProperties><ActualProperties>{"VisibilityTimeout":60}</ActualProperties><PropertyDifferences><member><PropertyPath>/VisibilityTimeout</PropertyPath></member></PropertyDifferences></member></StackResourceDrifts>"""
            );

        var plan = await Open().PlanAsync(Work(), ProvisionAim.Drift, Stop);

        var only = Assert.Single(plan.Drift);
        Assert.Equal(
            """Queue Update VisibilityTimeout {"VisibilityTimeout":30} {"VisibilityTimeout":60}""",
            $"{only.Address} {only.Action} {string.Join(' ', only.Differs)} {only.Before?.ToJsonString()} {only.After?.ToJsonString()}"
        );
    }

    private CloudFormationProvisioner Open() =>
        new(
            _ => aws,
            new(
                static _ => new Dictionary<string, string> { ["Uploads"] = "Retain", ["Main"] = "Snapshot" },
                static text => text
            ),
            new World(clock, new Random(7))
        );

    private ProvisionWork Work() =>
        new(
            new("shop", "production"),
            new(CloudKind.Aws, "eu-central-1"),
            new Dictionary<string, string>
            {
                ["template.yaml"] = "Resources: {}\n",
                ["stack.json"] =
                    """{ "Parameters": { "ApiImage": "" }, "Tags": { "app": "shop" }, "StackPolicy": { "Statement": [{ "Effect": "Deny" }] } }""",
            }
        )
        {
            Say = said.Add,
        };

    private static string Stack(string status) =>
        $"<Stacks><member><StackId>arn:aws:cloudformation:eu-central-1:1:stack/shop-production/1</StackId><StackStatus>{status}</StackStatus><CreationTime>2026-11-28T00:00:00Z</CreationTime><Parameters><member><ParameterKey>ApiImage</ParameterKey><ParameterValue>a</ParameterValue></member></Parameters></member></Stacks>";

    private static string Change(string action, string id, string type, string more = "") =>
        $"<member><Type>Resource</Type><ResourceChange><Action>{action}</Action><LogicalResourceId>{id}</LogicalResourceId><ResourceType>{type}</ResourceType>{more}</ResourceChange></member>";

    private static string Events(params (string Id, string Of, string Status, string Reason)[] events) =>
        $"<StackEvents>{string.Concat(events.Select(static one => $"<member><EventId>{one.Id}</EventId><LogicalResourceId>{one.Of}</LogicalResourceId><ResourceType>AWS::X::Y</ResourceType><ResourceStatus>{one.Status}</ResourceStatus><ResourceStatusReason>{one.Reason}</ResourceStatusReason></member>"))}</StackEvents>";

    private static async Task<Problem> RefusedAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<ProblemException>(act)).Problem;
}
