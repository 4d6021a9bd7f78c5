namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>Types that cost nothing by themselves. Whatever is not named here and has no price is unknown.</summary>
internal static class FreeTypes
{
    private static readonly HashSet<string> Names =
    [
        "aws_acm_certificate",
        "aws_acm_certificate_validation",
        "aws_cloudfront_origin_access_control",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
        "aws_cloudwatch_log_metric_filter",
        "aws_cloudwatch_log_resource_policy",
        "aws_db_parameter_group",
        "aws_db_subnet_group",
        "aws_default_security_group",
        "aws_ecr_lifecycle_policy",
        "aws_ecr_repository_policy",
        "aws_ecs_cluster",
        "aws_ecs_cluster_capacity_providers",
        "aws_ecs_task_definition",
        "aws_efs_mount_target",
        "aws_eip_association",
        "aws_elasticache_parameter_group",
        "aws_elasticache_subnet_group",
        "aws_internet_gateway",
        "aws_key_pair",
        "aws_kms_alias",
        "aws_kms_key_policy",
        "aws_lambda_alias",
        "aws_lambda_event_source_mapping",
        "aws_lambda_function_url",
        "aws_lambda_permission",
        "aws_launch_configuration",
        "aws_launch_template",
        "aws_lb_listener",
        "aws_lb_listener_certificate",
        "aws_lb_listener_rule",
        "aws_lb_target_group",
        "aws_lb_target_group_attachment",
        "aws_network_acl",
        "aws_placement_group",
        "aws_route",
        "aws_route53_record",
        "aws_route_table",
        "aws_route_table_association",
        "aws_secretsmanager_secret_policy",
        "aws_secretsmanager_secret_version",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_service_discovery_private_dns_namespace",
        "aws_sns_topic_policy",
        "aws_sns_topic_subscription",
        "aws_sqs_queue_policy",
        "aws_sqs_queue_redrive_allow_policy",
        "aws_sqs_queue_redrive_policy",
        "aws_subnet",
        "aws_volume_attachment",
        "aws_vpc",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
        "aws_wafv2_web_acl_association",
        "null_resource",
        "random_id",
        "random_password",
        "random_string",
        "terraform_data",
        "time_sleep",
    ];

    private static readonly string[] Beginnings =
    [
        "aws_appautoscaling_",
        "aws_autoscaling_policy",
        "aws_iam_",
        "aws_s3_bucket_",
    ];

    public static bool Contains(string type) =>
        Names.Contains(type) || Beginnings.Any(one => type.StartsWith(one, StringComparison.Ordinal));
}
