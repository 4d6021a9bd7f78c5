using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>What a release changes, in words: the readable half of a plan.</summary>
public static class Changes
{
    /// <param name="Change">new, changed, unchanged or removed.</param>
    /// <param name="Why">What differs.</param>
    public sealed record ServiceChange(string Service, string Change, IReadOnlyList<string> Why);

    public static IReadOnlyList<ServiceChange> Of(Release? live, Release next) =>
        [
            .. next.Services.Select(service => Of(live?.Find(service.Service.Name), service)),
            .. (live?.Services ?? [])
                .Where(old => next.Find(old.Service.Name) is null)
                .Select(old => new ServiceChange(old.Service.Name, "removed", ["it is not in the manifest any more"])),
        ];

    /// <summary>What people should know before they say yes: where requests wait, what a rollback takes.</summary>
    /// <param name="steps">What the deployment would do.</param>
    public static IReadOnlyList<string> Notes(Release? live, Release next, IReadOnlyList<Step> steps)
    {
        var notes = new List<string>();
        notes.AddRange(
            (next.Databases ?? [])
                .Where(one => one.Provided is not null && live?.Databases?.Any(old => old.Name == one.Name) is not true)
                .Select(static one =>
                    $"{one.Name}: Fairlead runs it, and makes it first where it is not there yet; no deployment replaces it."
                )
        );
        foreach (var service in next.Services)
        {
            var old = live?.Find(service.Service.Name);
            if (old is null || old.Part == service.Part)
            {
                continue;
            }
            var name = service.Service.Name;
            if (!Planner.IsExclusive(old, service))
            {
                notes.Add(Warmth(old, service));
                notes.AddRange(Mirroring(service, steps));
            }
            else if (service.Service.TakesTraffic)
            {
                notes.Add(
                    $"{name}: {Cause(service)}, so {old.Part} stops before {service.Part} starts; the edge holds requests meanwhile "
                        + "(at most 30 s each), they are slow but not lost. There is no zero downtime to be had here."
                );
            }
            else
            {
                notes.Add(
                    $"{name}: {old.Part} stops before {service.Part} starts; for that moment nobody does its work."
                );
            }
        }
        return notes;
    }

    /// <summary>low, medium or high, with the reason.</summary>
    public static (string Risk, string Why) Risk(Release? live, Release next, IReadOnlyList<Step> steps)
    {
        var exposed = next.Services.Where(one =>
            live?.Find(one.Service.Name) is { } old && old.Part != one.Part && one.Service.TakesTraffic
        );
        var unwatched = exposed.Where(one => !steps.OfType<Step.Watch>().Any(watch => watch.Part == one.Part)).ToList();
        return live is null ? ("low", "nothing is live yet")
            : steps.OfType<Step.Replace>().Any(step => exposed.Any(one => one.Part == step.Part))
                ? ("high", "a service with traffic is stopped before its successor is known to work")
            : unwatched.Count > 0
                ? (
                    "medium",
                    $"no gate watches {string.Join(", ", unwatched.Select(one => one.Part))} under real traffic"
                )
            : ("low", "every new part is watched by gates before it has all traffic");
    }

    private static ServiceChange Of(ReleasedService? old, ReleasedService next)
    {
        var name = next.Service.Name;
        if (old is null)
        {
            return new(name, "new", [$"recognised as {next.Service.Recipe.Stack}"]);
        }
        var why = Differences(old, next).ToList();
        return why.Count == 0 ? new(name, "unchanged", []) : new(name, "changed", why);
    }

    private static IEnumerable<string> Differences(ReleasedService old, ReleasedService next)
    {
        if (old.Artifact != next.Artifact)
        {
            yield return "source or build";
        }
        var keys = old.Service.Env.Keys.Union(next.Service.Env.Keys).Order(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var before = old.Service.Env.GetValueOrDefault(key);
            var after = next.Service.Env.GetValueOrDefault(key);
            if (before != after)
            {
                // Values may be confidential: a plan is shown to many.
                yield return before is null ? $"env {key} added"
                : after is null ? $"env {key} removed"
                : $"env {key} changed";
            }
        }
        foreach (var difference in SecretLife.Differences(old.Service.Secrets, next.Service.Secrets))
        {
            yield return difference;
        }
        if (old.Service.Replicas != next.Service.Replicas)
        {
            yield return $"replicas {old.Service.Replicas} -> {next.Service.Replicas}";
        }
        if (old.Service.Scale != next.Service.Scale)
        {
            yield return "what the number of replicas follows";
        }
        if (!old.Service.Routes.SequenceEqual(next.Service.Routes))
        {
            yield return $"routes {string.Join(" ", old.Service.Routes)} -> {string.Join(" ", next.Service.Routes)}";
        }
        if (!Routes.Same(old.Service.Gateway, next.Service.Gateway))
        {
            yield return "what the gateway does";
        }
        if (!Routes.Same(old.Service.Traffic, next.Service.Traffic))
        {
            yield return "who reaches which release";
        }
        if (
            old.Part != next.Part
            && old.Artifact == next.Artifact
            && old.Service.Env.Count == next.Service.Env.Count
            && !SecretLife.Differences(old.Service.Secrets, next.Service.Secrets).Any()
        )
        {
            yield return "how it runs (command, port, health, limits or environment)";
        }
    }

    private static IEnumerable<string> Mirroring(ReleasedService next, IReadOnlyList<Step> steps)
    {
        if (next.Service.Traffic?.Mirror is not { } mirror || !next.Service.TakesTraffic)
        {
            yield break;
        }
        var name = next.Service.Name;
        var isTried = steps.Any(step =>
            step is Step.Preview preview && preview.Part == next.Part
            || (step is Step.Shift shift && shift.Part == next.Part && shift.Share != Share.All)
        );
        if (!isTried)
        {
            yield return $"{name}: nothing is copied to {next.Part}, because it takes all traffic as soon as it is ready. "
                + "'mirror' needs a strategy that tries it first: blue-green with 'preview', or canary.";
            yield break;
        }
        yield return $"{name}: {mirror.Share} of the {string.Join(", ", mirror.Methods)} requests are copied to {next.Part} "
            + "while it is tried. Nobody sees its answers, but what it does is real.";
        string[] unsafeOnes = [.. mirror.Methods.Except(["GET", "HEAD", "OPTIONS"], StringComparer.Ordinal)];
        if (unsafeOnes.Length > 0)
        {
            yield return $"{name}: copies of {string.Join(", ", unsafeOnes)} requests do everything a second time: orders, payments, "
                + "mails. A copy says 'Fairlead-Mirror: 1', for the release to leave that out.";
        }
    }

    private static string Warmth(ReleasedService old, ReleasedService next) =>
        next.Strategy.Kind == Strategies.Rolling.Kind
            ? $"{next.Service.Name}: replicas are replaced in place, so a rollback has to start {old.Part} again."
        : next.Service.Keep > TimeSpan.Zero
            ? $"{next.Service.Name}: {old.Part} stays warm for {next.Service.Keep.Text}; until then a rollback is one switch."
        : $"{next.Service.Name}: {old.Part} is stopped after the promotion, so a rollback has to start it again.";

    private static string Cause(ReleasedService service) =>
        service.Service.Port is { } port ? $"it can only listen on port {port}" : "its strategy is recreate";
}
