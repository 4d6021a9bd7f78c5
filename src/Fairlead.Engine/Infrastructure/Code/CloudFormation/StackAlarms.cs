using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.CloudFormation.StackDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>Alarms of CloudWatch, and whom they tell.</summary>
internal static class StackAlarms
{
    private const int PeriodSeconds = 60;

    public static void Add(StackDraft draft, AlarmTopic topic)
    {
        var id = draft.Id(topic, "Topic");
        draft.Add(
            id,
            "AWS::SNS::Topic",
            (
                "Subscription",
                List([.. topic.Mails.Select(static mail => Map(("Protocol", "email"), ("Endpoint", mail)))])
            )
        );
        draft.Note(
            $"AWS asks {string.Join(", ", topic.Mails)} by mail whether they want alarms; until they say yes, they get none."
        );
    }

    public static void Add(StackDraft draft, Alarm alarm)
    {
        var (space, metric, statistic, dimensions) = Measure(draft, alarm);
        // Five minutes of five; but a queue or a disk that is over it once is.
        draft.Add(
            draft.Id(alarm, "Alarm"),
            "AWS::CloudWatch::Alarm",
            ("AlarmDescription", AwsSizes.Said($"{alarm.Name} of {draft.Graph.Site}")),
            ("Namespace", space),
            ("MetricName", metric),
            ("Dimensions", List([.. dimensions.Select(static one => Map(("Name", one.Name), ("Value", one.Value)))])),
            ("Statistic", statistic),
            ("Period", PeriodSeconds),
            ("EvaluationPeriods", alarm.Minutes),
            ("Threshold", new Number((decimal)alarm.Threshold)),
            ("ComparisonOperator", alarm.Kind is AlarmKind.Disk ? "LessThanThreshold" : "GreaterThanThreshold"),
            ("TreatMissingData", "notBreaching"),
            ("AlarmActions", List(draft.Ref(alarm.Topic, "Topic"))),
            ("OKActions", List(draft.Ref(alarm.Topic, "Topic")))
        );
    }

    private static (string Space, string Metric, string Statistic, (string Name, CodeValue Value)[] Of) Measure(
        StackDraft draft,
        Alarm alarm
    ) =>
        (alarm.Kind, alarm.On) switch
        {
            (AlarmKind.Errors, LoadBalancer balancer) => (
                "AWS/ApplicationELB",
                "HTTPCode_Target_5XX_Count",
                "Sum",
                OfRoute(draft, balancer, alarm.Service)
            ),
            (AlarmKind.Unhealthy, LoadBalancer balancer) => (
                "AWS/ApplicationELB",
                "UnHealthyHostCount",
                "Maximum",
                OfRoute(draft, balancer, alarm.Service)
            ),
            (AlarmKind.Cpu, ContainerService service) => (
                "AWS/ECS",
                "CPUUtilization",
                "Average",
                [("ClusterName", draft.Ref(service.Pool)), ("ServiceName", draft.At(service, "Name", "Service"))]
            ),
            (AlarmKind.Cpu, Database database) => (
                "AWS/RDS",
                "CPUUtilization",
                "Average",
                [("DBInstanceIdentifier", draft.Ref(database))]
            ),
            // Of the first of its nodes, which takes what is written.
            (AlarmKind.Cpu, Cache cache) => (
                "AWS/ElastiCache",
                "EngineCPUUtilization",
                "Average",
                [("CacheClusterId", Join(draft.Ref(cache), "-001"))]
            ),
            (AlarmKind.Disk, Database database) => (
                "AWS/RDS",
                "FreeStorageSpace",
                "Minimum",
                [("DBInstanceIdentifier", draft.Ref(database))]
            ),
            (AlarmKind.PutAside, Messages queue) => (
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                "Maximum",
                [("QueueName", At(draft.Id(queue, "PutAside"), "QueueName"))]
            ),
            (AlarmKind.Age, Messages queue) => (
                "AWS/SQS",
                "ApproximateAgeOfOldestMessage",
                "Maximum",
                [("QueueName", draft.At(queue, "QueueName"))]
            ),
            (AlarmKind.Failures, Function function) => (
                "AWS/Lambda",
                "Errors",
                "Sum",
                [("FunctionName", draft.Ref(function, "Function"))]
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(alarm), alarm, "is about nothing that AWS measures"),
        };

    private static (string Name, CodeValue Value)[] OfRoute(StackDraft draft, LoadBalancer balancer, string? service) =>
        [
            ("LoadBalancer", draft.At(balancer, "LoadBalancerFullName")),
            .. balancer
                .Routes.Where(route => route.Service == service)
                .Select(route => ("TargetGroup", At(StackTraffic.Group(draft, route), "TargetGroupFullName"))),
        ];
}
