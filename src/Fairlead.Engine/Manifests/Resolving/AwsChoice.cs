using Fairlead.Engine.Aws;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Whether a service runs at AWS, and as what.</summary>
internal static class AwsChoice
{
    private const int NameLettersMax = 64;
    private const int MemoryMin = 128;
    private const int MemoryMax = 10_240;
    private const long MiB = 1 << 20;
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromMinutes(15);

    // What is at AWS takes longer to be there than a process.
    private static readonly TimeSpan StartGrace = TimeSpan.FromMinutes(5);

    /// <summary>What only the edge or the node does, and AWS does not.</summary>
    private static readonly string[] Unused =
    [
        "gateway",
        "traffic",
        "replicas",
        "secrets",
        "limits",
        "metrics",
        "network",
    ];

    /// <summary>Null where it runs elsewhere.</summary>
    /// <param name="service">As it would run elsewhere.</param>
    public static AwsPlace? Of(Draft draft, Place place, Service service, Findings findings)
    {
        if (!draft.IsAtAws || draft.Entry.Aws is not { } entry)
        {
            return null;
        }
        var node = draft.Node.At("aws");
        var said = new object?[] { entry.Lambda, entry.Ecs, entry.Site }.Count(static one => one is not null);
        if (said != 1)
        {
            findings.Add(
                node,
                "aws-kind",
                (
                    $"The service '{draft.Name}' is {said} things at AWS.",
                    "Exactly one of lambda, ecs and site says what it is there.",
                    "Keep one of them, for example: aws: { lambda: { runtime: nodejs22.x, handler: index.handler, role: ARN } }"
                )
            );
            return null;
        }
        Check(draft, entry, findings);
        var words = new AwsWords(place);
        return new()
        {
            Region = entry.Region,
            Function = entry.Lambda is { } lambda ? Function(draft, lambda, words, findings) : null,
            Tasks = entry.Ecs is { } ecs ? EcsChoice.Of(draft, ecs, (place, service), findings) : null,
            Bucket = entry.Site is { } site
                ? new()
                {
                    Name = words.In(site.Bucket),
                    Folder = words.In(site.Folder ?? $"{words.App}/{place.Name}/{draft.Name}").Trim('/'),
                    Distribution = site.Distribution is { } id ? words.In(id) : null,
                    Hosts = place.Hosts,
                }
                : null,
        };
    }

    /// <summary>What is different for a service because it runs at AWS: one part is one thing there.</summary>
    public static Service Placed(Service service, Draft draft) =>
        service.Aws is null
            ? service
            : service with
            {
                Replicas = 1,
                Scale = null,
                Idle = null,
                Health = service.Health with { StartGrace = draft.Entry.Health?.StartGrace ?? StartGrace },
            };

    private static void Check(Draft draft, AwsEntry entry, Findings findings)
    {
        var isEcs = entry.Ecs is not null;
        foreach (var key in Unused.Where(key => draft.Says(key) && !(isEcs && key is "replicas")))
        {
            findings.Add(
                draft.Node.At(key),
                "aws-unused",
                (
                    $"AWS does nothing of what '{key}' of '{draft.Name}' says.",
                    key is "secrets" ? "A program's secrets are read from Secrets Manager by itself, with its role."
                    : key is "limits" && isEcs ? "A task has as much as Fargate was asked for."
                    : key is "replicas" ? "How many there are at a time is AWS's own matter: it follows the load."
                    : "It is Fairlead's edge or node that does, and requests to a service at AWS do not come by there.",
                    key is "limits" && isEcs
                        ? "Say it there, for example: aws: { ecs: { cpu: 0.5, memory: 1GiB } }"
                        : $"Remove '{key}', and say it at AWS."
                )
            );
        }
        var isSite = entry.Site is not null;
        if (isSite && !draft.IsStatic)
        {
            findings.Add(
                draft.Node.At("aws"),
                "aws-files",
                (
                    $"The service '{draft.Name}' is a program.",
                    "A site in a bucket has no process, only files.",
                    "Remove 'run' and say the folder with its files, for example: output: dist"
                )
            );
        }
        if (draft.Routes.Count == 0)
        {
            findings.Add(
                draft.Node,
                "aws-worker",
                (
                    $"The service '{draft.Name}' takes no requests, so nothing would lead to a new version of it at AWS.",
                    "There it is an alias or a distribution that does.",
                    "Write: kind: api. A function that queues and schedules call is one too: they name its alias."
                )
            );
        }
        CheckStrategy(draft, isSite, findings);
    }

