using System.Text.RegularExpressions;

namespace Fairlead.Engine.Guarding.Scanning.Versions;

/// <summary>Versions of Python's packages, by PEP 440: <c>1!2.0rc1.post2.dev3+local.4</c>.</summary>
internal sealed partial class PythonVersion
{
    private const int MatchMilliseconds = 1_000;

    private string Epoch { get; init; } = "0";

    private string[] Numbers { get; init; } = [];

    /// <summary>0 for dev alone, 1 a, 2 b, 3 rc, 4 for none.</summary>
    private int Stage { get; init; }

    private string StageNumber { get; init; } = "0";

    /// <summary>Null for none, which comes before any.</summary>
    private string? Post { get; init; }

    /// <summary>Null for none, which comes after any.</summary>
    private string? Dev { get; init; }

    private string[]? Local { get; init; }

    public static int? Compare(string left, string right) =>
        Read(left) is { } one && Read(right) is { } other ? one.CompareTo(other) : null;

    private int CompareTo(PythonVersion other)
    {
        int[] orders =
        [
            VersionOrder.Numbers(Epoch, other.Epoch),
            Rows(Numbers, other.Numbers),
            Stage.CompareTo(other.Stage),
            VersionOrder.Numbers(StageNumber, other.StageNumber),
            Maybe(Post, other.Post, noneIs: -1),
            Maybe(Dev, other.Dev, noneIs: 1),
            Locals(Local, other.Local),
        ];
        return orders.FirstOrDefault(static order => order != 0);
    }

    private static PythonVersion? Read(string text)
    {
        if (Shape().Match(text.ToLowerInvariant()) is not { Success: true } match)
        {
            return null;
        }
        string? Of(string name) => match.Groups[name] is { Success: true, Value: var value } ? value : null;
        var (pre, dev) = (Of("pre"), Of("isdev") is null ? null : Number(Of("dev")));
        var post = Of("post1") ?? (Of("ispost") is null ? null : Number(Of("post")));
        return new()
        {
            Epoch = Of("epoch") ?? "0",
            Numbers = Of("numbers")!.Split('.'),
            Stage = pre switch
            {
                null => dev is not null && post is null ? 0 : 4,
                "a" or "alpha" => 1,
                "b" or "beta" => 2,
                _ => 3,
            },
            StageNumber = Number(Of("prenumber")),
            Post = post,
            Dev = dev,
            Local = Of("local")?.Split('.', '-', '_'),
        };
    }

    private static string Number(string? text) => text is null or "" ? "0" : text;

    private static int Rows(string[] left, string[] right)
    {
        for (var at = 0; at < Math.Max(left.Length, right.Length); at++)
        {
            var order = VersionOrder.Numbers(left.ElementAtOrDefault(at), right.ElementAtOrDefault(at));
            if (order != 0)
            {
                return order;
            }
        }
        return 0;
    }

    private static int Maybe(string? left, string? right, int noneIs) =>
        (left, right) switch
        {
            (null, null) => 0,
            (null, _) => noneIs,
            (_, null) => -noneIs,
            _ => VersionOrder.Numbers(left, right),
        };

    private static int Locals(string[]? left, string[]? right)
    {
        if (left is null || right is null)
        {
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        }
        for (var at = 0; at < Math.Min(left.Length, right.Length); at++)
        {
            var (one, other) = (left[at], right[at]);
            var order = (VersionOrder.IsNumber(one), VersionOrder.IsNumber(other)) switch
            {
                (true, true) => VersionOrder.Numbers(one, other),
                (true, false) => 1,
                (false, true) => -1,
                _ => Math.Sign(string.CompareOrdinal(one, other)),
            };
            if (order != 0)
            {
                return order;
            }
        }
        return left.Length.CompareTo(right.Length);
    }

    [GeneratedRegex(
        """
            ^v?((?<epoch>[0-9]+)!)?(?<numbers>[0-9]+([.][0-9]+)*)
            ([-_.]?(?<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<prenumber>[0-9]*))?
            ((-(?<post1>[0-9]+))|([-_.]?(?<ispost>post|rev|r)[-_.]?(?<post>[0-9]*)))?
            ([-_.]?(?<isdev>dev)[-_.]?(?<dev>[0-9]*))?
            ([+](?<local>[a-z0-9]+([-_.][a-z0-9]+)*))?$
            """,
        RegexOptions.ExplicitCapture
            | RegexOptions.CultureInvariant
            | RegexOptions.IgnorePatternWhitespace
            | RegexOptions.NonBacktracking,
        MatchMilliseconds
    )]
    private static partial Regex Shape();
}
