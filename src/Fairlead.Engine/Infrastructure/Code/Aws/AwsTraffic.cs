using System.Globalization;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Aws.AwsDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>Load balancers.</summary>
internal static class AwsTraffic
{
    /// <summary>A rule of AWS takes five values, and a prefix takes two of them.</summary>
    public const int PathsMax = 2;

    public const string TlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
    private const string Part = "traffic";
    private const int NameLettersMax = 32;
    private const int PrefixLettersMax = 6;

    /// <summary>A prefix as AWS writes it: itself, and what is below it.</summary>
    public static IEnumerable<string> Patterns(string prefix) =>
        prefix.EndsWith('/') ? [$"{prefix}*"] : [prefix, $"{prefix}/*"];

    public static CodeValue Url(AwsDraft draft, LoadBalancer balancer) =>
        Join(balancer.Certificate is null ? "http://" : "https://", draft.At("aws_lb", balancer, "dns_name"));

    /// <summary>What copies of a service hang on.</summary>
    public static CodeValue Group(AwsDraft draft, LoadBalancer balancer, LoadBalancerRoute route, string attribute) =>
        draft.At("aws_lb_target_group", balancer, attribute, route.Service);

    /// <summary>The routes that lead to a service.</summary>
    public static IReadOnlyList<(LoadBalancer Balancer, LoadBalancerRoute Route)> To(AwsDraft draft, string service) =>
        [
            .. draft
                .Graph.All<LoadBalancer>()
                .SelectMany(one => one.Routes.Where(route => route.Service == service).Select(route => (one, route))),
        ];

    /// <summary>What leads requests to a route: it must be there before anything can join its target group.</summary>
    public static IEnumerable<CodeValue> Leading(AwsDraft draft, LoadBalancer balancer, LoadBalancerRoute route) =>
        route.IsDefault
            ? [draft.At("aws_lb_listener", balancer, "", Ending(balancer))]
            : Batches(route).Select((_, number) => draft.At("aws_lb_listener_rule", balancer, "", Rule(route, number)));

    private static string Ending(LoadBalancer balancer) => balancer.Certificate is null ? "http" : "https";

    private static string Rule(LoadBalancerRoute route, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{route.Service}_paths{(number == 0 ? "" : $"_{number + 1}")}");

    private static List<string[]> Batches(LoadBalancerRoute route) => [.. route.Paths.Chunk(PathsMax)];

    public static void Add(AwsDraft draft, LoadBalancer balancer)
    {
        var itself = draft.Add(
            Part,
            "aws_lb",
            balancer,
            [
                Set("name", draft.Called(balancer.Name, NameLettersMax)),
                Set("load_balancer_type", "application"),
                Set("subnets", AwsNetwork.Ids(draft, balancer.Subnets)),
                Set("security_groups", List(AwsNetwork.Id(draft, balancer.Firewall))),
                Set("enable_deletion_protection", balancer.IsProtected),
                Set("drop_invalid_header_fields", true),
                Set("depends_on", List(draft.At("aws_internet_gateway", balancer.Network, "", "gateway"))),
            ]
        );
        foreach (var route in balancer.Routes)
        {
            AddGroup(draft, balancer, route);
        }
        AddListeners(draft, balancer, itself);
        AddRules(draft, balancer);
        draft.Tell($"{draft.Label(balancer)}_url", "Where the load balancer answers", Url(draft, balancer));
    }

    private static void AddGroup(AwsDraft draft, LoadBalancer balancer, LoadBalancerRoute route) =>
        draft.Add(
            Part,
            "aws_lb_target_group",
            (balancer, route.Service),
            [
                Set(
                    "name_prefix",
                    $"{route.Service[..Math.Min(route.Service.Length, PrefixLettersMax - 1)].TrimEnd('-')}-"
                ),
                Set("vpc_id", AwsNetwork.Id(draft, balancer.Network)),
                Set("target_type", route.ToMachines ? "instance" : "ip"),
                Set("protocol", "HTTP"),
                Set("port", route.Port),
                Set("deregistration_delay", (int)Math.Clamp(route.Drain.TotalSeconds, 0, 3600)),
                AwsDraft.Group(
                    "health_check",
                    Set("path", route.Health),
                    Set("interval", 10),
                    Set("healthy_threshold", 2),
                    Set("matcher", "200-399")
                ),
                // What still has listeners cannot be removed, so another one comes first.
                AwsDraft.Group("lifecycle", Set("create_before_destroy", true)),
            ]
        );

    private static void AddListeners(AwsDraft draft, LoadBalancer balancer, Piece itself)
    {
        var last = balancer.Routes.FirstOrDefault(static one => one.IsDefault) is { } usual
            ? Each(
                "default_action",
                Set("type", "forward"),
                Set("target_group_arn", Group(draft, balancer, usual, "arn"))
            )
            : Each(
                "default_action",
                Set("type", "fixed-response"),
                AwsDraft.Group(
                    "fixed_response",
                    Set("status_code", "404"),
                    Set("content_type", "text/plain"),
                    Set("message_body", "not found")
                )
            );
        if (balancer.Certificate is not { } certificate)
        {
            AddListener(draft, balancer, itself, (80, "HTTP"), [last]);
            draft.Note(
                "The load balancer answers without TLS, as nothing names a zone for certificates: infrastructure: { zone: example.com }"
            );
            return;
        }
        AddListener(
            draft,
            balancer,
            itself,
            (80, "HTTP"),
            [
                Each(
                    "default_action",
                    Set("type", "redirect"),
                    AwsDraft.Group(
                        "redirect",
                        Set("port", "443"),
                        Set("protocol", "HTTPS"),
                        Set("status_code", "HTTP_301")
                    )
                ),
            ]
        );
        AddListener(
            draft,
            balancer,
            itself,
            (443, "HTTPS"),
            [Set("ssl_policy", TlsPolicy), Set("certificate_arn", AwsNames.Proven(draft, certificate)), last]
        );
    }

    private static void AddListener(
        AwsDraft draft,
        LoadBalancer balancer,
        Piece itself,
        (int Port, string Protocol) on,
        IReadOnlyList<PieceLine> lines
    ) =>
        draft.Add(
            Part,
            "aws_lb_listener",
            (balancer, on.Port == 80 ? "http" : "https"),
            [Set("load_balancer_arn", itself.At("arn")), Set("port", on.Port), Set("protocol", on.Protocol), .. lines]
        );

    private static void AddRules(AwsDraft draft, LoadBalancer balancer)
    {
        var priority = 0;
        foreach (var route in balancer.Routes.Where(static one => !one.IsDefault))
        {
            var batches = Batches(route);
            for (var number = 0; number < batches.Count; number++)
            {
                priority += 10;
                draft.Add(
                    Part,
                    "aws_lb_listener_rule",
                    (balancer, Rule(route, number)),
                    [
                        Set("listener_arn", draft.At("aws_lb_listener", balancer, "arn", Ending(balancer))),
                        Set("priority", priority),
                        Each(
                            "action",
                            Set("type", "forward"),
                            Set("target_group_arn", Group(draft, balancer, route, "arn"))
                        ),
                        Each(
                            "condition",
                            AwsDraft.Group("path_pattern", Set("values", Texts(batches[number].SelectMany(Patterns))))
                        ),
                    ]
                );
            }
        }
    }
}