    // What AWS cannot do: hold requests, show a part under another host, or divide visitors of a distribution.
    private static void CheckStrategy(Draft draft, bool isSite, Findings findings)
    {
        var settings = draft.Entry.Deploy?.Settings;
        var why =
            settings is { IsExclusive: true }
                ? "Nothing at AWS holds requests while one version is stopped and the next one started"
            : settings is BlueGreen { Preview: var preview } && preview > TimeSpan.Zero
                ? "Nothing at AWS shows a version under a host name of its own"
            : settings?.Gates?.OfType<Gate.Check>().Any(static one => one.NeedsAddress) == true
                ? "A check asks paths below an address, and a version at AWS has no such address before it is live"
            : isSite && settings is not (null or BlueGreen)
                ? "A distribution shows one release to everybody: it has no shares"
            : null;
        if (why is not null)
        {
            findings.Add(
                draft.Node.At("deploy"),
                "aws-strategy",
                (
                    $"The service '{draft.Name}' cannot be deployed like that at AWS.",
                    $"{why}.",
                    isSite ? "Write: deploy: blue-green" : "Write: deploy: canary, or: deploy: blue-green"
                )
            );
        }
    }

    private static AwsFunction Function(Draft draft, LambdaEntry entry, AwsWords words, Findings findings)
    {
        var function = new AwsFunction
        {
            Name = entry.Name is { } own
                ? words.In(own)
                : AwsMarks.Name($"{words.App}-{words.Environment}-{draft.Name}", NameLettersMax),
            Role = words.In(entry.Role),
            Runtime = entry.Runtime,
            Handler = entry.Handler,
            Memory = (int)Math.Min((entry.Memory?.Bytes ?? MemoryMin * MiB) / MiB, int.MaxValue),
            Timeout = entry.Timeout ?? TimeSpan.FromSeconds(30),
            Architecture = entry.Architecture is AwsProcessor.Arm ? "arm64" : "x86_64",
            Warm = entry.Warm,
            Alias = entry.Alias ?? "live",
        };
        Check(
            function,
            draft.Image is not null,
            new(draft, findings, ("lambda", "aws-lambda", $"The function of '{draft.Name}' cannot be made."))
        );
        return function;
    }

    private static void Check(AwsFunction function, bool isImage, AwsChecking check)
    {
        var (memory, timeout, name) = (function.Memory, function.Timeout, function.Name);
        check.Refuse(
            !isImage && (function.Runtime is null || function.Handler is null),
            "runtime",
            "It is no image, so Lambda has to know its runtime and its handler.",
            "Add for example: runtime: nodejs22.x, handler: index.handler"
        );
        check.Refuse(
            isImage && (function.Runtime ?? function.Handler) is not null,
            "runtime",
            "It is an image, which says by itself what is started.",
            "Remove 'runtime' and 'handler', or 'container'."
        );
        check.Refuse(
            memory is < MemoryMin or > MemoryMax,
            "memory",
            $"It would have {memory} MiB, and Lambda gives {MemoryMin} to {MemoryMax}.",
            "Write for example: memory: 256MiB"
        );
        check.Refuse(
            timeout < TimeSpan.FromSeconds(1) || timeout > TimeoutMax || timeout.Ticks % TimeSpan.TicksPerSecond != 0,
            "timeout",
            $"{timeout} is not from 1 s to 15 min in whole seconds.",
            "Write for example: timeout: 30s"
        );
        check.Refuse(
            name.Length is 0 or > NameLettersMax
                || !name.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_'),
            "name",
            $"'{Shown.Line(name)}' is not of 1 to {NameLettersMax} letters, digits, '-' and '_'.",
            "Write for example: name: shop-api"
        );
    }
}
