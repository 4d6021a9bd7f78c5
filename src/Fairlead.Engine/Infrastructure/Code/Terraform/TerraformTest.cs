using System.Globalization;
using System.Text;
using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Terraform;

/// <summary>A test that a team runs without a cloud: <c>terraform test</c> with a provider that only plays.</summary>
internal static class TerraformTest
{
    private const string Account = "123456789012";
    private const string Image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app@sha256:0";

    // The provider looks at the form of these even where it only plays.
    private static readonly SortedDictionary<string, string> Arns = new(StringComparer.Ordinal)
    {
        ["aws_acm_certificate"] = "acm:{region}:{account}:certificate/11111111-1111-1111-1111-111111111111",
        ["aws_cloudfront_distribution"] = "cloudfront::{account}:distribution/E1",
        ["aws_cloudfront_function"] = "cloudfront::{account}:function/f",
        ["aws_cloudwatch_log_group"] = "logs:{region}:{account}:log-group:l",
        ["aws_db_instance"] = "rds:{region}:{account}:db:d",
        ["aws_ecr_repository"] = "ecr:{region}:{account}:repository/r",
        ["aws_ecs_cluster"] = "ecs:{region}:{account}:cluster/c",
        ["aws_ecs_task_definition"] = "ecs:{region}:{account}:task-definition/t:1",
        ["aws_iam_instance_profile"] = "iam::{account}:instance-profile/p",
        ["aws_iam_role"] = "iam::{account}:role/r",
        ["aws_lambda_function"] = "lambda:{region}:{account}:function:f",
        ["aws_lb"] = "elasticloadbalancing:{region}:{account}:loadbalancer/app/l/1234567890123456",
        ["aws_lb_listener"] =
            "elasticloadbalancing:{region}:{account}:listener/app/l/1234567890123456/1234567890123456",
        ["aws_lb_target_group"] = "elasticloadbalancing:{region}:{account}:targetgroup/t/1234567890123456",
        ["aws_s3_bucket"] = "s3:::b",
        ["aws_secretsmanager_secret"] = "secretsmanager:{region}:{account}:secret:s",
        ["aws_service_discovery_http_namespace"] = "servicediscovery:{region}:{account}:namespace/ns-1",
        ["aws_sns_topic"] = "sns:{region}:{account}:t",
        ["aws_sqs_queue"] = "sqs:{region}:{account}:q",
    };

    public static string Text(AwsDraft draft)
    {
        var text = new StringBuilder();
        Hcl.Comment(text, "Needs no cloud and no keys: terraform init -backend=false && terraform test");
        text.Append(Hcl.Text("mock_provider \"aws\"", Mocks(draft)));
        if (AwsNames.NeedsCdnProvider(draft.Graph))
        {
            text.Append('\n')
                .Append(Hcl.Text("mock_provider \"aws\"", [Set("alias", AwsNames.CdnProvider), .. Mocks(draft)]));
        }
        var images = draft
            .Inputs.Where(static one => one.Name.EndsWith("_image", StringComparison.Ordinal))
            .Select(static one => Set(one.Name, Image))
            .ToList();
        text.Append('\n').Append(Hcl.Text("run \"as_written\"", [Set("command", Word("apply")), .. AsWritten(draft)]));
        if (images.Count > 0)
        {
            text.Append('\n')
                .Append(
                    Hcl.Text(
                        "run \"with_images\"",
                        [Set("command", Word("plan")), Group("variables", images), .. WithImages(draft)]
                    )
                );
        }
        return text.ToString();
    }

    private static List<PieceLine> Mocks(AwsDraft draft)
    {
        var types = draft.Pieces.Select(static one => one.Type).Distinct().Order(StringComparer.Ordinal).ToList();
        List<PieceLine> lines = [];
        foreach (var type in types)
        {
            if (Data(type) is { } known)
            {
                lines.Add(Each($"mock_data {Hcl.Quoted(type)}", Set("defaults", Map(known))));
            }
            else if (Defaults(draft, type) is { Count: > 0 } defaults)
            {
                lines.Add(Each($"mock_resource {Hcl.Quoted(type)}", Set("defaults", Map(defaults))));
            }
        }
        return lines;
    }

