using Fairlead.Model.Apps;

namespace Fairlead.Engine.Guarding.Secrets;

/// <summary>
/// What becomes of a secret's versions. A version lives as long as it is the newest, or a release that is live, kept warm or on its
/// way was made with it: so at a rotation two are live, and none longer than somebody may be started with it.
/// </summary>
public static class SecretLife
{
    /// <summary>Versions remembered by name after their value is gone.</summary>
    private const int RetiredMax = 100;

    /// <summary>The number that the next version has.</summary>
    public static int NextNumber(SecretRecord record) => record.Versions is [.., var last] ? last.Number + 1 : 1;

    /// <summary>With one more version, which is the newest from now on.</summary>
    public static SecretRecord With(SecretRecord record, KeptVersion version) =>
        record with
        {
            Versions =
            [
                .. record.Versions.Where(one => one.IsLive || one.Number > version.Number - RetiredMax),
                version,
            ],
        };

    /// <summary>Live versions that nobody can be started with any more.</summary>
    /// <param name="inUse">Numbers that releases which are live, warm or on their way were made with.</param>
    public static IReadOnlyList<KeptVersion> Spent(SecretRecord record, IReadOnlySet<int> inUse) =>
        [.. record.Versions.SkipLast(1).Where(one => one.IsLive && !inUse.Contains(one.Number))];

    /// <summary>With a version's value gone.</summary>
    public static SecretRecord Retired(SecretRecord record, int number, DateTimeOffset at) =>
        record with
        {
            Versions =
            [
                .. record.Versions.Select(one =>
                    one.Number == number ? one with { Sealed = null, RetiredAt = at } : one
                ),
            ],
        };

    /// <summary>The version that a start gets which was planned with another: that one while it lives, else the newest.</summary>
    public static KeptVersion? For(SecretRecord record, int planned) =>
        record.Find(planned) is { IsLive: true } same ? same : record.Newest;

    /// <summary>What differs between two sets of secrets, by names alone.</summary>
    public static IEnumerable<string> Differences(IReadOnlyList<SecretUse>? before, IReadOnlyList<SecretUse>? after)
    {
        var old = (before ?? []).ToDictionary(one => one.Variable);
        var next = (after ?? []).ToDictionary(one => one.Variable);
        foreach (var name in old.Keys.Union(next.Keys).Order(StringComparer.Ordinal))
        {
            switch (old.GetValueOrDefault(name), next.GetValueOrDefault(name))
            {
                case (null, _):
                    yield return $"secret {name} added";
                    break;
                case (_, null):
                    yield return $"secret {name} removed";
                    break;
                case var (one, other) when one!.Secret != other!.Secret: // The cases above took null.
                    yield return $"secret {name} comes from {other.Secret}, not from {one.Secret}";
                    break;
                case var (one, other) when one!.IsFile != other!.IsFile:
                    yield return other.IsFile ? $"secret {name} is a file now" : $"secret {name} is a variable now";
                    break;
                case var (one, other) when one!.Version != other!.Version:
                    yield return $"secret {name}: version {one.Version} -> {other.Version}";
                    break;
            }
        }
    }
}
