using System.Globalization;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Alarms of Azure Monitor, and whom they tell.</summary>
internal static class AzureAlarms
{
    private const string Part = AzureParts.Watching;
    private const int Warning = 2;

    public static void Add(AzureDraft draft, AlarmTopic topic)
    {
        draft.Add(
            Part,
            AzureTypes.AlarmTopic,
            topic,
            ("name", draft.Called(topic.Name, 260)),
            ("location", "global"),
            ("tags", Tags),
            (
                "properties",
                Map(
                    ("enabled", true),
                    ("groupShortName", Short(draft.Graph.Site.App, 12)),
                    (
                        "emailReceivers",
                        List([
                            .. topic.Mails.Select(
                                static (mail, at) =>
                                    Map(
                                        ("name", string.Create(CultureInfo.InvariantCulture, $"mail-{at + 1}")),
                                        ("emailAddress", mail),
                                        ("useCommonAlertSchema", true)
                                    )
                            ),
                        ])
                    )
                )
            )
        );
    }

    public static void Add(AzureDraft draft, Alarm alarm)
    {
        if (alarm.Kind is AlarmKind.Age)
        {
            draft.Note(
                $"Service Bus does not measure how long the oldest message waits, so that there is no alarm {alarm.Name}: {alarm.On.Name} tells of messages that were put aside, and of those alone."
            );
            return;
        }
        if (Measure(draft, alarm) is not { } measure)
        {
            draft.Note($"Azure measures nothing that the alarm {alarm.Name} could be about.");
            return;
        }
        draft.Add(
            draft.New(
                Part,
                AzureTypes.Alarm,
                alarm,
                ("name", draft.Called(alarm.Name, 260)),
                ("location", "global"),
                ("tags", Tags),
                (
                    "properties",
                    Map(
                        ("description", $"{alarm.Name} of {draft.Graph.Site.App} in {draft.Graph.Site.Environment}"),
                        ("severity", Warning),
                        ("enabled", true),
                        ("autoMitigate", true),
                        ("evaluationFrequency", "PT1M"),
                        ("windowSize", string.Create(CultureInfo.InvariantCulture, $"PT{Window(alarm.Minutes)}M")),
                        ("scopes", List(measure.Of)),
                        ("criteria", Criteria(measure)),
                        ("actions", List(Map(("actionGroupId", draft.At(alarm.Topic, "id")))))
                    )
                )
            ) with
            {
                If = measure.If,
            }
        );
    }

    // Azure looks at windows of these sizes alone.
    private static int Window(int minutes) =>
        minutes <= 1 ? 1
        : minutes <= 5 ? 5
        : minutes <= 15 ? 15
        : 30;

    private static CodeValue Criteria(Measured one) =>
        Map(
            ("odata.type", "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"),
            (
                "allOf",
                List(
                    Map([
                        ("name", "only"),
                        ("criterionType", "StaticThresholdCriterion"),
                        ("metricNamespace", one.Space),
                        ("metricName", one.Metric),
                        .. Some("dimensions", one.Where is { } only ? List(Dimension(only)) : null),
                        ("operator", one.IsBelow ? "LessThan" : "GreaterThan"),
                        ("threshold", new Number((decimal)one.Threshold)),
                        ("timeAggregation", one.By),
                    ])
                )
            )
        );

    private static CodeValue Dimension((string Name, CodeValue Value) only) =>
        Map(("name", only.Name), ("operator", "Include"), ("values", List(only.Value)));

    private static Measured? Measure(AzureDraft draft, Alarm alarm) =>
        (alarm.Kind, alarm.On) switch
        {
            (AlarmKind.Errors, LoadBalancer) => Errors(draft, alarm),
            (AlarmKind.Unhealthy, LoadBalancer) => new(
                draft.At(AzureTraffic.Name, "id"),
                "Microsoft.Cdn/profiles",
                "OriginHealthPercentage",
                "Average",
                100
            )
            {
                IsBelow = true,
                Where = ("OriginGroup", Short(alarm.Service ?? "", 90)),
            },
            (AlarmKind.Cpu, ContainerService service) => OfApp(draft, service, "CpuPercentage", alarm.Threshold),
            (AlarmKind.Cpu, Database database) => OfDatabase(draft, database, "cpu_percent", alarm.Threshold),
            (AlarmKind.Disk, Database database) => OfDatabase(
                draft,
                database,
                "storage_percent",
                Math.Round(100 - (alarm.Threshold * 100 / database.Storage))
            ),
            (AlarmKind.Cpu, Cache cache) => new(
                draft.At(cache, "id"),
                "Microsoft.Cache/redisEnterprise",
                "percentProcessorTime",
                "Maximum",
                alarm.Threshold
            ),
            (AlarmKind.PutAside, Messages queue) => new(
                draft.At(AzureQueues.Name, "id"),
                "Microsoft.ServiceBus/namespaces",
                "DeadletteredMessages",
                "Maximum",
                alarm.Threshold
            )
            {
                Where = ("EntityName", AzureQueues.Called(queue)),
            },
            (AlarmKind.Failures, Function function) => new(
                draft.At(AzureLogs.Insights, "id"),
                "Microsoft.Insights/components",
                "requests/failed",
                "Count",
                alarm.Threshold * alarm.Minutes
            )
            {
                Where = ("cloud/roleName", draft.At(function, "name")),
            },
            _ => null,
        };

    // So many in a minute, for so many minutes, are so many times as many in all of them.
    private static Measured Errors(AzureDraft draft, Alarm alarm)
    {
        var all = alarm.Threshold * alarm.Minutes;
        if (draft.Graph.All<ContainerService>().FirstOrDefault(one => one.Name == alarm.Service) is { } service)
        {
            return OfApp(draft, service, "Requests", all) with { By = "Total", Where = ("statusCodeCategory", "5xx") };
        }
        draft.Note(
            $"Azure counts errors of machines at Front Door, for all services together: {alarm.Name} tells of {alarm.Service} and of others."
        );
        return new(draft.At(AzureTraffic.Name, "id"), "Microsoft.Cdn/profiles", "RequestCount", "Total", all)
        {
            Where = ("HttpStatusGroup", "5XX"),
        };
    }

    // An app is not there before its image is named; its id is known all the same.
    private static Measured OfApp(AzureDraft draft, ContainerService service, string metric, double threshold)
    {
        draft.After(Part, AzureParts.Compute);
        return new(
            new Call("resourceId", ["Microsoft.App/containerApps", AzureContainers.Called(service.Name)]),
            "Microsoft.App/containerApps",
            metric,
            "Average",
            threshold
        )
        {
            If = service.Image is null ? AzureContainers.ImageOf(draft, service) : null,
        };
    }

    private static Measured OfDatabase(AzureDraft draft, Database database, string metric, double threshold) =>
        new(
            draft.At(database, "id"),
            database.Engine is DatabaseEngine.Postgres
                ? "Microsoft.DBforPostgreSQL/flexibleServers"
                : "Microsoft.DBforMySQL/flexibleServers",
            metric,
            "Average",
            threshold
        );

    /// <param name="Of">The id of what is measured.</param>
    /// <param name="By">How values of a window become one.</param>
    private sealed record Measured(CodeValue Of, string Space, string Metric, string By, double Threshold)
    {
        public bool IsBelow { get; init; }

        /// <summary>The only value of a dimension that counts; null for all.</summary>
        public (string Name, CodeValue Value)? Where { get; init; }

        /// <summary>A parameter without which there is nothing to measure; null for none.</summary>
        public string? If { get; init; }
    }
}
