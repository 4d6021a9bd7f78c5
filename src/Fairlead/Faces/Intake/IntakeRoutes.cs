using Fairlead.Model.Ports;

namespace Fairlead.Faces.Intake;

/// <summary>Finds the intake for a method and a path.</summary>
internal sealed class IntakeRoutes
{
    private readonly Dictionary<string, List<Route>> byLength = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">Two intakes want the same.</exception>
    public IntakeRoutes(IEnumerable<IIntake> intakes)
    {
        foreach (var intake in intakes)
        {
            foreach (var text in intake.Routes)
            {
                Add(text, intake);
            }
        }
    }

    /// <param name="values">What stands for the names in the route.</param>
    /// <returns>Null when no intake answers this.</returns>
    public IIntake? Find(string method, string path, out IReadOnlyDictionary<string, string> values)
    {
        var words = Words(path);
        foreach (var route in byLength.GetValueOrDefault(KeyOf(method, words)) ?? [])
        {
            if (route.TryMatch(words, out values))
            {
                return route.Intake;
            }
        }
        values = Route.NoValues;
        return null;
    }

    /// <summary>Whether an intake answers this path by any method, for a browser's question before it sends.</summary>
    public IIntake? FindAny(string path) =>
        Find("POST", path, out _) ?? Find("PUT", path, out _) ?? Find("GET", path, out _);

    private void Add(string text, IIntake intake)
    {
        if (text.Split(' ') is not [var method, ['/', ..] path])
        {
            throw new ArgumentException($"'{text}' is no method and path.", nameof(text));
        }
        var words = Words(path);
        var key = KeyOf(method, words);
        if (!byLength.TryGetValue(key, out var list))
        {
            byLength[key] = list = [];
        }
        if (list.Any(one => one.Words.AsSpan().SequenceEqual(words)))
        {
            throw new ArgumentException($"Two intakes answer '{text}'.", nameof(text));
        }
        list.Add(new(words, intake));
        // A word that is said wins over one that stands for any.
        list.Sort((left, right) => left.Open.CompareTo(right.Open));
    }

    private static string KeyOf(string method, string[] words) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{method} {words.Length}");

    private static string[] Words(string path) => path.Trim('/').Split('/');

    private sealed record Route(string[] Words, IIntake Intake)
    {
        public static readonly IReadOnlyDictionary<string, string> NoValues = new Dictionary<string, string>();

        public int Open { get; } = Words.Count(IsOpen);

        public bool TryMatch(string[] asked, out IReadOnlyDictionary<string, string> values)
        {
            values = NoValues;
            Dictionary<string, string>? found = null;
            for (var i = 0; i < Words.Length; i++)
            {
                if (IsOpen(Words[i]))
                {
                    if (asked[i].Length == 0)
                    {
                        return false;
                    }
                    (found ??= [])[Words[i][1..^1]] = asked[i];
                }
                else if (!string.Equals(Words[i], asked[i], StringComparison.Ordinal))
                {
                    return false;
                }
            }
            values = found ?? values;
            return true;
        }

        private static bool IsOpen(string word) => word is ['{', .., '}'];
    }
}
