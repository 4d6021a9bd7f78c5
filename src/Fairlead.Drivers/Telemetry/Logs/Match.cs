using System.Text.RegularExpressions;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>A filter made ready to be asked often. Not to be used by two threads at once.</summary>
internal sealed class Match
{
    private readonly Phrase? phrase;
    private readonly Regex? regex;
    private readonly List<(Matcher Matcher, Regex? Regex)> stream;
    private readonly Dictionary<Labels, bool> known = [];

    /// <exception cref="ProblemException">An expression cannot be read.</exception>
    public Match(LogFilter filter)
    {
        Filter = filter;
        phrase = Phrase.TryRead(filter.Text);
        regex = filter.Regex is { } pattern ? Read(pattern) : null;
        stream = [.. filter.Stream.Select(matcher => (matcher, RegexOf(matcher)))];
        var words = new HashSet<ulong>(phrase?.Whole ?? []);
        foreach (var (_, value) in filter.Fields)
        {
            Words.AddTo(words, value);
        }
        if (filter.TraceId is { } trace)
        {
            Words.AddTo(words, trace);
        }
        Needed = [.. words];
    }

    public LogFilter Filter { get; }

    /// <summary>Hashes of words that every record that fits must have.</summary>
    public IReadOnlyList<ulong> Needed { get; }

    /// <summary>Whether texts have to be read to tell who fits.</summary>
    public bool AsksForTexts =>
        phrase is not null || regex is not null || Filter.Fields.Count > 0 || Filter.TraceId is not null;

    public bool IsInTime(long at) => at >= Filter.From && at < Filter.To;

    public bool MayBeIn(Stretch times) => times.Last >= Filter.From && times.First < Filter.To;

    public bool MayBeIn(IReadOnlyList<Labels>? streams) => streams is null || streams.Any(Fits);

    public bool IsGraveEnough(Severity severity) => severity >= Filter.Severity;

    /// <summary>Whether a stream's labels are as they must be.</summary>
    public bool Fits(Labels labels)
    {
        if (stream.Count == 0)
        {
            return true;
        }
        if (!known.TryGetValue(labels, out var fits))
        {
            fits = stream.TrueForAll(one => Fits(one.Matcher, one.Regex, labels[one.Matcher.Name]));
            known[labels] = fits;
        }
        return fits;
    }

    public bool Fits(LogRecord record)
    {
        if (!IsInTime(record.At) || !IsGraveEnough(record.Severity) || !Fits(record.Stream))
        {
            return false;
        }
        if (Filter.TraceId is { } trace && trace != record.TraceId)
        {
            return false;
        }
        return (regex is null || regex.IsMatch(record.Body))
            && Filter.Fields.All(record.Fields.Contains)
            && (
                phrase is null
                || phrase.IsIn(record.Body)
                || record.Fields.Any(field => phrase.IsIn(field.Value))
                || (record.TraceId is { } id && phrase.IsIn(id))
            );
    }

    /// <summary>Whether a row's texts fit; that its columns do is known.</summary>
    public bool Fits(BlockTexts texts, int row)
    {
        if (Filter.TraceId is { } trace && trace != texts.Trace(row))
        {
            return false;
        }
        return (regex is null || regex.IsMatch(texts.Body(row)))
            && (Filter.Fields.Count == 0 || Filter.Fields.All(field => Has(texts, row, field)))
            && (phrase is null || phrase.IsIn(texts.Body(row)) || IsInFields(phrase, texts, row));
    }

    private static bool IsInFields(Phrase phrase, BlockTexts texts, int row)
    {
        for (var i = texts.Fields(row) - 1; i >= 0; i--)
        {
            if (phrase.IsIn(texts.Value(row, i)))
            {
                return true;
            }
        }
        return texts.Trace(row) is { } trace && phrase.IsIn(trace);
    }

    private static bool Has(BlockTexts texts, int row, LogField field)
    {
        for (var i = texts.Fields(row) - 1; i >= 0; i--)
        {
            if (texts.Name(row, i) == field.Name && texts.Value(row, i).SequenceEqual(field.Value))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Fits(Matcher matcher, Regex? regex, string value) =>
        matcher.Kind switch
        {
            MatchKind.Equal => value == matcher.Value,
            MatchKind.NotEqual => value != matcher.Value,
            MatchKind.Regex => regex!.IsMatch(value),
            _ => !regex!.IsMatch(value),
        };

    private static Regex? RegexOf(Matcher matcher) =>
        matcher.Kind is MatchKind.Regex or MatchKind.NotRegex ? Read($@"^(?s:{matcher.Value})\z") : null;

    private static Regex Read(string pattern)
    {
        const int LettersMax = 1_000;
        if (pattern.Length > LettersMax)
        {
            throw new ProblemException(
                LogProblems.WrongRegex(pattern[..20] + "...", $"It has more than {LettersMax} letters.")
            );
        }
        try
        {
            // Linear in the text whatever the pattern is, so that no pattern can hold the server.
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        }
        catch (Exception caught) when (caught is ArgumentException or NotSupportedException)
        {
            throw new ProblemException(LogProblems.WrongRegex(pattern, caught.Message), caught);
        }
    }
}

/// <summary>Words that stand one behind another; see <see cref="LogFilter.Text"/>.</summary>
internal sealed class Phrase
{
    private readonly string text;
    private readonly bool startsWord;
    private readonly bool endsWord;

    private Phrase(string text, bool isOpenBefore, bool isOpenBehind)
    {
        this.text = text;
        startsWord = !isOpenBefore && Words.IsPart(text[0]);
        endsWord = !isOpenBehind && Words.IsPart(text[^1]);
        Whole = WholeWords();
    }

    /// <summary>Hashes of the words that are known from end to end.</summary>
    public IReadOnlyList<ulong> Whole { get; }

    public static Phrase? TryRead(string? text)
    {
        var bare = text?.Trim('*');
        return string.IsNullOrEmpty(bare) ? null : new(bare, text!.StartsWith('*'), text.EndsWith('*'));
    }

    public bool IsIn(ReadOnlySpan<char> place)
    {
        var from = 0;
        while (place[from..].IndexOf(text, StringComparison.OrdinalIgnoreCase) is >= 0 and var found)
        {
            var (start, end) = (from + found, from + found + text.Length);
            if (
                (!startsWord || start == 0 || !Words.IsPart(place[start - 1]))
                && (!endsWord || end == place.Length || !Words.IsPart(place[end]))
            )
            {
                return true;
            }
            from = start + 1;
        }
        return false;
    }

    private List<ulong> WholeWords()
    {
        List<ulong> whole = [];
        for (var start = 0; start < text.Length; )
        {
            var end = start;
            while (end < text.Length && Words.IsPart(text[end]))
            {
                end++;
            }
            var isWhole = (start > 0 || startsWord) && (end < text.Length || endsWord);
            if (end > start && isWhole)
            {
                whole.Add(Words.Hash(text.AsSpan(start..end)));
            }
            start = end + 1;
        }
        return whole;
    }
}
