using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;

namespace Fairlead.Drivers.Clusters;

/// <summary>What a cluster says when it refuses, in our words.</summary>
internal static partial class KubeProblems
{
    private const int LettersMax = 500;

    public static Problem NoConfig(string path) =>
        new(
            "cluster.no-config",
            What: "Nothing says where the cluster is.",
            Why: $"There is no {path}, KUBECONFIG does not name another file, and this runs in no pod of a cluster.",
            Fix: "Start the server with it: KUBECONFIG=/path/config fairlead up"
        );

    public static Problem NotInside(string? context) =>
        new(
            "cluster.not-inside",
            What: "This runs in no pod that may ask its cluster.",
            Why: $"{(context is null ? "It runs in a pod" : $"The context '{context}' means the cluster that Fairlead runs in")}, and there is no token of an account in /var/run/secrets/kubernetes.io/serviceaccount.",
            Fix: "Give the pod its account's token (automountServiceAccountToken: true), or say a kubeconfig: KUBECONFIG=/path/config fairlead up"
        );

    public static Problem WrongConfig(string path, string? context, string why) =>
        new(
            "cluster.wrong-config",
            What: context is null
                ? $"{path} does not lead to a cluster."
                : $"{path} does not lead to the cluster '{context}'.",
            Why: Short(why),
            Fix: "See which there are: kubectl config get-contexts"
        );

    public static Problem Unreachable(string cluster, Exception caught) =>
        new(
            "cluster.unreachable",
            What: $"The cluster {cluster} does not answer.",
            Why: Short(
                caught is OperationCanceledException
                    ? "It took longer than 30 s."
                    : $"{caught.Message}{(caught.InnerException is { } inner ? $" ({inner.Message})" : "")}"
            ),
            Fix: "See that it runs and can be reached from the server's machine: kubectl version. What runs there goes on meanwhile."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    public static Problem Strange(string cluster, string why) =>
        new(
            "cluster.strange-answer",
            What: $"{cluster} answers as no cluster does.",
            Why: Short(why),
            Fix: "See that the kubeconfig names the API server itself, not a page before it: kubectl version"
        );

    public static Problem UnknownKind(string cluster, ObjectName name) =>
        new(
            "cluster.unknown-kind",
            What: $"{cluster} knows no {name.Kind} of {name.Version}.",
            Why: "It is an older one, or what brings that kind is not installed there.",
            Fix: $"See what it knows: kubectl api-resources --api-group={(name.Version.Contains('/', StringComparison.Ordinal) ? name.Version.Split('/')[0] : "\"\"")}"
        );

    public static Problem FieldsTaken(string what, IReadOnlyList<string> fields) =>
        new(
            "cluster.field-owned",
            What: $"{what} is somebody else's in part.",
            Why: Short(string.Join("; ", fields)),
            Fix: "Let one of the two go: have the other one leave that field out, or take its ownership away: kubectl apply --server-side --field-manager=fairlead --force-conflicts"
        )
        {
            Trouble = Trouble.Conflict,
        };

    /// <summary>Which fields are somebody else's; none when that is not why an object was not applied.</summary>
    public static IReadOnlyList<string> FieldsOf(string answer) =>
        [
            .. (StatusOf(answer)?["details"]?["causes"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Where(one => $"{one["reason"]}" is "FieldManagerConflict")
                .Select(one => $"{one["field"]}: {one["message"]}"),
        ];

    public static Problem Refused(string cluster, HttpStatusCode status, string answer)
    {
        var said = StatusOf(answer)?["message"] is { } message ? $"{message}" : answer;
        var why = $"{Short(said)} ({(int)status})";
        return ByRule(cluster, said, why)
            ?? status switch
            {
                HttpStatusCode.Unauthorized => new(
                    "cluster.not-known",
                    What: $"{cluster} does not know who asks.",
                    Why: why,
                    Fix: "Renew what the kubeconfig signs in with; see who you are: kubectl auth whoami"
                )
                {
                    Trouble = Trouble.NotAllowed,
                },
                HttpStatusCode.Forbidden => new(
                    "cluster.forbidden",
                    What: $"{cluster} does not allow it.",
                    Why: why,
                    Fix: "See what is allowed: kubectl auth can-i --list"
                )
                {
                    Trouble = Trouble.NotAllowed,
                },
                HttpStatusCode.UnprocessableEntity
                or HttpStatusCode.BadRequest
                or HttpStatusCode.RequestEntityTooLarge => new(
                    "cluster.invalid",
                    What: $"{cluster} does not take an object.",
                    Why: why,
                    Fix: "Correct what it names in fairlead.yaml."
                ),
                HttpStatusCode.NotFound => new(
                    "cluster.not-found",
                    What: $"{cluster} has no such object or place.",
                    Why: why,
                    Fix: "A namespace that was removed comes again with the next deployment."
                ),
                _ => new(
                    "cluster.refused",
                    What: $"{cluster} could not do it.",
                    Why: why,
                    Fix: "It is tried again; see how it is: kubectl get --raw /readyz?verbose"
                ),
            };
    }

    /// <summary>Refused by somebody's rule that has a name; null when it is not that.</summary>
    private static Problem? ByRule(string cluster, string said, string why)
    {
        if (WebhookWords().Match(said) is { Success: true } hook)
        {
            return new(
                "cluster.webhook-denied",
                What: $"{cluster} refuses by its webhook {hook.Groups["hook"].Value}.",
                Why: why,
                Fix: "Correct the service as it says, or ask who set that rule: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations"
            );
        }
        if (said.Contains("exceeded quota", StringComparison.Ordinal))
        {
            return new(
                "cluster.quota",
                What: $"{cluster} has no more of a quota.",
                Why: why,
                Fix: "Ask for less (limits, replicas), or have the quota raised: kubectl describe resourcequota"
            );
        }
        if (RuleWords().Match(said) is not { Success: true } rule)
        {
            return null;
        }
        var (verb, resource, group) = (
            rule.Groups["verb"].Value,
            rule.Groups["resource"].Value,
            rule.Groups["group"].Value
        );
        return new(
            "cluster.denied",
            What: $"{cluster} does not let us {verb} {resource}.",
            Why: why,
            Fix: $"Add to its role: apiGroups: [\"{group}\"], resources: [{resource}], verbs: [{verb}]"
        )
        {
            Trouble = Trouble.NotAllowed,
        };
    }

    private static JsonObject? StatusOf(string answer)
    {
        try
        {
            return JsonTexts.Read(answer) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // Something between us and the cluster answered.
        }
    }

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= LettersMax ? line : $"{line[..LettersMax]}…";
    }

    [GeneratedRegex(
        "cannot (?<verb>[a-z]+) resource \"(?<resource>[^\"]+)\" in API group \"(?<group>[^\"]*)\"",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex RuleWords();

    [GeneratedRegex("admission webhook \"(?<hook>[^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex WebhookWords();
}
