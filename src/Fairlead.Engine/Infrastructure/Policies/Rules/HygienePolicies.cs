using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies.Rules;

/// <summary>Of machines and functions, and of what a team asks: tags, regions, money.</summary>
internal static class HygienePolicies
{
    /// <summary>When AWS ended, or ends, the support. Source: "Lambda runtimes", read in 2026.</summary>
    private static readonly HashSet<string> EndedRuntimes =
    [
        "dotnet6",
        "dotnetcore3.1",
        "go1.x",
        "java8",
        "nodejs12.x",
        "nodejs14.x",
        "nodejs16.x",
        "nodejs18.x",
        "nodejs20.x",
        "provided",
        "python3.6",
        "python3.7",
        "python3.8",
        "python3.9",
        "ruby2.7",
        "ruby3.2",
    ];

    public static IReadOnlyList<Policy> All { get; } =
    [
        new(
            "imds-v1",
            PolicySeverity.High,
            "A program that can be made to fetch an address gives away the machine's keys; it was so in large thefts.",
            "Add metadata_options { http_tokens = \"required\" }."
        )
        {
            Find = OldMetadata,
        },
        new(
            "logs-forever",
            PolicySeverity.Low,
            "Logs are kept and paid for without end, and what is in them of people too.",
            "Set retention_in_days, such as 30."
        )
        {
            Find = static plan =>
                plan.Of("aws_cloudwatch_log_group")
                    .Where(static one =>
                        one.Values["retention_in_days"].Number() is 0 || one.IsUnset("retention_in_days")
                    )
                    .Select(static one => Violation.Of(one, "retention_in_days", "It is kept for ever.")),
        },
        new(
            "runtime-ended",
            PolicySeverity.Medium,
            "Nobody mends weaknesses of it any more, and functions in it can soon not be changed.",
            "Take one that is supported, such as nodejs22.x, python3.13 or dotnet8."
        )
        {
            Find = static plan =>
                plan.Of("aws_lambda_function")
                    .Where(static one => one.Values["runtime"].Text() is { } runtime && EndedRuntimes.Contains(runtime))
                    .Select(static one =>
                        Violation.Of(one, "runtime", $"{one.Values["runtime"].Text()} is no longer supported.")
                    ),
        },
        new(
            "tags-missing",
            PolicySeverity.Medium,
            "Nobody can tell whose it is, and who pays for it.",
            "Add the tags, or once for all: default_tags of the provider."
        )
        {
            Find = Untagged,
        },
        new(
            "region-not-allowed",
            PolicySeverity.High,
            "Data there may be under another law, and nobody looks there.",
            "Move it to a region that 'infrastructure.policies.regions' names, or add the region."
        )
        {
            Find = Elsewhere,
        },
        new(
            "budget-exceeded",
            PolicySeverity.High,
            "A plan that costs more than was agreed is agreed upon first.",
            "Take less or smaller, or raise 'infrastructure.budget'."
        )
        {
            Find = TooDear,
        },
    ];

    private static IEnumerable<Violation> OldMetadata(JudgedPlan plan)
    {
        foreach (var one in plan.Of("aws_instance", "aws_launch_template", "aws_launch_configuration"))
        {
            var options = one.Values.At("metadata_options.0");
            var tokens = options.At("http_tokens");
            var isOff = options.At("http_endpoint").Text() is "disabled";
            // Machines that are made of a template have its options.
            var isElsewhere =
                one.Type is "aws_instance" && !one.IsUnset("launch_template") && one.IsUnset("metadata_options");
            if (!isOff && !isElsewhere && (tokens.Text() is "optional" || one.IsUnset("metadata_options")))
            {
                yield return Violation.Of(
                    one,
                    "metadata_options.0.http_tokens",
                    "It gives its keys to whoever asks, without a token."
                );
            }
        }
    }

    private static IEnumerable<Violation> Untagged(JudgedPlan plan)
    {
        foreach (var one in plan.Settings.Tags.Count == 0 ? [] : plan.Things)
        {
            if (Tags(one) is not { } tags)
            {
                continue;
            }
            var missing = plan.Settings.Tags.Where(tag => tags.All[tag] is null || tags.All[tag].Text() is "").ToList();
            if (missing.Count > 0)
            {
                yield return Violation.Of(one, tags.Attribute, $"It has no tag {string.Join(", ", missing)}.");
            }
        }
    }

    /// <returns>Null for what takes no tags, and where they are not known yet.</returns>
    private static (string Attribute, JsonObject All)? Tags(PlannedThing one)
    {
        (string Attribute, string All) names =
            one.Type.StartsWith("aws_", StringComparison.Ordinal) ? ("tags", "tags_all")
            : one.Type.StartsWith("google_", StringComparison.Ordinal) ? ("labels", "effective_labels")
            : ("tags", "tags");
        if (!one.Values.ContainsKey(names.All))
        {
            return null;
        }
        var all = one.Values[names.All] as JsonObject ?? one.Values[names.Attribute] as JsonObject;
        return all is null && one.Values[names.Attribute].IsUnknown() ? null : (names.Attribute, all ?? []);
    }

    private static IEnumerable<Violation> Elsewhere(JudgedPlan plan)
    {
        foreach (var one in plan.Settings.Regions.Count == 0 ? [] : plan.Things)
        {
            var attribute = ((string[])["region", "location"]).FirstOrDefault(name =>
                one.Values[name].Text() is not null
            );
            var region = attribute is null ? RegionOf(one) : one.Values[attribute].Text();
            if (
                region is not null
                && !IsGlobal(one, region)
                && !plan.Settings.Regions.Contains(Plain(region), StringComparer.OrdinalIgnoreCase)
            )
            {
                yield return Violation.Of(one, attribute, $"It is in {region}.");
            }
        }
    }

    // "Germany West Central" and germanywestcentral are the same at Azure; Google's "EU" is a region of its own.
    private static string Plain(string region) => region.Replace(" ", "", StringComparison.Ordinal);

    private static string? RegionOf(PlannedThing one) =>
        one.Type.StartsWith("aws_", StringComparison.Ordinal) ? one.Region : null;

    // CloudFront takes certificates and firewalls only of us-east-1.
    private static bool IsGlobal(PlannedThing one, string region) =>
        one.Type.StartsWith("aws_iam_", StringComparison.Ordinal)
        || one.Type.StartsWith("aws_route53_", StringComparison.Ordinal)
        || one.Type.StartsWith("aws_cloudfront_", StringComparison.Ordinal)
        || one.Type.StartsWith("aws_budgets_", StringComparison.Ordinal)
        || region is "global"
        || (
            region is "us-east-1"
            && (
                one.Type.StartsWith("aws_acm_certificate", StringComparison.Ordinal)
                || one.Values["scope"].Text() is "CLOUDFRONT"
            )
        );

    private static IEnumerable<Violation> TooDear(JudgedPlan plan)
    {
        if (plan.Settings is not { Budget: { } budget, Cost: { } cost } || cost.After.Monthly <= budget)
        {
            yield break;
        }
        var dearest = cost
            .Lines.GroupBy(static one => one.Address, StringComparer.Ordinal)
            .OrderByDescending(static one => one.Sum(static line => line.After ?? 0))
            .First();
        yield return new(
            dearest.Key,
            null,
            string.Create(
                CultureInfo.InvariantCulture,
                $"All together costs {cost.After.Monthly:0.00} USD in a month at least, and {budget:0.00} are allowed; this is the dearest, with {dearest.Sum(static line => line.After ?? 0):0.00}."
            )
        );
    }
}
