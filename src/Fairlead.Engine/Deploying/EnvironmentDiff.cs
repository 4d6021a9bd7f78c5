using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>One thing in which two environments differ.</summary>
/// <param name="Service">Null for what is of the whole app.</param>
/// <param name="What">Such as <c>env LOG_LEVEL</c>, <c>replicas</c> or <c>artifact</c>.</param>
/// <param name="Left">Null when it is not there.</param>
public sealed record EnvironmentDifference(string? Service, string What, string? Left, string? Right);

/// <summary>Compares what is live in two environments. Pure; of secrets it only takes whether they are the same.</summary>
public static class EnvironmentDiff
{
    private const string Absent = "not there";

    /// <param name="secrets">Whether a secret has the same value in both; null where that is not told.</param>
    public static IReadOnlyList<EnvironmentDifference> Of(Release left, Release right, Func<string, bool?> secrets)
    {
        List<EnvironmentDifference> all =
        [
            new(null, "hosts", Text(left.Hosts), Text(right.Hosts)),
            new(null, "commit", left.Commit, right.Commit),
            new(null, "approvals", Approvals(left), Approvals(right)),
        ];
        foreach (var name in left.Services.Concat(right.Services).Select(static one => one.Service.Name).Distinct())
        {
            all.AddRange(Of((left.Find(name), right.Find(name)), secrets));
        }
        return [.. all.Where(static one => one.Left != one.Right)];
    }

    private static IEnumerable<EnvironmentDifference> Of(
        (ReleasedService? Left, ReleasedService? Right) pair,
        Func<string, bool?> secrets
    )
    {
        var name = (pair.Left ?? pair.Right)!.Service.Name; // It is a name of one of them.
        if (pair is not ({ } left, { } right))
        {
            yield return new(
                name,
                "service",
                pair.Left is null ? Absent : "there",
                pair.Right is null ? Absent : "there"
            );
            yield break;
        }
        var (one, other) = (left.Service, right.Service);
        yield return new(name, "artifact", left.Artifact[..16], right.Artifact[..16]);
        yield return new(name, "image", one.Container?.Image, other.Container?.Image);
        yield return new(name, "replicas", Replicas(one), Replicas(other));
        yield return new(name, "memory", $"{one.Limits.Memory}", $"{other.Limits.Memory}");
        yield return new(name, "cpu", Number(one.Limits.Cpu), Number(other.Limits.Cpu));
        yield return new(name, "routes", Text(one.Routes), Text(other.Routes));
        yield return new(name, "strategy", left.Strategy.Kind, right.Strategy.Kind);
        yield return new(name, "run", string.Join(' ', one.Recipe.Run), string.Join(' ', other.Recipe.Run));
        foreach (var key in one.Env.Keys.Concat(other.Env.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            yield return new(name, $"env {key}", one.Env.GetValueOrDefault(key), other.Env.GetValueOrDefault(key));
        }
        foreach (var difference in Secrets(name, one, other, secrets))
        {
            yield return difference;
        }
    }

    private static IEnumerable<EnvironmentDifference> Secrets(
        string name,
        Service one,
        Service other,
        Func<string, bool?> secrets
    )
    {
        var (left, right) = (Uses(one), Uses(other));
        foreach (var variable in left.Keys.Concat(right.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            var (here, there) = (left.GetValueOrDefault(variable), right.GetValueOrDefault(variable));
            if (here is null || there is null || here != there)
            {
                yield return new(name, $"secret {variable}", here ?? Absent, there ?? Absent);
            }
            else
            {
                // A word of its own on each side, so that what differs is shown as differing, and no value is.
                yield return secrets(here) switch
                {
                    true => new(name, $"secret {variable}", "same", "same"),
                    false => new(name, $"secret {variable}", "one value", "another value"),
                    _ => new(name, $"secret {variable}", "not told", "not told"),
                };
            }
        }
    }

    private static Dictionary<string, string> Uses(Service service) =>
        (service.Secrets ?? []).ToDictionary(
            static use => use.Variable,
            static use => use.Secret,
            StringComparer.Ordinal
        );

    private static string Replicas(Service service) =>
        service.Scale is { } scale
            ? FormattableString.Invariant($"{scale.Min}-{scale.Max}")
            : FormattableString.Invariant($"{service.Replicas}");

    private static string? Approvals(Release release) =>
        release.Protection is { Approvals: > 0 } rules ? FormattableString.Invariant($"{rules.Approvals}") : null;

    private static string Text(IReadOnlyList<string> all) => string.Join(", ", all);

    private static string? Number(double? number) =>
        number?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
