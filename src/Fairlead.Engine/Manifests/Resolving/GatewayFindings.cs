using System.Net;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>What is wrong with a gateway though every key of it is well written.</summary>
internal static class GatewayFindings
{
    public static void Check(Draft draft, GatewayEntry entry, Findings findings)
    {
        var node = draft.Node.At("gateway");
        if (draft.Routes.Count == 0)
        {
            findings.Add(
                node,
                "gateway-unused",
                (
                    $"'{draft.Name}' has a gateway and no routes.",
                    "A service without routes gets no requests from outside.",
                    $"Remove 'gateway', or add to services.{draft.Name}: routes: /"
                )
            );
        }
        Networks(node, entry, findings);
        Rates(node, entry, findings);
        Cors(node, entry, findings);
        Protect(node, entry, findings);
    }

    private static void Networks(Node node, GatewayEntry entry, Findings findings)
    {
        foreach (
            var (key, networks) in new[]
            {
                ("allow", entry.Allow),
                ("deny", entry.Deny),
                ("trustedProxies", entry.TrustedProxies),
            }
        )
        {
            foreach (var (network, index) in (networks ?? []).Select((network, index) => (network, index)))
            {
                if (!IsNetwork(network))
                {
                    findings.Add(
                        node.At(key, index),
                        "network",
                        (
                            $"'{network}' is not a network.",
                            "It is an address, or the first address of a network and its length in bits.",
                            "Write for example: 10.0.0.0/8"
                        )
                    );
                }
            }
        }
    }

    private static bool IsNetwork(string text) =>
        text.Contains('/', StringComparison.Ordinal)
            ? IPNetwork.TryParse(text, out _)
            : IPAddress.TryParse(text, out _);

    private static void Rates(Node node, GatewayEntry entry, Findings findings)
    {
        foreach (var (rate, index) in (entry.RateLimits ?? []).Select((rate, index) => (rate, index)))
        {
            var at = node.At("rateLimits") is Node.Mapping alone ? alone : node.At("rateLimits", index);
            if (rate.Burst is not null && rate.Kind is not RateKindEntry.TokenBucket)
            {
                findings.Add(
                    at.At("burst"),
                    "rate-burst",
                    (
                        "A sliding window has no burst.",
                        "It lets the whole limit through at once, and never more in any window.",
                        "Remove 'burst', or add: kind: token-bucket"
                    )
                );
            }
            if (rate.By is "key" && entry.Keys is null)
            {
                findings.Add(
                    at.At("by"),
                    "rate-by-key",
                    (
                        "A rate limit counts by key, and no keys are asked for.",
                        "Nobody could be told from anybody else.",
                        "Add to the gateway: keys: X-Api-Key"
                    )
                );
            }
        }
        var twice = (entry.RateLimits ?? [])
            .Where(rate => rate.Name is not null)
            .GroupBy(rate => rate.Name)
            .FirstOrDefault(group => group.Skip(1).Any());
        if (twice is not null)
        {
            findings.Add(
                node.At("rateLimits"),
                "rate-name",
                (
                    $"Two rate limits are named '{twice.Key}'.",
                    "Clients are told what is left of each by its name.",
                    "Give them different names."
                )
            );
        }
    }

    private static void Cors(Node node, GatewayEntry entry, Findings findings)
    {
        if (entry.Cors is not { Origins: { } origins } cors)
        {
            return;
        }
        if (cors.Credentials is true && (origins.Contains("*") || (cors.Headers ?? []).Contains("*")))
        {
            findings.Add(
                node.At("cors", "credentials"),
                "cors-credentials",
                (
                    "Cookies may not be sent along from everywhere.",
                    "With '*' any page on the web could act as the user who looks at it; browsers refuse it too.",
                    "Name the origins and headers, or remove 'credentials'."
                )
            );
        }
    }

    private static void Protect(Node node, GatewayEntry entry, Findings findings)
    {
        if (entry.Protect is not { } protect)
        {
            return;
        }
        if (protect.Basic is null == protect.Oidc is null)
        {
            findings.Add(
                node.At("protect"),
                "protect-how",
                (
                    "The protection does not say how, in exactly one way.",
                    "It asks for a password ('basic') or for a sign-in ('oidc').",
                    "Keep one of them, for example: basic: { users: { anna: \"env:ANNA_PASSWORD\" } }"
                )
            );
        }
        foreach (var (name, secret) in protect.Basic?.Users ?? new Dictionary<string, string>())
        {
            if (!PasswordHash.IsHash(secret) && !secret.StartsWith("env:", StringComparison.Ordinal))
            {
                // The value may be the password itself, so it is not shown.
                findings.Add(
                    node.At("protect", "basic", "users", name),
                    "protect-password",
                    (
                        $"The password of '{name}' is not hashed.",
                        "A manifest is read by many; it may only hold what 'fairlead password hash' makes, or env:NAME.",
                        "Run: fairlead password hash"
                    )
                );
            }
        }
    }
}
