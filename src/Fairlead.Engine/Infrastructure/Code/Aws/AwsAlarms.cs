using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Alarms of CloudWatch, and whom they tell.</summary>
internal static class AwsAlarms
{
    private const string Part = "watch";
    private const int PeriodSeconds = 60;

    public static void Add(AwsDraft draft, AlarmTopic topic)
    {
        var itself = draft.Add(Part, "aws_sns_topic", topic, [Set("name", draft.Called(topic.Name, 256))]);
        for (var number = 0; number < topic.Mails.Count; number++)
        {
            draft.Add(
                Part,
                "aws_sns_topic_subscription",
                (topic, $"mail_{number + 1}"),
                [Set("topic_arn", itself.At("arn")), Set("protocol", "email"), Set("endpoint", topic.Mails[number])]
            );
        }
        draft.Note(
            $"AWS asks {string.Join(", ", topic.Mails)} by mail whether they want alarms; until they say yes, they get none."
        );
    }

    public static void Add(AwsDraft draft, Alarm alarm)
    {
        var (metric, statistic, dimensions) = Measure(draft, alarm);
        var topic = draft.At("aws_sns_topic", alarm.Topic, "arn");
        draft.Add(
            Part,
            "aws_cloudwatch_metric_alarm",
            alarm,
            [
                Set("alarm_name", draft.Called(alarm.Name, 255)),
                Set(
                    "alarm_description",
                    AwsSizes.Said($"{alarm.Name} of {draft.Graph.Site.App} in {draft.Graph.Site.Environment}")
                ),
                Set("namespace", metric[..metric.LastIndexOf('/')]),
                Set("metric_name", metric[(metric.LastIndexOf('/') + 1)..]),
                Set("dimensions", new Fields(dimensions)),
                Set("statistic", statistic),
                Set("period", PeriodSeconds),
                Set("evaluation_periods", alarm.Minutes),
                Set("threshold", new Number((decimal)alarm.Threshold)),
                Set("comparison_operator", alarm.Kind is AlarmKind.Disk ? "LessThanThreshold" : "GreaterThanThreshold"),
                Set("treat_missing_data", "notBreaching"),
                Set("alarm_actions", List(topic)),
                Set("ok_actions", List(topic)),
            ]
        );
    }

    private static (string Metric, string Statistic, (string Name, CodeValue Value)[] Of) Measure(
        AwsDraft draft,
        Alarm alarm
    ) =>
        (alarm.Kind, alarm.On) switch
        {
            (AlarmKind.Errors, LoadBalancer balancer) => (
                "AWS/ApplicationELB/HTTPCode_Target_5XX_Count",
                "Sum",
                OfRoute(draft, balancer, alarm.Service)
            ),
            (AlarmKind.Unhealthy, LoadBalancer balancer) => (
                "AWS/ApplicationELB/UnHealthyHostCount",
                "Maximum",
                OfRoute(draft, balancer, alarm.Service)
            ),
            (AlarmKind.Cpu, ContainerService service) => (
                "AWS/ECS/CPUUtilization",
                "Average",
                [
                    ("ClusterName", draft.At("aws_ecs_cluster", service.Pool, "name")),
                    ("ServiceName", draft.At("aws_ecs_service", service, "name")),
                ]
            ),
            (AlarmKind.Cpu, Database database) => (
                "AWS/RDS/CPUUtilization",
                "Average",
                [("DBInstanceIdentifier", draft.At("aws_db_instance", database, "identifier"))]
            ),
            // Of the first of its nodes, which takes what is written.
            (AlarmKind.Cpu, Cache cache) => (
                "AWS/ElastiCache/EngineCPUUtilization",
                "Average",
                [("CacheClusterId", Join(draft.At("aws_elasticache_replication_group", cache, "id"), "-001"))]
            ),
            (AlarmKind.Disk, Database database) => (
                "AWS/RDS/FreeStorageSpace",
                "Minimum",
                [("DBInstanceIdentifier", draft.At("aws_db_instance", database, "identifier"))]
            ),
            (AlarmKind.PutAside, Messages queue) => (
                "AWS/SQS/ApproximateNumberOfMessagesVisible",
                "Maximum",
                [("QueueName", draft.At("aws_sqs_queue", queue, "name", "put_aside"))]
            ),
            (AlarmKind.Age, Messages queue) => (
                "AWS/SQS/ApproximateAgeOfOldestMessage",
                "Maximum",
                [("QueueName", draft.At("aws_sqs_queue", queue, "name"))]
            ),
            (AlarmKind.Failures, Function function) => (
                "AWS/Lambda/Errors",
                "Sum",
                [("FunctionName", draft.At("aws_lambda_function", function, "function_name"))]
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(alarm), alarm, "is about nothing that AWS measures"),
        };

    private static (string Name, CodeValue Value)[] OfRoute(AwsDraft draft, LoadBalancer balancer, string? service) =>
        [
            ("LoadBalancer", draft.At("aws_lb", balancer, "arn_suffix")),
            .. balancer
                .Routes.Where(route => route.Service == service)
                .Select(route => ("TargetGroup", AwsTraffic.Group(draft, balancer, route, "arn_suffix"))),
        ];
}
