using System.Globalization;
using Fairlead.Engine.Aws.Ecs;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>How a service's tasks run at ECS.</summary>
internal static class EcsChoice
{
    private const int NameLettersMax = 200;
    private const int UnitsOfProcessor = 1024;
    private const long MiB = 1 << 20;

    // What Fargate gives: units of a processor, and from which to which MiB in which steps.
    private static readonly (int Cpu, int Least, int Most, int Step)[] Sizes =
    [
        (256, 512, 2048, 512),
        (512, 1024, 4096, 1024),
        (1024, 2048, 8192, 1024),
        (2048, 4096, 16384, 1024),
        (4096, 8192, 30720, 1024),
        (8192, 16384, 61440, 4096),
        (16384, 32768, 122880, 8192),
    ];

    /// <param name="of">Where, and how it would run elsewhere.</param>
    public static AwsTasks Of(Draft draft, EcsEntry entry, (Place Place, Service Service) of, Findings findings)
    {
        var words = new AwsWords(of.Place);
        var cpu = (int)((entry.Cpu ?? 0.25) * UnitsOfProcessor);
        var size = Array.Find(Sizes, one => one.Cpu == cpu);
        var tasks = new AwsTasks
        {
            Name = words.In(entry.Name ?? $"{words.App}-{words.Environment}-{draft.Name}"),
            Cluster = words.In(entry.Cluster),
            Cpu = cpu,
            Memory = (int)Math.Min((entry.Memory?.Bytes ?? size.Least * MiB) / MiB, int.MaxValue),
            Registry = draft.Image is null && entry.Registry is { } registry ? words.In(registry) : null,
            Architecture = entry.Architecture is AwsProcessor.Arm ? "arm64" : "x86_64",
            Subnets = [.. entry.Subnets.Select(words.In)],
            SecurityGroups = [.. entry.SecurityGroups.Select(words.In)],
            IsPublic = entry.PublicIp ?? false,
            ExecutionRole = words.In(entry.ExecutionRole),
            TaskRole = entry.TaskRole is { } role ? words.In(role) : null,
            Listener = entry.Listener is { } listener ? words.In(listener) : null,
            LoadBalancer = entry.LoadBalancer is { } balancer ? words.In(balancer) : null,
            Count = of.Service.Replicas,
            Hosts = of.Place.Hosts,
            Routes = draft.Routes,
        };
        var check = new AwsChecking(
            draft,
            findings,
            ("ecs", "aws-ecs", $"The tasks of '{draft.Name}' cannot be made.")
        );
        CheckSize(tasks, (size, entry.Memory?.Bytes ?? 0), check);
        CheckPlace(tasks, check);
        CheckService(draft, of.Service, check);
        return tasks;
    }

    private static void CheckSize(
        AwsTasks tasks,
        ((int Cpu, int Least, int Most, int Step) Of, long Bytes) size,
        AwsChecking check
    )
    {
        check.Refuse(
            size.Of.Cpu == 0,
            "cpu",
            "Fargate gives 0.25, 0.5, 1, 2, 4, 8 or 16 processors.",
            "Write for example: cpu: 0.5"
        );
        check.Refuse(
            size.Of.Cpu != 0
                && (
                    size.Bytes % MiB != 0
                    || tasks.Memory < size.Of.Least
                    || tasks.Memory > size.Of.Most
                    || tasks.Memory % size.Of.Step != 0
                ),
            "memory",
            $"With so much cpu, Fargate gives {size.Of.Least} to {size.Of.Most} MiB in steps of {size.Of.Step}, and this is {(size.Bytes / (double)MiB).ToString("0.#", CultureInfo.InvariantCulture)} MiB.",
            $"Write for example: memory: {size.Of.Least}MiB"
        );
    }

    private static void CheckPlace(AwsTasks tasks, AwsChecking check)
    {
        check.Refuse(
            tasks.Name.Length is 0 or > NameLettersMax
                || !char.IsAsciiLetterOrDigit(tasks.Name[0])
                || !char.IsAsciiLetterOrDigit(tasks.Name[^1])
                || !tasks.Name.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-'),
            "name",
            $"'{Shown.Line(tasks.Name)}' is not of 1 to {NameLettersMax} letters and digits with '-' between them.",
            "Write for example: name: shop-api"
        );
        check.Refuse(
            tasks.Listener is null == tasks.LoadBalancer is null,
            "listener",
            "Exactly one of listener and loadBalancer says what leads requests to it.",
            "Write for example: loadBalancer: shop"
        );
        check.Refuse(
            tasks.Subnets.Count == 0 || tasks.SecurityGroups.Count == 0,
            "subnets",
            "A task on Fargate has an address in a subnet, and a security group that says who reaches it.",
            "Write for example: subnets: [subnet-0a1b2c3d], securityGroups: [sg-0a1b2c3d]"
        );
        var (hosts, paths) = BalancerCalls.ValuesOf(tasks);
        check.Refuse(
            hosts.Count + paths.Count > BalancerCalls.ValuesMax,
            "listener",
            $"A rule of a load balancer has {BalancerCalls.ValuesMax} hosts and paths at most, and this one would have {hosts.Count} and {paths.Count}: each route but / is two.",
            "Give it fewer routes, or the environment fewer hosts: a host with * is one for many."
        );
    }

    private static void CheckService(Draft draft, Service service, AwsChecking check)
    {
        var registry = draft.Entry.Aws?.Ecs?.Registry;
        check.Refuse(
            draft.Image is null && registry is null,
            "",
            "ECS runs an image, and nothing says where one is that it can fetch.",
            "Say where it is sent to, for example: registry: ACCOUNT.dkr.ecr.REGION.amazonaws.com, or a ready one: container: { image: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG }"
        );
        check.Refuse(
            draft.Image is not null && draft.Entry.Container?.Base is not null,
            "",
            $"The ready image {draft.Image} has a base already.",
            "Remove 'base' from 'container'."
        );
        check.Refuse(
            draft.Image is not null && registry is not null,
            "registry",
            $"It is the ready image {draft.Image}, so nothing is made or sent.",
            "Remove 'registry', or 'image' of 'container'."
        );
        check.Refuse(
            service.Scale is not null || service.Idle is not null,
            "",
            "How many tasks run does not follow what Fairlead sees, as requests do not come by there.",
            "Write a number, for example: replicas: 2; Application Auto Scaling of AWS may change it."
        );
        check.Refuse(
            draft.Entry.Container is { Volumes.Count: > 0 } or { Capabilities.Count: > 0 },
            "",
            "Fargate gives no volumes of this machine and no capabilities.",
            "Remove 'volumes' and 'capabilities' from 'container'; data belongs into S3, EFS or a database."
        );
        check.Refuse(
            draft.Entry.StopGrace > EcsContainers.StopGraceMax,
            "",
            $"Fargate waits {EcsContainers.StopGraceMax.TotalMinutes:0} minutes at most for a program to end.",
            "Write for example: stopGrace: 2m"
        );
        check.Refuse(
            draft.Entry.Drain > BalancerCalls.DrainMax,
            "",
            "A load balancer waits one hour at most for requests under way.",
            "Write for example: drain: 1h"
        );
    }
}
