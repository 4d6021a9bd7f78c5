using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure;

/// <summary>The alarms that somebody on call would want, and no more; none where nobody is told.</summary>
internal static class AlarmMaker
{
    private const int ErrorsMax = 10;
    private const int CpuPercentMax = 85;
    private const int AgeSecondsMax = 900;
    private const int Minutes = 5;
    private const int CpuMinutes = 15;
    private const double DiskPartMin = 0.15;

    public static IReadOnlyList<Alarm> Of(
        GraphDraft draft,
        PlacedServices placed,
        DataPlan data,
        LoadBalancer? balancer = null
    )
    {
        if (draft.Needs.Alerts is not { Count: > 0 } mails)
        {
            return [];
        }
        var topic = new AlarmTopic("alarms", mails);
        return
        [
            .. (balancer?.Routes ?? []).SelectMany(route => OfRoute(balancer!, route, topic)),
            .. placed.Resources.OfType<ContainerService>().Select(one => Cpu(one, topic)),
            .. placed
                .Resources.OfType<Function>()
                .Select(one => new Alarm($"{one.Name}-failures", AlarmKind.Failures, one, ErrorsMax, Minutes, topic)),
            .. data.Databases.SelectMany(one =>
                new[]
                {
                    Cpu(one, topic),
                    new Alarm(
                        $"{one.Name}-disk",
                        AlarmKind.Disk,
                        one,
                        Math.Floor(one.Storage * DiskPartMin),
                        Minutes,
                        topic
                    ),
                }
            ),
            .. data.Caches.Select(one => Cpu(one, topic)),
            .. data.Queues.SelectMany(one =>
                new[]
                {
                    new Alarm($"{one.Name}-put-aside", AlarmKind.PutAside, one, 0, Minutes, topic),
                    new Alarm($"{one.Name}-age", AlarmKind.Age, one, AgeSecondsMax, Minutes, topic),
                }
            ),
        ];
    }

    private static IEnumerable<Alarm> OfRoute(LoadBalancer balancer, LoadBalancerRoute route, AlarmTopic topic) =>
        [
            new($"{route.Service}-errors", AlarmKind.Errors, balancer, ErrorsMax, Minutes, topic)
            {
                Service = route.Service,
            },
            new($"{route.Service}-unhealthy", AlarmKind.Unhealthy, balancer, 0, Minutes, topic)
            {
                Service = route.Service,
            },
        ];

    private static Alarm Cpu(Resource on, AlarmTopic topic) =>
        new($"{on.Name}-cpu", AlarmKind.Cpu, on, CpuPercentMax, CpuMinutes, topic);
}
