namespace Fairlead.Engine.Infrastructure.Code.Pulumi;

/// <summary>What Pulumi calls what the provider of Terraform has. Source: the SDK <c>@pulumi/aws</c> 6, which is made of the same provider.</summary>
internal static class PulumiTypes
{
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["aws_acm_certificate"] = "acm.Certificate",
        ["aws_acm_certificate_validation"] = "acm.CertificateValidation",
        ["aws_appautoscaling_policy"] = "appautoscaling.Policy",
        ["aws_appautoscaling_target"] = "appautoscaling.Target",
        ["aws_autoscaling_group"] = "autoscaling.Group",
        ["aws_autoscaling_policy"] = "autoscaling.Policy",
        ["aws_cloudfront_distribution"] = "cloudfront.Distribution",
        ["aws_cloudfront_function"] = "cloudfront.Function",
        ["aws_cloudfront_origin_access_control"] = "cloudfront.OriginAccessControl",
        ["aws_cloudwatch_log_group"] = "cloudwatch.LogGroup",
        ["aws_cloudwatch_metric_alarm"] = "cloudwatch.MetricAlarm",
        ["aws_db_instance"] = "rds.Instance",
        ["aws_db_subnet_group"] = "rds.SubnetGroup",
        ["aws_default_security_group"] = "ec2.DefaultSecurityGroup",
        ["aws_ecr_lifecycle_policy"] = "ecr.LifecyclePolicy",
        ["aws_ecr_repository"] = "ecr.Repository",
        ["aws_ecs_cluster"] = "ecs.Cluster",
        ["aws_ecs_service"] = "ecs.Service",
        ["aws_ecs_task_definition"] = "ecs.TaskDefinition",
        ["aws_eip"] = "ec2.Eip",
        ["aws_elasticache_replication_group"] = "elasticache.ReplicationGroup",
        ["aws_elasticache_subnet_group"] = "elasticache.SubnetGroup",
        ["aws_iam_instance_profile"] = "iam.InstanceProfile",
        ["aws_iam_role"] = "iam.Role",
        ["aws_iam_role_policy"] = "iam.RolePolicy",
        ["aws_iam_role_policy_attachment"] = "iam.RolePolicyAttachment",
        ["aws_internet_gateway"] = "ec2.InternetGateway",
        ["aws_lambda_alias"] = "lambda.Alias",
        ["aws_lambda_function"] = "lambda.Function",
        ["aws_lambda_function_url"] = "lambda.FunctionUrl",
        ["aws_launch_template"] = "ec2.LaunchTemplate",
        ["aws_lb"] = "lb.LoadBalancer",
        ["aws_lb_listener"] = "lb.Listener",
        ["aws_lb_listener_rule"] = "lb.ListenerRule",
        ["aws_lb_target_group"] = "lb.TargetGroup",
        ["aws_nat_gateway"] = "ec2.NatGateway",
        ["aws_route53_record"] = "route53.Record",
        ["aws_route_table"] = "ec2.RouteTable",
        ["aws_route_table_association"] = "ec2.RouteTableAssociation",
        ["aws_s3_bucket"] = "s3.BucketV2",
        ["aws_s3_bucket_lifecycle_configuration"] = "s3.BucketLifecycleConfigurationV2",
        ["aws_s3_bucket_ownership_controls"] = "s3.BucketOwnershipControls",
        ["aws_s3_bucket_policy"] = "s3.BucketPolicy",
        ["aws_s3_bucket_public_access_block"] = "s3.BucketPublicAccessBlock",
        ["aws_s3_bucket_server_side_encryption_configuration"] = "s3.BucketServerSideEncryptionConfigurationV2",
        ["aws_s3_bucket_versioning"] = "s3.BucketVersioningV2",
        ["aws_s3_object"] = "s3.BucketObjectv2",
        ["aws_secretsmanager_secret"] = "secretsmanager.Secret",
        ["aws_security_group"] = "ec2.SecurityGroup",
        ["aws_service_discovery_http_namespace"] = "servicediscovery.HttpNamespace",
        ["aws_sns_topic"] = "sns.Topic",
        ["aws_sns_topic_subscription"] = "sns.TopicSubscription",
        ["aws_sqs_queue"] = "sqs.Queue",
        ["aws_sqs_queue_policy"] = "sqs.QueuePolicy",
        ["aws_subnet"] = "ec2.Subnet",
        ["aws_vpc"] = "ec2.Vpc",
        ["aws_vpc_endpoint"] = "ec2.VpcEndpoint",
        ["aws_vpc_security_group_egress_rule"] = "vpc.SecurityGroupEgressRule",
        ["aws_vpc_security_group_ingress_rule"] = "vpc.SecurityGroupIngressRule",
    };

    private static readonly Dictionary<string, string> Lookups = new(StringComparer.Ordinal)
    {
        ["aws_availability_zones"] = "getAvailabilityZonesOutput",
        ["aws_caller_identity"] = "getCallerIdentityOutput",
        ["aws_partition"] = "getPartitionOutput",
        ["aws_region"] = "getRegionOutput",
        ["aws_route53_zone"] = "route53.getZoneOutput",
        ["aws_ssm_parameter"] = "ssm.getParameterOutput",
    };

    // Where Pulumi's name is not Terraform's.
    private static readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal)
    {
        ["aws_cloudwatch_metric_alarm.alarm_name"] = "name",
        ["aws_autoscaling_group.vpc_zone_identifier"] = "vpcZoneIdentifiers",
        ["aws_db_instance.master_user_secret"] = "masterUserSecrets",
        ["aws_lambda_function.function_name"] = "name",
        ["aws_sns_topic_subscription.topic_arn"] = "topic",
    };

    // Where it takes a text for what is a number or a truth elsewhere.
    private static readonly HashSet<string> TakingTexts = new(StringComparer.Ordinal)
    {
        "ebs.delete_on_termination",
        "ebs.encrypted",
    };

    /// <summary>What makes a type, such as <c>aws.s3.BucketV2</c>.</summary>
    public static string Of(Piece piece) => $"aws.{(piece.IsData ? Lookups : Classes)[piece.Type]}";

    /// <summary>What an attribute is called.</summary>
    /// <param name="of">The type, or the group within it.</param>
    public static string Attribute(string of, string name) =>
        Attributes.TryGetValue($"{of}.{name}", out var other) ? other : Camel(name);

    public static bool TakesText(string of, string name) => TakingTexts.Contains($"{of}.{name}");

    /// <summary>A name as JavaScript writes it: <c>vpc_id</c> is <c>vpcId</c>.</summary>
    public static string Camel(string name)
    {
        var words = name.Split(['_', '-'], StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(
            words.Select(static (word, at) => at == 0 ? word : $"{char.ToUpperInvariant(word[0])}{word[1..]}")
        );
    }

    /// <summary>What a list of groups is called that Terraform repeats: <c>route</c> is <c>routes</c>.</summary>
    public static string Many(string name)
    {
        var one = Camel(name);
        return one switch
        {
            "clientAlias" => one,
            _ when one.EndsWith("as", StringComparison.Ordinal) => $"{one}es",
            _ when one.EndsWith('s') => one,
            _ when one.EndsWith('y') => $"{one[..^1]}ies",
            _ => $"{one}s",
        };
    }
}
