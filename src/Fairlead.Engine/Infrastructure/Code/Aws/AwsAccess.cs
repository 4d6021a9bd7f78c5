using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Roles, logs and secrets.</summary>
internal static class AwsAccess
{
    private const string Part = "access";

    public static CodeValue Arn(AwsDraft draft, Identity one) => draft.At("aws_iam_role", one, "arn");

    public static CodeValue Name(AwsDraft draft, LogGroup one) => draft.At("aws_cloudwatch_log_group", one, "name");

    public static CodeValue Arn(AwsDraft draft, SecretSlot one) => draft.At("aws_secretsmanager_secret", one, "arn");

    public static void Add(AwsDraft draft, Identity identity)
    {
        var role = draft.Add(
            Part,
            "aws_iam_role",
            identity,
            [
                Set("name", draft.Called(identity.Name, 64)),
                Set(
                    "description",
                    AwsSizes.Said($"{identity.Name} of {draft.Graph.Site.App} in {draft.Graph.Site.Environment}")
                ),
                Set("assume_role_policy", new Json(Trust(identity.Actor))),
            ]
        );
        var statements = identity.Grants.SelectMany(grant => Statements(draft, grant)).ToList();
        if (statements.Count > 0)
        {
            draft.Add(
                Part,
                "aws_iam_role_policy",
                (identity, "work"),
                [Set("name", "work"), Set("role", role.At("id")), Set("policy", new Json(Policy(statements)))]
            );
        }
        if (Managed(draft, identity) is { } managed)
        {
            draft.Add(
                Part,
                "aws_iam_role_policy_attachment",
                (identity, "managed"),
                [
                    Set("role", role.At("name")),
                    Set("policy_arn", Join("arn:", Partition, $":iam::aws:policy/{managed}")),
                ]
            );
        }
        if (identity.Actor is ActorKind.Machines)
        {
            draft.Add(
                Part,
                "aws_iam_instance_profile",
                (identity, "profile"),
                [Set("name", draft.Called(identity.Name, 128)), Set("role", role.At("name"))]
            );
        }
    }

    // A function writes its log itself, and stands in the network only where it must.
    private static string? Managed(AwsDraft draft, Identity identity) =>
        identity.Actor switch
        {
            ActorKind.Machines => "AmazonSSMManagedInstanceCore",
            ActorKind.Function
                when draft
                    .Graph.All<Function>()
                    .Any(one => one.Workload.Identity == identity && one.Workload.Subnets.Count > 0) =>
                "service-role/AWSLambdaVPCAccessExecutionRole",
            _ => null,
        };

    public static CodeValue Policy(IReadOnlyList<CodeValue> statements) =>
        Map(("Version", "2012-10-17"), ("Statement", new Items(statements)));

    private static CodeValue Trust(ActorKind actor)
    {
        List<(string, CodeValue)> statement =
        [
            ("Effect", "Allow"),
            ("Principal", Map(("Service", AwsActions.Principal(actor)))),
            ("Action", "sts:AssumeRole"),
        ];
        if (actor is ActorKind.Containers or ActorKind.Starter)
        {
            // So that nobody else's tasks can have ECS take it.
            statement.Add(("Condition", Map(("StringEquals", Map(("aws:SourceAccount", Account))))));
        }
        return Policy([new Fields(statement)]);
    }

    private static IEnumerable<CodeValue> Statements(AwsDraft draft, Grant grant) =>
        (grant.Access, grant.On) switch
        {
            (Access.Read or Access.Write, Bucket bucket) =>
            [
                Allow(AwsActions.ListFiles, AwsStores.Arn(draft, bucket)),
                Allow(
                    grant.Access is Access.Read ? AwsActions.ReadFiles : AwsActions.WriteFiles,
                    Join(AwsStores.Arn(draft, bucket), "/*")
                ),
            ],
            (Access.Read, SecretSlot slot) => [Allow(AwsActions.ReadSecret, Arn(draft, slot))],
            (Access.Read, Database database) => [Allow(AwsActions.ReadSecret, AwsStores.Password(draft, database))],
            (Access.Send, Messages queue) => [Allow(AwsActions.Send, AwsStores.Arn(draft, queue))],
            (Access.Receive, Messages queue) => [Allow(AwsActions.Receive, AwsStores.Arn(draft, queue))],
            (Access.Pull, Registry registry) =>
            [
                Allow(AwsActions.Token, "*"),
                Allow(AwsActions.Pull, draft.At("aws_ecr_repository", registry, "arn")),
            ],
            (Access.Log, LogGroup log) =>
            [
                Allow(AwsActions.Log, Join(draft.At("aws_cloudwatch_log_group", log, "arn"), ":*")),
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(grant), grant, "is no grant that AWS knows"),
        };

    private static CodeValue Allow(IEnumerable<string> actions, CodeValue on) =>
        Map(("Effect", "Allow"), ("Action", Texts(actions)), ("Resource", on));

    public static void Add(AwsDraft draft, LogGroup log) =>
        draft.Add(
            Part,
            "aws_cloudwatch_log_group",
            log,
            [
                Set("name", Join("/fairlead/", AwsDraft.Name, $"/{log.Name}")),
                Set("retention_in_days", AwsSizes.LogDays(log.Days)),
            ]
        );

    public static void Add(AwsDraft draft, SecretSlot slot)
    {
        draft.Add(
            Part,
            "aws_secretsmanager_secret",
            slot,
            [
                Set("name", Join(AwsDraft.Name, $"/{slot.Secret}")),
                Set(
                    "description",
                    AwsSizes.Said($"{slot.Secret} of {draft.Graph.Site.App} in {draft.Graph.Site.Environment}")
                ),
            ],
            "Only the place: its value is put there apart from all code, and no state has it."
        );
        draft.Tell($"{draft.Label(slot)}_arn", $"Where the value of {slot.Secret} is put", Arn(draft, slot));
        draft.Note(
            $"What reads {slot.Secret} does not start before it has a value: aws secretsmanager put-secret-value --secret-id {draft.Prefix}/{slot.Secret} --secret-string file:///dev/stdin"
        );
    }
}