    private static (string, CodeValue)? Data(string type) =>
        type switch
        {
            "aws_availability_zones" => ("names", Texts(["zone-a", "zone-b", "zone-c", "zone-d", "zone-e", "zone-f"])),
            "aws_caller_identity" => ("account_id", Account),
            "aws_partition" => ("partition", "aws"),
            "aws_route53_zone" => ("zone_id", "Z0123456789ABC"),
            "aws_ssm_parameter" => ("insecure_value", "ami-0123456789abcdef0"),
            _ => null,
        };

    private static List<(string, CodeValue)> Defaults(AwsDraft draft, string type)
    {
        List<(string, CodeValue)> all = [];
        if (Arns.TryGetValue(type, out var arn))
        {
            all.Add(("arn", Arn(draft, arn)));
        }
        switch (type)
        {
            case "aws_launch_template":
                all.Add(("id", "lt-0123456789abcdef0"));
                break;
            case "aws_db_instance":
                all.Add(
                    (
                        "master_user_secret",
                        List(Map(("secret_arn", Arn(draft, "secretsmanager:{region}:{account}:secret:rds"))))
                    )
                );
                break;
            case "aws_acm_certificate":
                all.Add(("domain_validation_options", new Items([.. Proofs(draft)])));
                break;
            case "aws_acm_certificate_validation":
                all.Add(("certificate_arn", Arn(draft, Arns["aws_acm_certificate"])));
                break;
        }
        return all;
    }

    private static CodeValue Arn(AwsDraft draft, string rest) =>
        "arn:aws:"
        + rest.Replace("{region}", draft.Graph.Place.Region, StringComparison.Ordinal)
            .Replace("{account}", Account, StringComparison.Ordinal);

    private static IEnumerable<CodeValue> Proofs(AwsDraft draft) =>
        draft
            .Graph.All<Certificate>()
            .SelectMany(static one => one.Hosts)
            .Distinct()
            .Select(static host =>
                Map(
                    ("domain_name", host),
                    ("resource_record_name", $"_x.{host}"),
                    ("resource_record_type", "CNAME"),
                    ("resource_record_value", "_y.acm-validations.aws")
                )
            );

    private static IEnumerable<PieceLine> AsWritten(AwsDraft draft)
    {
        foreach (var one in draft.Graph.All<Database>())
        {
            var at = $"aws_db_instance.{draft.Label(one)}";
            yield return Sure(
                $"{at}.storage_encrypted && !{at}.publicly_accessible && {at}.manage_master_user_password",
                $"{one.Name} is encrypted, private, and its password is AWS's own."
            );
            yield return Sure(
                string.Create(CultureInfo.InvariantCulture, $"{at}.backup_retention_period == {one.BackupDays}"),
                string.Create(CultureInfo.InvariantCulture, $"Backups of {one.Name} are kept {one.BackupDays} days.")
            );
        }
        foreach (var one in draft.Graph.All<Bucket>())
        {
            yield return Sure(
                $"aws_s3_bucket_public_access_block.{draft.Label(one, "shut")}.restrict_public_buckets",
                $"{one.Name} is closed to the public."
            );
        }
        foreach (var one in draft.Graph.All<LoadBalancer>().Where(static one => one.Certificate is not null))
        {
            yield return Sure(
                $"aws_lb_listener.{draft.Label(one, "http")}.default_action[0].type == \"redirect\"",
                $"Whoever comes to {one.Name} without TLS is sent to where there is."
            );
        }
        foreach (var one in draft.Graph.All<ContainerService>().Where(static one => one.Image is null))
        {
            yield return Sure(
                $"aws_ecs_service.{draft.Label(one)}.desired_count == 0",
                $"{one.Name} has no copies before it has an image."
            );
        }
        foreach (var one in draft.Graph.All<Cdn>())
        {
            yield return Sure(
                $"aws_cloudfront_distribution.{draft.Label(one)}.default_cache_behavior[0].viewer_protocol_policy == \"redirect-to-https\"",
                $"{one.Name} answers by TLS."
            );
        }
    }

    private static IEnumerable<PieceLine> WithImages(AwsDraft draft) =>
        draft
            .Graph.All<ContainerService>()
            .Where(static one => one.Image is null)
            .Select(one =>
                Sure(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        // What whoever deploys says is left as it is, so the number is that of the beginning.
                        $"jsondecode(aws_ecs_task_definition.{draft.Label(one, "task")}.container_definitions)[0].image == var.{draft.Label(one)}_image"
                    ),
                    $"{one.Name} runs the image that was named."
                )
            );

    private static PieceLine Sure(string condition, string sentence) =>
        Each("assert", Set("condition", Word(condition)), Set("error_message", sentence));
}
