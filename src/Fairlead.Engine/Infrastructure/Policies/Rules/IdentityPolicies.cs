using System.Text.Json.Nodes;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies.Rules;

/// <summary>Of who may do what. What a document says is often known only once it is there; then it is judged when it is planned again.</summary>
internal static class IdentityPolicies
{
    private static readonly string[] OfIdentities =
    [
        "aws_iam_policy",
        "aws_iam_role_policy",
        "aws_iam_user_policy",
        "aws_iam_group_policy",
    ];

    /// <summary>Documents that stand at a resource and say who may use it.</summary>
    private static readonly (string Type, string Attribute)[] OfResources =
    [
        ("aws_iam_role", "assume_role_policy"),
        ("aws_s3_bucket_policy", "policy"),
        ("aws_s3_bucket", "policy"),
        ("aws_sqs_queue", "policy"),
        ("aws_sqs_queue_policy", "policy"),
        ("aws_sns_topic", "policy"),
        ("aws_sns_topic_policy", "policy"),
        ("aws_kms_key", "policy"),
        ("aws_kms_key_policy", "policy"),
        ("aws_ecr_repository_policy", "policy"),
        ("aws_secretsmanager_secret_policy", "policy"),
        ("aws_efs_file_system_policy", "policy"),
        ("aws_opensearch_domain", "access_policies"),
        ("aws_backup_vault_policy", "policy"),
    ];

    /// <summary>Actions that AWS cannot narrow to one resource, in lower case; ending in a star for all that begin so.</summary>
    private static readonly string[] NeverNarrowed =
    [
        "autoscaling:setinstancehealth",
        "cloudwatch:getmetricdata",
        "cloudwatch:getmetricstatistics",
        "cloudwatch:putmetricdata",
        "ec2:assignprivateipaddresses",
        "ec2:createnetworkinterface",
        "ec2:deletenetworkinterface",
        "ec2:unassignprivateipaddresses",
        "ec2messages:*",
        "ecr:getauthorizationtoken",
        "s3:listallmybuckets",
        "ssm:updateinstanceinformation",
        "ssmmessages:*",
        "sts:getcalleridentity",
        "tag:getresources",
        "xray:get*",
        "xray:put*",
    ];

    public static IReadOnlyList<Policy> All { get; } =
    [
        new(
            "policy-all-actions",
            PolicySeverity.Critical,
            "Whoever gets hold of it owns the account.",
            "Name the actions that are needed, and what they are done with."
        )
        {
            Find = static plan =>
                Statements(plan)
                    .Where(static one =>
                        IamDocument.Actions(one.Statement).Any(static action => action is "*" or "*:*")
                    )
                    .Select(static one => one.Found("It may do everything.")),
        },
        new(
            "policy-all-resources",
            PolicySeverity.High,
            "A weakness in one program reaches what belongs to all others.",
            "Name the resources, such as arn:aws:s3:::NAME/*, or add a condition."
        )
        {
            Find = static plan =>
                Statements(plan)
                    .Where(static one => IamDocument.IsOnAll(one.Statement) && !IamDocument.HasCondition(one.Statement))
                    .Select(static one =>
                        (One: one, Actions: IamDocument.Actions(one.Statement).Where(IsNarrowable).ToList())
                    )
                    .Where(static one => one.Actions.Count > 0)
                    .Select(static one =>
                        one.One.Found($"It may {string.Join(", ", one.Actions.Take(3))} with everything.")
                    ),
        },
        new(
            "policy-admin",
            PolicySeverity.Critical,
            "Whoever gets hold of it owns the account.",
            "Write a policy of what is needed."
        )
        {
            Find = Administrators,
        },
        new(
            "principal-open",
            PolicySeverity.Critical,
            "Everybody with an account at AWS may, and often everybody at all.",
            "Name the account, the role or the service, or add a condition such as aws:SourceArn."
        )
        {
            Find = static plan => [.. OpenDocuments(plan), .. OpenFunctions(plan)],
        },
        new(
            "trust-any-repository",
            PolicySeverity.Critical,
            "Any repository at GitHub can take this role from its own workflow.",
            "Add a condition: token.actions.githubusercontent.com:sub is repo:OWNER/NAME:ref:refs/heads/main."
        )
        {
            Find = AnyRepository,
        },
    ];

    private static IEnumerable<Located> Statements(JudgedPlan plan)
    {
        foreach (var one in plan.Of(OfIdentities))
        {
            foreach (var statement in IamDocument.Allowing(one.Values["policy"].Text()))
            {
                yield return new(one, "policy", statement);
            }
        }
        foreach (var one in plan.Of("aws_iam_role"))
        {
            foreach (var (at, inline) in one.Values["inline_policy"].Groups())
            {
                foreach (var statement in IamDocument.Allowing(inline["policy"].Text()))
                {
                    yield return new(one, $"inline_policy.{at}.policy", statement);
                }
            }
        }
    }

