using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Clusters;

/// <summary>What stands in a cluster for a part, its service and its secrets. Pure.</summary>
internal static class ClusterObjects
{
    private const int OrderLettersMax = 200_000;
    private const int DeadlineSlack = 60;
    private const string ClaimSize = "10Gi";

    /// <summary>Such as <c>api-42</c>: each part is a Deployment of its own, so that two of them can share the traffic.</summary>
    public static string NameOf(Part part) =>
        string.Create(CultureInfo.InvariantCulture, $"{part.Service}-{part.Since}");

    /// <param name="image">By its digest.</param>
    /// <param name="slots">Replicas that are wanted, and those that were told to stop.</param>
    /// <param name="at">Namespace, and the cluster's minor version.</param>
    /// <exception cref="ProblemException">It is larger than an object may be.</exception>
    public static JsonObject Deployment(
        InstanceOrder order,
        string image,
        (IReadOnlyCollection<int> Wanted, IReadOnlyCollection<int> Stopping) slots,
        (string Namespace, int Minor) at
    )
    {
        var (key, service) = (order.Key, order.Service);
        var text = JsonSerializer.Serialize(order with { Key = key with { Slot = 0 } }, Records.Json);
        if (text.Length > OrderLettersMax)
        {
            throw new ProblemException(ClusterProblems.OrderTooLarge(key, text.Length));
        }
        var labels = Marks.OfPart(key.Site, key.Part);
        var made = Object("apps/v1", "Deployment", NameOf(key.Part), at.Namespace, labels);
        made["metadata"]!["annotations"] = new JsonObject
        {
            [Marks.Order] = text,
            [Marks.Image] = image,
            [Marks.Slots] = Text(slots.Wanted),
            [Marks.Stopping] = Text(slots.Stopping),
        };
        made["spec"] = new JsonObject
        {
            ["replicas"] = slots.Wanted.Count,
            ["revisionHistoryLimit"] = 1,
            ["progressDeadlineSeconds"] = (int)Math.Ceiling(service.Health.StartGrace.TotalSeconds) + DeadlineSlack,
            ["selector"] = new JsonObject { ["matchLabels"] = PodTemplate.Map(labels) },
            ["strategy"] = new JsonObject { ["type"] = service.IsExclusive ? "Recreate" : "RollingUpdate" },
            ["template"] = PodTemplate.Of(
                service,
                new(image, EnvOf(order), labels, at.Minor)
                {
                    Spread = Marks.OfService(key.Site, key.Part.Service),
                    SecretOf = use => (SecretName(use.Secret, use.Version), SecretKey),
                    ClaimOf = PodTemplate.VolumeOf,
                }
            ),
        };
        return made;
    }

    /// <summary>What a service needs beside its pods.</summary>
    /// <param name="budgets">In which version the cluster knows disruption budgets.</param>
    public static IEnumerable<JsonObject> Around(Site site, Service service, string space, string budgets)
    {
        var labels = Marks.OfService(site, service.Name);
        var account = Object("v1", "ServiceAccount", service.Name, space, labels);
        account["automountServiceAccountToken"] = false;
        yield return account;
        if (service.TakesTraffic || service.Port is not null)
        {
            var made = Object("v1", "Service", service.Name, space, labels);
            made["spec"] = new JsonObject
            {
                ["selector"] = PodTemplate.Map(labels),
                ["ports"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = service.TakesTraffic ? "http" : "main",
                        ["port"] = service.TakesTraffic ? 80 : PodTemplate.PortOf(service),
                        ["targetPort"] = "main",
                        // Merging by the server needs the whole of its key.
                        ["protocol"] = "TCP",
                    }
                ),
            };
            yield return made;
        }
        if (service.ReplicasMax > 1)
        {
            var made = Object(budgets, "PodDisruptionBudget", service.Name, space, labels);
            made["spec"] = new JsonObject
            {
                ["maxUnavailable"] = 1,
                ["selector"] = new JsonObject { ["matchLabels"] = PodTemplate.Map(labels) },
            };
            yield return made;
        }
        foreach (var volume in (service.Container?.Volumes ?? new Dictionary<string, string>()).Keys)
        {
            // The app's, as on one machine: services that name it share it. Never removed: what is in it may be wanted again.
            var made = Object("v1", "PersistentVolumeClaim", PodTemplate.VolumeOf(volume), space, Marks.OfSite(site));
            made["spec"] = new JsonObject
            {
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = ClaimSize } },
            };
            yield return made;
        }
    }

    /// <summary>A value of a secret. It is never changed, only replaced by another version of another name.</summary>
    public static JsonObject Secret(SecretValue value, string space)
    {
        var version = value.Version;
        var made = Object("v1", "Secret", SecretName(version.Name, version.Number), space, Marks.OfSite(version.Site));
        made["metadata"]!["annotations"] = new JsonObject { [Marks.Secret] = version.Label };
        made["type"] = "Opaque";
        made["immutable"] = true;
        made["data"] = new JsonObject
        {
            [SecretKey] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Value.Reveal())),
        };
        return made;
    }

    /// <summary>Such as <c>database-url-3-5a01bc</c>: names that only differ in what an object's name cannot hold stay apart.</summary>
    public static string SecretName(string secret, int version)
    {
        var plain = new string([
            .. secret.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'),
        ]).Trim('-');
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..6];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(plain.Length == 0 ? "secret" : plain)}-{version}-{mark}"
        );
    }

    public static JsonObject Namespace(string name)
    {
        var made = Object(
            "v1",
            "Namespace",
            name,
            null,
            new Dictionary<string, string> { [Marks.ManagedBy] = Marks.Manager }
        );
        made["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"] = "restricted";
        return made;
    }

    public static JsonObject Object(
        string version,
        string kind,
        string name,
        string? space,
        IReadOnlyDictionary<string, string> labels
    )
    {
        var metadata = new JsonObject { ["name"] = name };
        if (space is not null)
        {
            metadata["namespace"] = space;
        }
        metadata["labels"] = PodTemplate.Map(labels);
        return new()
        {
            ["apiVersion"] = version,
            ["kind"] = kind,
            ["metadata"] = metadata,
        };
    }

    private const string SecretKey = "value";

    private static string Text(IReadOnlyCollection<int> numbers) =>
        string.Join(',', numbers.Order().Select(one => one.ToString(CultureInfo.InvariantCulture)));

    private static OrderedDictionary<string, string> EnvOf(InstanceOrder order)
    {
        var key = order.Key;
        OrderedDictionary<string, string> env = new(StringComparer.Ordinal);
        foreach (var (name, value) in order.Env.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            env[name] = value;
        }
        PodTemplate.Tell(env, order.Service);
        env["FAIRLEAD_APP"] = key.Site.App;
        env["FAIRLEAD_ENVIRONMENT"] = key.Site.Environment;
        env["FAIRLEAD_RELEASE"] = key.Part.Since.ToString(CultureInfo.InvariantCulture);
        return env;
    }
}
