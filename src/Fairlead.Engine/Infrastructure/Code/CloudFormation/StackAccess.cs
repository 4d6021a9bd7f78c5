using System.Globalization;
using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CloudFormation.StackDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>Roles, logs and secrets.</summary>
internal static class StackAccess
{
    public static void Add(StackDraft draft, Identity identity)
    {
        var statements = identity.Grants.SelectMany(grant => Statements(draft, grant)).ToList();
        // A function writes its log itself, and stands in the network only where it must.
        var isInside =
            identity.Actor is ActorKind.Function
            && draft
                .Graph.All<Function>()
                .Any(one => one.Workload.Identity == identity && one.Workload.Subnets.Count > 0);
        draft.Add(
            draft.Id(identity),
            "AWS::IAM::Role",
            [
                ("Description", AwsSizes.Said($"{identity.Name} of {draft.Graph.Site}")),
                ("AssumeRolePolicyDocument", Trust(identity.Actor)),
                .. Some(
                    "ManagedPolicyArns",
                    isInside ? List(Managed("service-role/AWSLambdaVPCAccessExecutionRole"))
                        : identity.Actor is ActorKind.Machines ? List(Managed("AmazonSSMManagedInstanceCore"))
                        : null
                ),
                .. Some(
                    "Policies",
                    statements.Count == 0
                        ? null
                        : List(Map(("PolicyName", "work"), ("PolicyDocument", Policy(statements))))
                ),
            ]
        );
        if (identity.Actor is ActorKind.Machines)
        {
            draft.Add(draft.Id(identity, "Profile"), "AWS::IAM::InstanceProfile", ("Roles", List(draft.Ref(identity))));
        }
    }

    public static CodeValue Policy(IReadOnlyList<CodeValue> statements) =>
        Map(("Version", "2012-10-17"), ("Statement", new Items(statements)));

    private static CodeValue Managed(string name) => Join("arn:", Partition, $":iam::aws:policy/{name}");

    private static CodeValue Trust(ActorKind actor) =>
        Policy([
            Map([
                ("Effect", "Allow"),
                ("Principal", Map(("Service", AwsActions.Principal(actor)))),
                ("Action", "sts:AssumeRole"),
                // So that nobody else's tasks can have ECS take it.
                .. Some(
                    "Condition",
                    actor is ActorKind.Containers or ActorKind.Starter
                        ? Map(("StringEquals", Map(("aws:SourceAccount", Account))))
                        : null
                ),
            ]),
        ]);

    private static IEnumerable<CodeValue> Statements(StackDraft draft, Grant grant) =>
        (grant.Access, grant.On) switch
        {
            (Access.Read or Access.Write, Bucket bucket) =>
            [
                Allow(AwsActions.ListFiles, draft.At(bucket, "Arn")),
                Allow(
                    grant.Access is Access.Read ? AwsActions.ReadFiles : AwsActions.WriteFiles,
                    Join(draft.At(bucket, "Arn"), "/*")
                ),
            ],
            (Access.Read, SecretSlot slot) => [Allow(AwsActions.ReadSecret, draft.Ref(slot))],
            (Access.Read, Database database) =>
            [
                Allow(AwsActions.ReadSecret, draft.At(database, "MasterUserSecret.SecretArn")),
            ],
            (Access.Send, Messages queue) => [Allow(AwsActions.Send, draft.At(queue, "Arn"))],
            (Access.Receive, Messages queue) => [Allow(AwsActions.Receive, draft.At(queue, "Arn"))],
            (Access.Pull, Registry registry) =>
            [
                // A token is for the whole account: AWS knows no smaller one.
                Allow(AwsActions.Token, "*"),
                Allow(AwsActions.Pull, draft.At(registry, "Arn")),
            ],
            (Access.Log, LogGroup log) => [Allow(AwsActions.Log, draft.At(log, "Arn"))],
            _ => throw new ArgumentOutOfRangeException(nameof(grant), grant, "is no grant that AWS knows"),
        };

    private static CodeValue Allow(IEnumerable<string> actions, CodeValue on) =>
        Map(("Effect", "Allow"), ("Action", Names(actions)), ("Resource", on));

    public static void Add(StackDraft draft, LogGroup log) =>
        draft.Add(
            new(
                draft.Id(log),
                "AWS::Logs::LogGroup",
                new([
                    ("LogGroupName", Join("/fairlead/", StackName, $"/{log.Name}")),
                    ("RetentionInDays", AwsSizes.LogDays(log.Days)),
                ])
            )
            {
                Kept = Kept.Gone,
            }
        );

    public static void Add(StackDraft draft, SecretSlot slot)
    {
        draft.Add(
            new(
                draft.Id(slot),
                "AWS::SecretsManager::Secret",
                new([
                    ("Name", Join(StackName, $"/{slot.Secret}")),
                    ("Description", AwsSizes.Said($"{slot.Secret} of {draft.Graph.Site}")),
                ])
            )
            {
                Why = "Only the place: its value is put there apart from all code.",
                Kept = Kept.Whole,
            }
        );
        draft.Tell(draft.Id(slot, "Arn"), $"Where the value of {slot.Secret} is put", draft.Ref(slot));
        draft.Note(
            string.Create(
                CultureInfo.InvariantCulture,
                $"What reads {slot.Secret} does not start before it has a value: aws secretsmanager put-secret-value --secret-id {draft.Graph.Site.App}-{draft.Graph.Site.Environment}/{slot.Secret} --secret-string file:///dev/stdin"
            )
        );
    }
}