    // What may do everything is found by a policy of its own.
    private static bool IsNarrowable(string action)
    {
        var name = action.ToLowerInvariant();
        var verb = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return name is not ("*" or "*:*")
            && !verb.StartsWith("describe", StringComparison.Ordinal)
            && !verb.StartsWith("list", StringComparison.Ordinal)
            && !NeverNarrowed.Any(one =>
                one.EndsWith('*') ? name.StartsWith(one[..^1], StringComparison.Ordinal) : name == one
            );
    }

    private static IEnumerable<Violation> Administrators(JudgedPlan plan)
    {
        foreach (
            var one in plan.Of(
                "aws_iam_role_policy_attachment",
                "aws_iam_user_policy_attachment",
                "aws_iam_group_policy_attachment",
                "aws_iam_policy_attachment"
            )
        )
        {
            if (
                one.Values["policy_arn"].Text()?.Split('/')[^1] is { } name
                && name is "AdministratorAccess" or "IAMFullAccess" or "PowerUserAccess"
            )
            {
                yield return Violation.Of(one, "policy_arn", $"It is given {name}.");
            }
        }
        foreach (
            var one in plan.Of(
                "google_project_iam_member",
                "google_project_iam_binding",
                "google_organization_iam_member",
                "google_folder_iam_member"
            )
        )
        {
            if (one.Values["role"].Text() is { } role && role is "roles/owner" or "roles/editor")
            {
                yield return Violation.Of(one, "role", $"It is given {role}.");
            }
        }
        foreach (var one in plan.Of("azurerm_role_assignment"))
        {
            if (one.Values["role_definition_name"].Text() is { } role && role is "Owner" or "User Access Administrator")
            {
                yield return Violation.Of(one, "role_definition_name", $"It is given {role}.");
            }
        }
    }

    private static IEnumerable<Violation> OpenDocuments(JudgedPlan plan) =>
        OfResources.SelectMany(kind =>
            plan.Of(kind.Type)
                .Where(one => IamDocument.Allowing(one.Values[kind.Attribute].Text()).Any(IamDocument.IsForAnybody))
                .Select(one => Violation.Of(one, kind.Attribute, "It lets anybody in."))
        );

    private static IEnumerable<Violation> OpenFunctions(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_lambda_permission").Where(static one => one.Values["principal"].Text() is "*"))
        {
            var isNarrowed = ((string[])["source_account", "source_arn", "principal_org_id"]).Any(name =>
                !one.IsUnset(name)
            );
            // An address of a function that is meant for everybody needs such a permission.
            if (!isNarrowed && one.Values["function_url_auth_type"].Text() is null)
            {
                yield return Violation.Of(one, "principal", "It lets anybody call the function.");
            }
        }
    }

    private static IEnumerable<Violation> AnyRepository(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_iam_role"))
        {
            foreach (var statement in IamDocument.Allowing(one.Values["assume_role_policy"].Text()))
            {
                var isGitHub = (statement["Principal"] as JsonObject)
                    ?["Federated"].Texts()
                    .Any(static who =>
                        who.EndsWith("oidc-provider/token.actions.githubusercontent.com", StringComparison.Ordinal)
                    );
                var names = IamDocument
                    .Conditions(statement)
                    .Where(static condition =>
                        condition.Key.EndsWith(":sub", StringComparison.OrdinalIgnoreCase)
                        || condition.Key.EndsWith(":repository", StringComparison.OrdinalIgnoreCase)
                        || condition.Key.EndsWith(":repository_owner", StringComparison.OrdinalIgnoreCase)
                    )
                    .SelectMany(static condition => condition.Values)
                    .ToList();
                if (
                    isGitHub is true
                    && (
                        names.Count == 0
                        || names.Exists(static name =>
                            name is "*" || name.StartsWith("repo:*", StringComparison.Ordinal)
                        )
                    )
                )
                {
                    yield return Violation.Of(one, "assume_role_policy", "It trusts every repository at GitHub.");
                }
            }
        }
    }

    /// <summary>A statement, and where it stands.</summary>
    private sealed record Located(PlannedThing Thing, string Attribute, JsonObject Statement)
    {
        public Violation Found(string what) =>
            Violation.Of(Thing, Attribute, what) with
            {
                Hints = [.. IamDocument.Actions(Statement)],
            };
    }
}
