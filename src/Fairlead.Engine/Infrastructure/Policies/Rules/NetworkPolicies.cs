namespace Fairlead.Engine.Infrastructure.Policies.Rules;

/// <summary>Of how programs are talked to.</summary>
internal static class NetworkPolicies
{
    public static IReadOnlyList<Policy> All { get; } =
    [
        new(
            "listener-plain",
            PolicySeverity.High,
            "Whoever is on the way reads passwords and sessions, and changes pages.",
            "Redirect to HTTPS, and forward from there only."
        )
        {
            Find = Plain,
        },
        new(
            "tls-old",
            PolicySeverity.High,
            "TLS before 1.2 has known weaknesses, and audits such as PCI DSS refuse it.",
            "Take TLS 1.2 at least: ELBSecurityPolicy-TLS13-1-2-2021-06 for listeners, TLSv1.2_2021 for CloudFront."
        )
        {
            Find = OldTls,
        },
        new(
            "cluster-open",
            PolicySeverity.High,
            "Everybody can talk to what governs the whole cluster: one weakness in it, or one lost key, is enough.",
            "Name the addresses that may, or switch the public endpoint off."
        )
        {
            Find = OpenClusters,
        },
    ];

    private static IEnumerable<Violation> Plain(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_lb_listener", "aws_alb_listener"))
        {
            // A listener that says no protocol is one of a network load balancer or HTTP.
            if (
                one.Values["protocol"].Text() is "HTTP"
                && one.Values["default_action"].Groups().Any(static action => action.Group["type"].Text() is "forward")
            )
            {
                yield return Violation.Of(one, "protocol", "It forwards requests that come over plain HTTP.");
            }
        }
        foreach (var one in plan.Of("aws_cloudfront_distribution"))
        {
            foreach (var block in (string[])["default_cache_behavior", "ordered_cache_behavior"])
            {
                foreach (
                    var (at, behaviour) in one.Values[block]
                        .Groups()
                        .Where(static one => one.Group["viewer_protocol_policy"].Text() is "allow-all")
                )
                {
                    yield return Violation.Of(
                        one,
                        $"{block}.{at}.viewer_protocol_policy",
                        "It answers over plain HTTP."
                    ) with
                    {
                        Hints = ["allow-all", behaviour["path_pattern"].Text() ?? ""],
                    };
                }
            }
        }
        foreach (
            var one in plan.Of(
                "azurerm_linux_web_app",
                "azurerm_windows_web_app",
                "azurerm_linux_function_app",
                "azurerm_windows_function_app"
            )
        )
        {
            if (one.IsOff("https_only"))
            {
                yield return Violation.Of(one, "https_only", "It answers over plain HTTP.");
            }
        }
    }

    private static IEnumerable<Violation> OldTls(JudgedPlan plan)
    {
        foreach (
            var one in plan.Of("aws_lb_listener", "aws_alb_listener")
                .Where(static one => one.Values["protocol"].Text() is "HTTPS" or "TLS")
        )
        {
            if (one.Values["ssl_policy"].Text() is { } policy ? IsOldPolicy(policy) : one.IsUnset("ssl_policy"))
            {
                yield return Violation.Of(
                    one,
                    "ssl_policy",
                    $"It takes old TLS, by {one.Values["ssl_policy"].Text() ?? "ELBSecurityPolicy-2016-08, which is what AWS takes when nothing is said"}."
                );
            }
        }
        (string Type, string Path)[] versions =
        [
            ("aws_cloudfront_distribution", "viewer_certificate.0.minimum_protocol_version"),
            ("aws_api_gateway_domain_name", "security_policy"),
            ("aws_opensearch_domain", "domain_endpoint_options.0.tls_security_policy"),
            ("azurerm_storage_account", "min_tls_version"),
            ("azurerm_mssql_server", "minimum_tls_version"),
            ("azurerm_redis_cache", "minimum_tls_version"),
            ("azurerm_linux_web_app", "site_config.0.minimum_tls_version"),
            ("google_compute_ssl_policy", "min_tls_version"),
        ];
        foreach (var (type, path) in versions)
        {
            foreach (var one in plan.Of(type))
            {
                // Without a certificate of its own a distribution answers at CloudFront's name, whatever is said.
                if (
                    one.Values.At(path).Text() is { } version
                    && IsOldVersion(version)
                    && one.Values.At("viewer_certificate.0.cloudfront_default_certificate").Truth() is not true
                )
                {
                    yield return Violation.Of(one, path, $"It takes {version}.");
                }
            }
        }
    }

    private static bool IsOldPolicy(string policy) =>
        policy is "ELBSecurityPolicy-2016-08" or "ELBSecurityPolicy-2015-05" or "ELBSecurityPolicy-FS-2018-06"
        || policy.Contains("TLS-1-0", StringComparison.Ordinal)
        || policy.Contains("TLS-1-1", StringComparison.Ordinal)
        || policy.Contains("TLS13-1-0", StringComparison.Ordinal)
        || policy.Contains("TLS13-1-1", StringComparison.Ordinal)
        || policy.Contains("-FS-1-1-", StringComparison.Ordinal);

    private static bool IsOldVersion(string version) =>
        version
            is "SSLv3"
                or "TLSv1"
                or "TLSv1_2016"
                or "TLSv1.1_2016"
                or "TLS_1_0"
                or "TLS_1_1"
                or "TLS1_0"
                or "TLS1_1"
                or "1.0"
                or "1.1"
                or "Policy-Min-TLS-1-0-2019-07";

    private static IEnumerable<Violation> OpenClusters(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_eks_cluster"))
        {
            var network = one.Values.At("vpc_config.0");
            var ranges = network.At("public_access_cidrs");
            var isOpen = ranges.Texts().Any(Addresses.IsEverybody) || ranges is null || ranges.IsUnknown();
            if (isOpen && network.At("endpoint_public_access").Truth() is not false)
            {
                yield return Violation.Of(one, "vpc_config.0.public_access_cidrs", "Its API is open to everybody.");
            }
        }
        foreach (var one in plan.Of("google_container_cluster"))
        {
            if (
                one.Values.At("private_cluster_config.0.enable_private_endpoint").Truth() is not true
                && one.IsUnset("master_authorized_networks_config")
            )
            {
                yield return Violation.Of(one, "master_authorized_networks_config", "Its API is open to everybody.");
            }
        }
        foreach (var one in plan.Of("azurerm_kubernetes_cluster"))
        {
            if (
                one.Values["private_cluster_enabled"].Truth() is not true
                && one.IsUnset("api_server_access_profile")
                && one.IsUnset("api_server_authorized_ip_ranges")
            )
            {
                yield return Violation.Of(one, "api_server_access_profile", "Its API is open to everybody.");
            }
        }
    }
}
